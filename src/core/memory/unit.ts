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
  /** Who translated it last: a reviewer, or the user that a TMX file names. */
  readonly by?: string;
  /** When: ISO 8601, UTC. */
  readonly at?: string;
}

/** A segment of a document. */
export interface MemoryPlace {
  readonly document: string;
  readonly segment: string;
}

/** `context`: the same text in the same place; `exact`: the same text; `fuzzy`: a similar one. */
export type MatchKind = 'context' | 'exact' | 'fuzzy';

/** A translation that the document's own file proposes for a text. */
export interface ProposedUnit {
  readonly unit: MemoryUnit;
  /** 0 to 100, as the file says. */
  readonly score?: number;
}

export interface MemoryMatch {
  readonly kind: MatchKind;
  /** 0 to 100, as `matchScore`. */
  readonly score: number;
  readonly unit: MemoryUnit;
  /** True where the document's own file proposes it, and no memory. */
  readonly inFile?: true;
}

export interface MemoryQuery {
  readonly source: string;
  readonly context?: UnitContext;
  /** A judged unit of this place is no match: it is what the query is about. */
  readonly place?: MemoryPlace;
  /** What the document's own file proposes here: judged with what the memory holds. */
  readonly proposed?: readonly ProposedUnit[];
}

export interface MatchLimits {
  /** Matches at most. */
  readonly count: number;
  /** Least score, 1 to 100. */
  readonly least: number;
}
