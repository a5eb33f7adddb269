/** A translated file that somebody returned with changes, text by text beside the document that it translates. Pure. */
import { diffArrays } from 'diff';
import { blocksOf } from './blockPairs.ts';
import { placeOf } from './place.ts';
import { reattach } from './segmentId.ts';
import type { ParsedDocument, Segment } from './segment.ts';
import { byKey, isAbsent, translationIn } from './unitTarget.ts';

/** Why a text has no counterpart. */
export type UnalignedReason =
  /** The document has no segment of this key. */
  | 'unknownKey'
  /** Under the same key stands another source. */
  | 'otherSource'
  /** The returned file lacks it. */
  | 'missing'
  /** A block that the document does not have. */
  | 'added'
  /** A block with another number of sentences. */
  | 'sentences'
  /** It has no translation there, but one here; told by who knows what stands here. */
  | 'untranslated';

export interface Unaligned {
  readonly reason: UnalignedReason;
  /** A key, or a line: of the document for what is missing, else of the returned file. */
  readonly place: string;
  readonly text: string;
}

export interface Revision {
  /** By segment of the document, as people read them; '' where the returned file has no translation. */
  readonly texts: ReadonlyMap<string, string>;
  /** In the order of the files: what the document has, then what only the returned file has. */
  readonly unaligned: readonly Unaligned[];
}

export interface KeyedRevision {
  readonly document: ParsedDocument;
  readonly returned: ParsedDocument;
  readonly bilingual: boolean;
  /** The translation as it is here, for a file that is not the document itself: entries of its own are nothing new. */
  readonly current?: ParsedDocument | undefined;
}

/**
 * Resources and bilingual files: by key, where the sources agree; what is left of a bilingual file by its sources (an LCS with
 * neighbours, as `reattach`), since some tools number units anew. A source that stands in a monolingual file is no translation. O(n).
 */
export function alignByKeys({ document, returned, bilingual, current }: KeyedRevision): Revision {
  const there = byKey(returned);
  const texts = new Map<string, string>();
  const used = new Set<Segment>();
  const take = (segment: Segment, found: Segment): void => {
    const text = translationIn(found, bilingual);
    used.add(found);
    texts.set(segment.id, !bilingual && text === segment.source ? '' : text);
  };
  const left: Segment[] = [];
  for (const segment of document.segments) {
    const found = there.get(segment.unit?.key ?? '');
    if (found === undefined || isAbsent(found) || (bilingual && found.source !== segment.source)) left.push(segment);
    else take(segment, found);
  }
  if (bilingual) pairBySource(left, returned.segments.filter((segment) => !used.has(segment)), take);
  const lost = left.filter(({ id }) => !texts.has(id)).map((segment): Unaligned => {
    const found = there.get(segment.unit?.key ?? '');
    return { reason: found === undefined || isAbsent(found) ? 'missing' : 'otherSource', place: placeIn(segment), text: segment.source };
  });
  const keys = new Set(document.segments.map(({ unit }) => unit?.key));
  const known = current === undefined ? new Map<string, Segment>() : byKey(current);
  const foreign = returned.segments.filter((segment) => !used.has(segment) && !keys.has(segment.unit?.key) && !isAbsent(segment)
    && known.get(segment.unit?.key ?? '')?.source !== segment.source);
  return { texts, unaligned: [...lost, ...foreign.map((segment): Unaligned => ({ reason: 'unknownKey', place: placeIn(segment), text: translationIn(segment, bilingual) || segment.source }))] };
}

function pairBySource(left: readonly Segment[], free: readonly Segment[], take: (segment: Segment, found: Segment) => void): void {
  const here = new Map(left.map((segment) => [segment.id, segment]));
  const ids = reattach(free, left);
  for (const found of free) {
    const segment = here.get(ids.get(found.id) ?? '');
    if (segment !== undefined) take(segment, found);
  }
}

function placeIn({ unit, id }: Segment): string {
  return (unit?.key ?? id).replaceAll('\u0004', ' / ').replaceAll('\u0000', ' / ');
}

export interface TextRevision {
  readonly document: ParsedDocument;
  /** Each segment's text in the translation as it is here; '' for one whose text stands with the one before it. */
  readonly expected: ReadonlyMap<string, string>;
  readonly returned: ParsedDocument;
}

/** What is compared of a block: of the translation here, or of the returned file. */
interface Block {
  readonly text: string;
  readonly kind: string;
  /** Of the document (without those that have no text of their own), or of the returned file. */
  readonly segments: readonly Segment[];
}

/**
 * Running text: blocks that read the same on both sides are anchors (an LCS); between two anchors blocks are paired in order
 * where they are as many, else by how much of their text they share. In a pair, sentences are taken one by one where both
 * sides have as many; a block that is one segment's alone goes to it whole. O(n + d²) for d changed blocks, and O(a · b) in a
 * stretch of a and b changed ones.
 */
