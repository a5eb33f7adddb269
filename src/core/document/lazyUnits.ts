/**
 * Segments of a large file that is read unit by unit, when somebody looks: opening it takes the places of its units, kept as
 * numbers, and most are looked at much later. Pure.
 */
import { segmentIds } from './segmentId.ts';
import type { ProtectedSpan, Segment, SegmentKind, SegmentText, TextRange, UnitData } from './segment.ts';
import { hasLetter, KnownCodes, readUnit, type ReadUnit, type Unit } from './units.ts';

/** Where a unit stands in the file, and the element that it is read from. All offsets. */
export interface UnitPlace {
  /** The slot. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Where the tag of the element begins that says all about the unit, and where its closing tag does. */
  readonly from: number;
  readonly to: number;
  /** Which `<file>` it is in, from 1, and which part of its element it is, from 0. */
  readonly file: number;
  readonly part: number;
}

const columns = 6;

/** Segments in document order, without those that nothing is to be translated in. */
export class LazyUnits {
  readonly segments: Segment[] = [];
  readonly #readPlace: (place: UnitPlace) => Unit;
  readonly #codes = new KnownCodes();
  #places = new Int32Array(64 * columns);
  #ids: readonly string[] | undefined;

  /** @param readPlace what the unit at a place says, each time anew */
  constructor(readPlace: (place: UnitPlace) => Unit) {
    this.#readPlace = readPlace;
  }

  /** @param isText whether it has a letter outside of markup and placeholders; false where only reading it tells */
  add({ start, end, from, to, file, part }: UnitPlace, isText: boolean): void {
    const index = this.segments.length;
    if ((index + 1) * columns > this.#places.length) this.#grow();
    const places = this.#places;
    const at = index * columns;
    places[at] = start;
    places[at + 1] = end;
    places[at + 2] = from;
    places[at + 3] = to;
    places[at + 4] = file;
    places[at + 5] = part;
    const segment = new LazySegment(this, index);
    if (isText || hasLetter(segment)) this.segments.push(segment);
  }

  place(index: number): UnitPlace {
    const column = (offset: number): number => this.#places[index * columns + offset] ?? 0;
    return { start: column(0), end: column(1), from: column(2), to: column(3), file: column(4), part: column(5) };
  }

  read(index: number): ReadUnit {
    return readUnit(this.#readPlace(this.place(index)), this.#codes);
  }

  /** Which occurrence of its source a segment is decides its id: the first who asks for one has all of them made. */
  idOf(index: number): string {
    this.#ids ??= idsOf(this.segments);
    return this.#ids[index] ?? '';
  }

  #grow(): void {
    const longer = new Int32Array(2 * this.#places.length);
    longer.set(this.#places);
    this.#places = longer;
  }
}

function idsOf(segments: readonly Segment[]): readonly string[] {
  const nextId = segmentIds();
  return segments.map(({ source, kind }) => nextId(source, kind));
}

class LazySegment implements Segment {
  readonly block: number;
  readonly #list: LazyUnits;
  #read: ReadUnit | undefined;

  constructor(list: LazyUnits, block: number) {
    this.#list = list;
    this.block = block;
  }

  get id(): string {
    return this.#list.idOf(this.block);
  }

  get kind(): SegmentKind {
    return 'string';
  }

  get source(): string {
    return this.#content.source;
  }

  get protectedSpans(): readonly ProtectedSpan[] {
    return this.#content.protectedSpans;
  }

  get unit(): UnitData {
    return this.#content.data;
  }

  get range(): TextRange {
    const { start, end } = this.#list.place(this.block);
    return { start, end };
  }

  get gap(): TextRange {
    const { end } = this.#list.place(this.block);
    return { start: end, end };
  }

  get #content(): ReadUnit {
    return this.#read ??= this.#list.read(this.block);
  }
}

/** What of a segment can be sent to another thread, read. */
export function wholeText({ id, source, protectedSpans, kind, unit }: SegmentText): SegmentText {
  return { id, source, protectedSpans, kind, ...(unit !== undefined && { unit }) };
}
