/** What the making of pairs left out, and why. Pure. */
import { compareCodeUnits } from '../canonicalJson.ts';

/** Why something that looked like a pair is none. Counted, so that nothing disappears unseen. */
export type DropReason =
  /** The judged set is not in the store, is damaged, or lacks the named candidate. */
  | 'missingSet'
  /** Accepted in one go with others: says nothing about this segment. */
  | 'bulk'
  /** The two texts were answers to different prompts. */
  | 'differentPrompt'
  | 'sameText'
  | 'empty'
  | 'brokenChosen'
  | 'controlCharacters'
  /** What was rejected or edited came from the translation memory: it was written for another source, not by the model for this one. */
  | 'memory'
  /** Reviewers disagree and neither side has more than half of them. */
  | 'conflict'
  /** The minority's direction of a pair that a majority decided. */
  | 'outvoted'
  /** Source belongs to an evaluation split. */
  | 'heldOut'
  /** Found while exporting: no template for the prompt that the set names. */
  | 'unknownPrompt'
  /** Found while exporting: the candidates were asked for by an instruction, and the row's prompt has no place for one. */
  | 'instruction'
  /** Found while exporting: the placeholders that the model saw cannot be put back into the texts. */
  | 'placeholders'
  /** Found while exporting: a text holds what the model's tokenizer would take for a token of its own, such as its end. */
  | 'controlTokens';

export type DropCounts = Readonly<Partial<Record<DropReason, number>>>;

/** Counts what was dropped. */
export class Tally {
  readonly #counts = new Map<DropReason, number>();

  add(reason: DropReason, count = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  counts(): DropCounts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => compareCodeUnits(a, b)));
  }
}

/** What several steps dropped, together. */
export function mergeCounts(all: readonly DropCounts[]): DropCounts {
  const tally = new Tally();
  // entries forgets that the keys are reasons.
  for (const counts of all) for (const [reason, count] of Object.entries(counts)) tally.add(reason as DropReason, count);
  return tally.counts();
}
