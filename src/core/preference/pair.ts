/** A preference pair before it is rendered for a trainer. Structured: prompts are rendered on export (design.md 4). Pure types. */

/** Where a pair comes from; kinds are never mixed silently (method.md E). */
export type PairKind = 'acceptedOverRejected' | 'editOverOriginal' | 'acceptedOverSeen' | 'preferred' | 'ranked';

export interface PreferencePair {
  readonly kind: PairKind;
  readonly document: string;
  readonly segment: string;
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly chosen: string;
  readonly rejected: string;
  /** 1 if the likelihood term may learn from `chosen`, 0 for relative judgments (decisions.md 26). */
  readonly bc: 0 | 1;
  readonly reviewers: readonly string[];
  /** Which of the two texts the target file held before the review. */
  readonly existing?: 'chosen' | 'rejected';
  /** Hash of the frozen set that was judged. */
  readonly set: string;
  /** Ids of the judgment events that made it. */
  readonly events: readonly string[];
}
