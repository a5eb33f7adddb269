/** Units of a translation memory, and what a search answers. Pure types. */

/** Where a unit stood. Neighbours are named by `contextHash`. */
export interface UnitContext {
  /** Of a resource: its key. */
  readonly key?: string;
  readonly previous?: string;
  readonly next?: string;
}

export interface MemoryUnit {
  readonly source: string;
  readonly target: string;
  readonly context?: UnitContext;
  /** Document or file that it came from. */
  readonly origin: string;
}

/** A segment of a document. */
export interface MemoryPlace {
  readonly document: string;
  readonly segment: string;
}

/** `context`: the same text in the same place; `exact`: the same text; `fuzzy`: a similar one. */
export type MatchKind = 'context' | 'exact' | 'fuzzy';

export interface MemoryMatch {
  readonly kind: MatchKind;
  /** 0 to 100, as `matchScore`. */
  readonly score: number;
  readonly unit: MemoryUnit;
}

export interface MemoryQuery {
  readonly source: string;
  readonly context?: UnitContext;
  /** A judged unit of this place is no match: it is what the query is about. */
  readonly place?: MemoryPlace;
}

export interface MatchLimits {
  /** Matches at most. */
  readonly count: number;
  /** Least score, 1 to 100. */
  readonly least: number;
}