export function alignText({ document, expected, returned }: TextRevision): Revision {
  const here = blocksOf(document).map((segments): Block => {
    const spoken = segments.filter(({ id }) => expected.get(id) !== '');
    return { text: spoken.map(({ id }) => expected.get(id) ?? '').join('\n'), kind: segments[0]?.kind ?? '', segments: spoken };
  });
  const there = blocksOf(returned).map((segments): Block => ({ text: segments.map(({ source }) => source).join('\n'), kind: segments[0]?.kind ?? '', segments }));
  const texts = new Map<string, string>();
  const lost: Unaligned[] = [];
  const added: Unaligned[] = [];
  for (const [left, right] of pairBlocks(here, there)) {
    if (left === undefined) added.push({ reason: 'added', place: lineOf(returned, right), text: wholeText(returned, right) });
    else if (right === undefined) lost.push({ reason: 'missing', place: lineOf(document, left), text: left.text });
    else if (left.segments.length === 1) left.segments.forEach(({ id }) => texts.set(id, wholeText(returned, right)));
    else if (left.segments.length === right.segments.length) left.segments.forEach(({ id }, index) => texts.set(id, right.segments[index]?.source ?? ''));
    else added.push({ reason: 'sentences', place: lineOf(returned, right), text: wholeText(returned, right) });
  }
  return { texts, unaligned: [...lost, ...added] };
}

function wholeText({ text }: ParsedDocument, { segments }: Block): string {
  return text.slice(segments[0]?.range.start, segments.at(-1)?.range.end);
}

function lineOf({ text }: ParsedDocument, { segments }: Block): string {
  return String(placeOf(text, segments[0]?.range.start ?? 0).line);
}

type BlockPair = readonly [here: Block, there: Block] | readonly [here: Block, there: undefined] | readonly [here: undefined, there: Block];

/** In order where nothing says that blocks came or went: an LCS may pair a repeat with another one of its kind. */
function pairBlocks(here: readonly Block[], there: readonly Block[]): readonly BlockPair[] {
  const anchored = pairByAnchors(here, there);
  const equal = (pairs: readonly BlockPair[]): number => pairs.filter(([left, right]) => left?.text === right?.text).length;
  if (!sameKinds(here, there)) return anchored;
  const ordered = inOrder(here, there);
  return equal(ordered) >= equal(anchored) ? ordered : anchored;
}

function sameKinds(left: readonly Block[], right: readonly Block[]): boolean {
  return left.length === right.length && left.every(({ kind }, index) => kind === right[index]?.kind);
}

function inOrder(left: readonly Block[], right: readonly Block[]): readonly BlockPair[] {
  return left.map((block, index) => [block, right[index]] as BlockPair); // they are as many
}

function pairByAnchors(here: readonly Block[], there: readonly Block[]): readonly BlockPair[] {
  const pairs: BlockPair[] = [];
  let left: Block[] = [];
  let right: Block[] = [];
  let [i, j] = [0, 0];
  for (const { added, removed, count } of diffArrays(here.map(({ text }) => text), there.map(({ text }) => text))) {
    if (removed) left = here.slice(i, i + count);
    else if (added) right = there.slice(j, j + count);
    else {
      pairs.push(...pairStretch(left, right), ...inOrder(here.slice(i, i + count), there.slice(j, j + count)));
      [left, right] = [[], []];
    }
    if (!added) i += count;
    if (!removed) j += count;
  }
  return [...pairs, ...pairStretch(left, right)];
}

/** Beyond this many pairs a stretch is paired in order alone. */
const maxTable = 250_000;

function pairStretch(left: readonly Block[], right: readonly Block[]): readonly BlockPair[] {
  if (sameKinds(left, right)) return inOrder(left, right);
  if (left.length * right.length > maxTable || left.length * right.length === 0) return [...left.map((block): BlockPair => [block, undefined]), ...right.map((block): BlockPair => [undefined, block])];
  return walkBack(left, right, table(left, right));
}

/** A heading is rather another wording of a heading than gone: there are few of them. */
const headings = 0.1;

/** Gain of pairing the first i and j blocks, row by row (Needleman and Wunsch 1970, without gap costs). */
function table(left: readonly Block[], right: readonly Block[]): readonly Float64Array[] {
  const grams = right.map(({ text }) => pairsOfCharacters(text));
  const rows = [new Float64Array(right.length + 1)];
  for (const [i, block] of left.entries()) {
    const above = rows[i] ?? new Float64Array(0);
    const row = new Float64Array(right.length + 1);
    const own = pairsOfCharacters(block.text);
    right.forEach(({ kind }, j) => {
      const gain = kind === block.kind ? shared(own, grams[j] ?? new Set()) + (kind === 'heading' ? headings : 0) : 0;
      row[j + 1] = Math.max((above[j] ?? 0) + gain, above[j + 1] ?? 0, row[j] ?? 0);
    });
    rows.push(row);
  }
  return rows;
}

function walkBack(left: readonly Block[], right: readonly Block[], rows: readonly Float64Array[]): readonly BlockPair[] {
  const pairs: BlockPair[] = [];
  let [i, j] = [left.length, right.length];
  while (i > 0 || j > 0) {
    const [here, there] = [left[i - 1], right[j - 1]];
    const best = rows[i]?.[j];
    if (here !== undefined && (there === undefined || best === rows[i - 1]?.[j])) {
      pairs.push([here, undefined]);
      i--;
    } else if (there !== undefined && (here === undefined || best === rows[i]?.[j - 1])) {
      pairs.push([undefined, there]);
      j--;
    } else if (here !== undefined && there !== undefined) {
      pairs.push([here, there]);
      i--;
      j--;
    }
  }
  return pairs.reverse();
}

function pairsOfCharacters(text: string): ReadonlySet<string> {
  const characters = [...text.replace(/\s+/gu, '')];
  return new Set(characters.slice(1).map((character, index) => (characters[index] ?? '') + character));
}

/** Dice's coefficient; 0 where so little is shared that it is chance. */
function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 0;
  const share = (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
  return share < 0.2 ? 0 : share;
}
