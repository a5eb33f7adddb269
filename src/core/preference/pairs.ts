/**
 * Preference pairs from judgments (method.md E): what was accepted or written over what was rejected, original over
 * edit, stated preferences. Pure: the same judgments in any order give the same pairs in the same order.
 */
import { existingOrigin, type CandidateSet, type SegmentRef, type Signature } from '../candidate.ts';
import { compareCodeUnits } from '../canonicalJson.ts';
import type { JudgmentEvent } from '../judgment/events.ts';
import type { PreferencePair } from './pair.ts';
import { type DropCounts, Tally } from './dropped.ts';
import { collectRelations, type JudgedText, type Relation } from './relations.ts';
import { resolveRelations, type Resolved } from './resolve.ts';
import { whyUnfit } from './unfit.ts';

export interface PairOptions {
  /** Adds accepted over merely seen, at most 2 a segment: a class of its own that can teach a model to imitate MBR. */
  readonly acceptedOverSeen: boolean;
  /** True for segments that an evaluation keeps for itself. */
  readonly exclude?: (segment: SegmentRef) => boolean;
}

/** A pair with what its prompt is rendered from. */
export interface JudgedPair extends PreferencePair {
  readonly segmentRef: SegmentRef;
  /** How the judged set was made. */
  readonly signature: Signature;
}

export interface BuiltPairs {
  /** Sorted by document, language, segment, kind and texts. */
  readonly pairs: readonly JudgedPair[];
  readonly dropped: DropCounts;
}

/**
 * Each reviewer's final standing on a segment gives acceptedOverRejected (the accepted or written text over each explicit
 * rejection under the same prompt) and editOverOriginal; `prefer` and `rank` give preferred and ranked. "All bad" and
 * bulk accepts give nothing. `bc` is 1 for accepted and written texts, 0 for "least bad" and for preferences
 * (decisions.md 26). Reviewers who disagree on two texts: more than half decide, ties count against, else dropped.
 * Equal pairs of several kinds become one, of the strongest kind. Cost n log n in the events, n² in one ranking.
 * @param sets frozen sets by hash
 */
export function buildPairs(
  events: Iterable<JudgmentEvent>,
  sets: ReadonlyMap<string, CandidateSet>,
  options: PairOptions,
): BuiltPairs {
  const tally = new Tally();
  const relations = collectRelations(events, { sets, acceptedOverSeen: options.acceptedOverSeen }, tally);
  const fit = relations.filter((relation) => isWanted(relation, options, tally));
  const pairs = resolveRelations(fit, tally).map(toPair).sort(comparePairs);
  return { pairs, dropped: tally.counts() };
}

function isWanted(relation: Relation, options: PairOptions, tally: Tally): boolean {
  if (options.exclude?.(relation.set.segment) === true) {
    if (relation.kind !== 'tie') tally.add('heldOut');
    return false;
  }
  if (relation.kind === 'tie') return true;
  const reason = whyUnfit(relation);
  if (reason !== undefined) tally.add(reason);
  return reason === undefined;
}

function toPair({ relation, reviewers, events }: Resolved): JudgedPair {
  const { segment, signature } = relation.set;
  const existing = isExisting(relation.better) ? 'chosen' : isExisting(relation.worse) ? 'rejected' : undefined;
  return {
    kind: relation.kind,
    document: relation.document,
    segment: relation.segment,
    source: segment.source,
    sourceLanguage: segment.sourceLanguage,
    targetLanguage: segment.targetLanguage,
    chosen: relation.better.text,
    rejected: relation.worse.text,
    bc: relation.bc,
    ...(existing === undefined ? {} : { existing }),
    reviewers,
    set: relation.setHash,
    events,
    segmentRef: segment,
    signature,
  };
}

function isExisting({ origin, origins }: JudgedText): boolean {
  return origins?.includes(existingOrigin) ?? origin === existingOrigin;
}

function comparePairs(a: PreferencePair, b: PreferencePair): number {
  return compareCodeUnits(a.document, b.document)
    || compareCodeUnits(a.targetLanguage, b.targetLanguage)
    || compareCodeUnits(a.segment, b.segment)
    || compareCodeUnits(a.kind, b.kind)
    || compareCodeUnits(a.chosen, b.chosen)
    || compareCodeUnits(a.rejected, b.rejected)
    || compareCodeUnits(a.set, b.set);
}
