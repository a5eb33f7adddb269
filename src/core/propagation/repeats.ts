/** Segments of one document that say the same as another, or nearly, and its translation in their places. Pure. */
import { inspectCandidate, maskSegment, unmask, type MaskedText } from '../document/placeholders.ts';
import type { Segment } from '../document/segment.ts';
import { markCodes } from '../memory/fit.ts';
import { IndexBuilder } from '../memory/indexBuilder.ts';
import { MemoryIndex } from '../memory/memoryIndex.ts';
import { comparable, sourceScore } from '../memory/score.ts';
import { withNumbersOf, withoutNumbers } from './numbers.ts';

/** A translation for another place. */
export interface Fill {
  readonly segment: string;
  /** With the segment's own placeholders. */
  readonly text: string;
}

export interface NearFill extends Fill {
  /** How alike the sources are, 0 to 99. */
  readonly score: number;
  /** The sources differ in nothing but numbers, and the text has the segment's own. */
  readonly numbersOnly: boolean;
}

type Repeating = Pick<Segment, 'id' | 'source' | 'protectedSpans' | 'kind' | 'unit'>;

/** Near repeats that are looked for at most: nobody confirms more of them at once. */
const nearAtMost = 200;

/**
 * The repeats among a document's segments: sources that are the same on one line in NFC, as in the translation memory, with
 * their inline codes all alike. Plural forms that the target language has and the source has not share one source, but not a
 * translation: they are near repeats. Indexes are made when they are first asked for: linear in the document.
 */
export class Repeats {
  readonly #segments: readonly Repeating[];
  readonly #byId: HashedKeys;
  readonly #same: HashedKeys;
  readonly #numbered: HashedKeys;
  #index: MemoryIndex | undefined;

  constructor(segments: readonly Repeating[]) {
    this.#segments = segments;
    const keys = (keyOf: (segment: Repeating) => string): HashedKeys => new HashedKeys(segments, keyOf);
    this.#byId = keys(({ id }) => id);
    this.#same = keys(repeatKey);
    this.#numbered = keys(numberedKey);
  }

  /** The repeats of a segment that its translation fits, in document order; without those whose placeholders it would lose. */
  same(segment: string, translation: string): readonly Fill[] {
    const origin = this.#find(segment);
    if (origin === undefined) return [];
    const others = this.#same.with(repeatKey(origin)).filter(({ id }) => id !== segment);
    return others.flatMap((other) => {
      const text = fitted(translation, origin, other);
      return text === undefined ? [] : [{ segment: other.id, text }];
    });
  }

  /** Segments whose source has at least this score, or differs in numbers alone, and that are no repeats; best first. */
  near(segment: string, translation: string, least: number): readonly NearFill[] {
    const origin = this.#find(segment);
    if (origin === undefined) return [];
    const key = repeatKey(origin);
    const alike = [...this.#numbered.with(numberedKey(origin)), ...this.#similar(origin.source, least)];
    const others = [...new Map(alike.map((other) => [other.id, other])).values()].filter((other) => repeatKey(other) !== key);
    const found = others.flatMap((other) => nearFill(translation, origin, other) ?? []);
    const wanted = found.filter(({ score, numbersOnly }) => numbersOnly || score >= least);
    return wanted.sort((a, b) => Number(b.numbersOnly) - Number(a.numbersOnly) || b.score - a.score).slice(0, nearAtMost);
  }

  #find(segment: string): Repeating | undefined {
    return this.#byId.with(segment)[0];
  }

  #similar(source: string, least: number): readonly Repeating[] {
    this.#index ??= indexOf(this.#segments);
    return this.#index.search(source, { count: nearAtMost, least }).flatMap(({ unit }) => this.#segments[unit] ?? []);
  }
}

/**
 * Segments by a key, of which only a hash is kept: the keys of a long document take more memory than its text, and to look
 * through a million numbers takes a millisecond.
 */
class HashedKeys {
  readonly #segments: readonly Repeating[];
  readonly #keyOf: (segment: Repeating) => string;
  #hashes: Int32Array | undefined;

  constructor(segments: readonly Repeating[], keyOf: (segment: Repeating) => string) {
    this.#segments = segments;
    this.#keyOf = keyOf;
  }

  /** Those with a key, in document order. */
  with(key: string): readonly Repeating[] {
    const hashes = this.#hashes ??= Int32Array.from(this.#segments, (segment) => hashOf(this.#keyOf(segment)));
    const hash = hashOf(key);
    const found: Repeating[] = [];
    for (let at = hashes.indexOf(hash); at !== -1; at = hashes.indexOf(hash, at + 1)) {
      const segment = this.#segments[at];
      if (segment !== undefined && this.#keyOf(segment) === key) found.push(segment);
    }
    return found;
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash;
}

function numberedKey(segment: Repeating): string {
  return withoutNumbers(repeatKey(segment));
}

/** What repeats of each other have in common. */
function repeatKey(segment: Repeating): string {
  const { plural = 'other', branch } = segment.unit ?? {};
  const forms = branch?.path.filter(({ kind }) => kind !== 'select').map(({ name }) => name) ?? [plural];
  return `${forms.every((form) => form === 'other') ? '' : `${forms.join(' ')}\u0000`}${comparable(maskSegment(segment).text)}`;
}

function indexOf(segments: readonly Repeating[]): MemoryIndex {
  const builder = new IndexBuilder();
  for (const { source } of segments) builder.add(source);
  return new MemoryIndex(builder.finish());
}

/** The translation with the codes of `to` in the places of those of `from`; undefined where one would be lost or left over. */
function fitted(translation: string, from: Repeating, to: Repeating): string | undefined {
  if (from.source === to.source) return translation;
  const [there, here] = [maskSegment(from), maskSegment(to)];
  return there.spans.length === here.spans.length ? restored(markCodes(translation, there.spans), here, to) : undefined;
}

function nearFill(translation: string, from: Repeating, to: Repeating): NearFill | undefined {
  const [there, here] = [maskSegment(from), maskSegment(to)];
  if (there.spans.length !== here.spans.length) return undefined;
  const text = markCodes(translation, there.spans);
  const renumbered = withNumbersOf(text, comparable(there.text), comparable(here.text));
  const fit = restored(renumbered ?? text, here, to);
  return fit === undefined ? undefined : { segment: to.id, text: fit, score: Math.min(99, sourceScore(from.source, to.source)), numbersOnly: renumbered !== undefined && there.text !== here.text };
}

function restored(text: string, masked: MaskedText, { source }: Repeating): string | undefined {
  const { text: result, issues } = unmask(text, masked);
  return issues.length + inspectCandidate(result, source).length === 0 ? result : undefined;
}
