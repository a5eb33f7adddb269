/** What a memory compares: tokens as 32-bit hashes, inline codes all alike. Pure. */
import { inlineSpans } from '../document/inlineSpans.ts';
import type { ProtectedSpan } from '../document/segment.ts';

/** Markers of Markdown and the marks of masked texts; what resources hold is found by `inlineSpans`. */
const markers = /⟦\d+⟧|\*\*|__|~~|`[^`\n]*`|!?\[(?=[^\][]*\]\()|\]\([^()\s]*(?:\s"[^"]*")?\)/gu;
const mayHoldMarkers = /[⟦*_~`[\]]/u;

/** Inline codes of a text by their form, in order: its unit may come from another file, so its codec is not asked. Linear. */
export function codesIn(text: string): readonly ProtectedSpan[] {
  const given = mayHoldMarkers.test(text)
    ? [...text.matchAll(markers)].map(({ index, 0: code }): ProtectedSpan => ({ range: { start: index, end: index + code.length }, kind: 'placeholder' }))
    : [];
  return inlineSpans(text, given);
}

const SPACE = 0;
const WORD = 1;
/** Scripts written without spaces, and Hangul with its many endings: each character is a token. */
const CHARACTER = 2;
const SYMBOL = 3;

let table: Uint8Array | undefined;

/** Class of every UTF-16 unit, made on first use. */
function classes(): Uint8Array {
  if (table !== undefined) return table;
  const made = new Uint8Array(65536).fill(SYMBOL);
  const character = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}々ー]/u;
  for (let code = 0; code < 65536; code++) {
    const text = String.fromCharCode(code);
    if (/\s/u.test(text)) made[code] = SPACE;
    else if (character.test(text)) made[code] = CHARACTER;
    else if (/[\p{L}\p{M}\p{N}]/u.test(text)) made[code] = WORD;
  }
  table = made;
  return made;
}

/** Of every inline code. */
const CODE = 0x9e3779b0;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Hashes of a text's tokens, never 0, odd for characters of scripts without spaces and even for all else: words in lower case, characters of scripts without spaces, signs one by one, each
 * inline code as the same token. Full and half width are alike (NFKC). Two tokens share a hash by accident once in 2 billion
 * pairs, so what a search finds is compared as text at the end. Linear, without a string a token.
 */
export function memoryTokens(text: string): Uint32Array {
  const codes = codesIn(text);
  const hashes: number[] = [];
  let at = 0;
  for (const { range } of codes) {
    appendTokens(text.slice(at, range.start), hashes);
    if (text.slice(range.start, range.end).trim() !== '') hashes.push(CODE);
    at = range.end;
  }
  appendTokens(at === 0 ? text : text.slice(at), hashes);
  return Uint32Array.from(hashes);
}

function appendTokens(piece: string, into: number[]): void {
  const text = piece.normalize('NFKC').toLowerCase();
  const kinds = classes();
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = kinds[code] ?? SYMBOL;
    if (kind === WORD || (hash !== 0 && isApostrophe(code) && kinds[text.charCodeAt(i + 1)] === WORD)) {
      hash = Math.imul((hash === 0 ? FNV_START : hash) ^ (code === 0x2019 ? 0x27 : code), FNV_PRIME);
      continue;
    }
    if (hash !== 0) into.push(wordHash(hash));
    hash = 0;
    if (kind === SPACE) continue;
    let own = Math.imul(FNV_START ^ code, FNV_PRIME);
    if (code >= 0xd800 && code < 0xdc00) own = Math.imul(own ^ text.charCodeAt(++i), FNV_PRIME);
    into.push(kind === CHARACTER ? characterHash(own) : wordHash(own));
  }
  if (hash !== 0) into.push(wordHash(hash));
}

function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019;
}

/** The last step of MurmurHash3: FNV alone leaves short tokens close together. */
function finished(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

function wordHash(hash: number): number {
  const even = (finished(hash) & ~1) >>> 0;
  return even === 0 ? 2 : even;
}

function characterHash(hash: number): number {
  return (finished(hash) | 1) >>> 0;
}

/**
 * What posting lists are kept for, one a token: the token itself, or, for a character that another one follows, the pair. A
 * single character stands in too many texts to search by. Never 0.
 */
export function features(tokens: Uint32Array): Uint32Array {
  return tokens.map((token, index) => {
    const next = tokens[index + 1] ?? 0;
    return (token & 1) === 1 && (next & 1) === 1 ? wordHash(Math.imul(token, 0x9e3779b1) ^ next) : token;
  });
}
