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
  #byId: ReadonlyMap<string, Repeating> | undefined;
  #same: ReadonlyMap<string, readonly Repeating[]> | undefined;
  #numbered: ReadonlyMap<string, readonly Repeating[]> | undefined;
  #index: MemoryIndex | undefined;

  constructor(segments: readonly Repeating[]) {
    this.#segments = segments;
  }

  /** The repeats of a segment that its translation fits, in document order; without those whose placeholders it would lose. */
  same(segment: string, translation: string): readonly Fill[] {
    const origin = this.#find(segment);
    if (origin === undefined) return [];
    this.#same ??= grouped(this.#segments, repeatKey);
    const others = (this.#same.get(repeatKey(origin)) ?? []).filter(({ id }) => id !== segment);
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
    const alike = [...this.#numberedAlike(origin), ...this.#similar(origin.source, least)];
    const others = [...new Map(alike.map((other) => [other.id, other])).values()].filter((other) => repeatKey(other) !== key);
    const found = others.flatMap((other) => nearFill(translation, origin, other) ?? []);
    const wanted = found.filter(({ score, numbersOnly }) => numbersOnly || score >= least);
    return wanted.sort((a, b) => Number(b.numbersOnly) - Number(a.numbersOnly) || b.score - a.score).slice(0, nearAtMost);
  }

  #find(segment: string): Repeating | undefined {
    this.#byId ??= new Map(this.#segments.map((one) => [one.id, one]));
    return this.#byId.get(segment);
  }

  #numberedAlike(origin: Repeating): readonly Repeating[] {
    this.#numbered ??= grouped(this.#segments, (other) => withoutNumbers(repeatKey(other)));
    return this.#numbered.get(withoutNumbers(repeatKey(origin))) ?? [];
  }

  #similar(source: string, least: number): readonly Repeating[] {
    this.#index ??= indexOf(this.#segments);
    return this.#index.search(source, { count: nearAtMost, least }).flatMap(({ unit }) => this.#segments[unit] ?? []);
  }
}

/** What repeats of each other have in common. */
function repeatKey(segment: Repeating): string {
  const { plural = 'other', branch } = segment.unit ?? {};
  const forms = branch?.path.filter(({ kind }) => kind !== 'select').map(({ name }) => name) ?? [plural];
  return `${forms.every((form) => form === 'other') ? '' : `${forms.join(' ')}\u0000`}${comparable(maskSegment(segment).text)}`;
}

function grouped(segments: readonly Repeating[], keyOf: (segment: Repeating) => string): ReadonlyMap<string, readonly Repeating[]> {
  const groups = new Map<string, Repeating[]>();
  for (const segment of segments) {
    const key = keyOf(segment);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [segment]);
    else group.push(segment);
  }
  return groups;
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
