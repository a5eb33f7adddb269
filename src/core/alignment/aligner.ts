import type { Matrix } from '../matrix.ts';

/** Tokens of a source and a target text, in order. */
export interface TokenPair {
  readonly source: readonly string[];
  readonly target: readonly string[];
  /** The texts that the tokens were cut from, for aligners that read on; tokens joined by spaces where it is absent. */
  readonly texts?: { readonly source: string; readonly target: string };
}

/** A link of source token `source` and target token `target`, zero-based. */
export interface Link {
  readonly source: number;
  readonly target: number;
}

export interface Alignment {
  /** P(aligned), rows source tokens, columns target tokens, 0 to 1. */
  readonly probabilities: Matrix;
  /** Links by the aligner's own rule, sorted by source then target. */
  readonly links: readonly Link[];
}

export interface Aligner {
  readonly name: string;
  readonly signature: string;
  /** What the interface says about trust: the statistical aligner is a hint. */
  readonly confidence: 'low' | 'high';
  align(pairs: readonly TokenPair[], signal: AbortSignal): Promise<readonly Alignment[]>;
}

/** Shares of aligned words, 0 to 1, punctuation not counted (decisions.md 18); 1 where a side has no words. */
export interface Coverage {
  readonly source: number;
  readonly target: number;
  readonly uncoveredSource: readonly number[];
  readonly uncoveredTarget: readonly number[];
}
