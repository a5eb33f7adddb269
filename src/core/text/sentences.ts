/** Sentence boundaries as offsets: `sentencex` proposes, a few rules of our own decide. Pure. */
import segment from 'sentencex';
import type { TextRange } from '../document/segment.ts';
import { findLanguage } from './languages.ts';

/** `sentencex` is quadratic in its input, so long texts go to it in windows of this many UTF-16 units. */
const window = 2048;

/** Text that can hold one sentence only: nothing that ends a sentence but the last character. */
const plainlyOne = /^[\p{L}\p{N} ,;:'’\-–—()]*[.!?。！？]?$/u;

const closers = /^["'”’»›」』）)\]】》〉]+/u;

/**
 * The sentences of a text as ranges in order, without the white space between them. What lies outside the ranges is white
 * space only. `whole` are ranges that are never cut; a sentence that ends before the closing marks of one takes them along.
 * Linear in the text's length.
 *
 * `sentencex` drops spaces and returns strings, so its answer is used as a list of boundaries only. A boundary after `.`,
 * `!` or `?` counts only before white space, a closing mark or a script that writes without spaces: `Node.JS` stays whole.
 */
export function sentenceRanges(text: string, language: string, whole: readonly TextRange[] = []): readonly TextRange[] {
  const cuts = plainlyOne.test(text) ? [] : boundaries(text, language);
  const outer = outermost(whole);
  const ranges: TextRange[] = [];
  let start = 0;
  let next = 0;
  for (const boundary of [...cuts, text.length]) {
    while ((outer[next]?.end ?? text.length) <= boundary && next < outer.length) next++;
    const cut = boundary === text.length ? boundary : endOfSentence(text, boundary, outer[next]);
    const range = cut === undefined || cut <= start ? undefined : trimmed(text, start, cut);
    if (range === undefined || cut === undefined) continue;
    ranges.push(range);
    start = cut;
  }
  return ranges;
}

/** A range without the white space at its ends; undefined when nothing is left. */
export function trimmed(text: string, start: number, end: number): TextRange | undefined {
  const slice = text.slice(start, end);
  const from = start + slice.length - slice.trimStart().length;
  const to = start + slice.trimEnd().length;
  return from < to ? { start: from, end: to } : undefined;
}

function boundaries(text: string, language: string): readonly number[] {
  const code = findLanguage(language)?.code ?? 'en';
  const cuts: number[] = [];
  let at = 0;
  while (at < text.length) {
    const slice = text.slice(at, at + window);
    const last = at + window >= text.length;
    // The last piece of a window may go on in the next one.
    const inner = piecesOf(slice, code).slice(0, -1);
    cuts.push(...inner.map((cut) => at + cut));
    if (last) break;
    at += inner.at(-1) ?? window;
  }
  return cuts;
}

/** Ends of the sentences in a short text; the Unicode rules (UAX 29) stand in where `sentencex` fails or finds none. */
function piecesOf(slice: string, code: string): readonly number[] {
  const text = slice.replace(/[\r\n]/gu, ' ');
  const cuts: number[] = [];
  let at = 0;
  for (const piece of sentencexPieces(text, code)) {
    const sentence = piece.trim();
    if (sentence === '') continue;
    const found = text.indexOf(sentence, at);
    if (found < 0) return unicodePieces(text, code);
    at = found + sentence.length;
    cuts.push(at);
  }
  return cuts.length <= 1 && text.length >= window ? unicodePieces(text, code) : cuts;
}

function sentencexPieces(text: string, code: string): readonly string[] {
  try {
    return segment(code, text);
  } catch {
    return [];
  }
}

function unicodePieces(text: string, code: string): readonly number[] {
  const segmenter = new Intl.Segmenter(code, { granularity: 'sentence' });
  return [...segmenter.segment(text)].map(({ index, segment: piece }) => index + piece.trimEnd().length);
}

/** Where a sentence with a boundary at `cut` ends, closing marks included; undefined where it must not end. */
function endOfSentence(text: string, cut: number, whole: TextRange | undefined): number | undefined {
  const end = cut + (closers.exec(text.slice(cut, cut + 8))?.[0].length ?? 0);
  if (whole !== undefined && whole.start < end && end < whole.end) {
    return /[\p{L}\p{N}\s]/u.test(text.slice(end, whole.end)) ? undefined : whole.end;
  }
  return isFree(text, end) ? end : undefined;
}

/** Ranges that lie in no other, in order; those that overlap become one. */
function outermost(ranges: readonly TextRange[]): readonly TextRange[] {
  const result: TextRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || range.start >= last.end) result.push(range);
    else if (range.end > last.end) result[result.length - 1] = { start: last.start, end: range.end };
  }
  return result;
}

/** Whether a sentence may end at an offset, judged by the characters on both sides. */
function isFree(text: string, cut: number): boolean {
  const before = text.slice(Math.max(0, cut - 8), cut).replace(/["'”’»›」』）)\]】》〉]+$/u, '');
  const after = text.slice(cut, cut + 64);
  if (!/[.!?]$/u.test(before)) return true;
  if (/\.\.+$/u.test(before) && /^\s*\p{Ll}/u.test(after)) return false;
  return /^(?:$|\s|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}「『（])/u.test(after);
}
