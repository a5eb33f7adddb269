/** A blind session of old against new: which outputs are shown, on which side, and what the verdicts add up to. Pure. */
import { sha256Hex } from '../hash.ts';
import { looks, sequentialOutcome, type LookOutcome, type Verdict } from './winRate.ts';

/** Both outputs for a held-out source. */
export interface OutputPair {
  readonly source: string;
  readonly before: string;
  readonly after: string;
}

export type Side = 'left' | 'right';

/** `newSide` is kept from the view: a person sees two texts and no more. */
export interface BlindItem extends OutputPair {
  readonly newSide: Side;
}

/** One line of a verdict file. `undo` names the verdict that it takes back. */
export type VerdictRecord = { readonly id: string; readonly at: string; readonly reviewer: string } & (
  | (OutputPair & { readonly act: 'judge'; readonly newSide: Side; readonly verdict: Verdict })
  | { readonly act: 'undo'; readonly of: string }
);

/**
 * The outputs that changed, in an order and on sides that the hash of `seed` decides: the same after a reload, and unknown to
 * who judges. Equal outputs are never shown: nobody can prefer one of them.
 */
export function blindItems(outputs: readonly OutputPair[], seed: string): readonly BlindItem[] {
  const changed = outputs.filter(({ before, after }) => before !== after);
  const keyed = changed.map(({ source, before, after }) => {
    const key = sha256Hex(`${seed}\0${source}`);
    const newSide: Side = Number.parseInt(key.slice(-1), 16) % 2 === 0 ? 'left' : 'right';
    return { key, item: { source, before, after, newSide } };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ item }) => item);
}

/** What choosing a side says of the models. */
export function verdictOf(choice: Side | 'tie', newSide: Side): Verdict {
  if (choice === 'tie') return 'tie';
  return choice === newSide ? 'new' : 'old';
}

export interface SourceVerdict {
  readonly source: string;
  readonly verdict: Verdict;
}

/** The verdict records of `items` that stand, oldest first: not undone, on outputs that are still the same. */
export function standingVerdicts(records: readonly VerdictRecord[], items: readonly OutputPair[]): readonly Extract<VerdictRecord, { act: 'judge' }>[] {
  const undone = new Set(records.flatMap((record) => record.act === 'undo' ? [record.of] : []));
  const known = new Map(items.map((item) => [item.source, item]));
  const standing = records.flatMap((record) => {
    if (record.act === 'undo' || undone.has(record.id)) return [];
    const item = known.get(record.source);
    return item?.before === record.before && item.after === record.after ? [record] : [];
  });
  return standing.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/** One verdict a source, in the order of the first: what most reviewers said, a tie where they are even. */
export function combinedVerdicts(records: readonly VerdictRecord[], items: readonly OutputPair[]): readonly SourceVerdict[] {
  const sums = new Map<string, Map<string, Verdict>>();
  for (const { source, reviewer, verdict } of standingVerdicts(records, items)) {
    const own = sums.get(source) ?? new Map<string, Verdict>();
    sums.set(source, own.set(reviewer, verdict));
  }
  return [...sums].map(([source, byReviewer]) => {
    const sum = [...byReviewer.values()].reduce((total, verdict) => total + (verdict === 'new' ? 1 : verdict === 'old' ? -1 : 0), 0);
    return { source, verdict: sum > 0 ? 'new' : sum < 0 ? 'old' : 'tie' };
  });
}

export interface HumanVerdict {
  /** Changed outputs that somebody judged. */
  readonly judged: number;
  readonly changed: number;
  /** Held-out sources whose output is the same. */
  readonly unchanged: number;
  readonly outcome: LookOutcome;
}

/**
 * The sequential outcome of a session (decisions.md 29). When every changed output has been judged the equal ones count as the
 * ties that they are, so that a set with few changes can be decided at all.
 */
export function humanVerdict(records: readonly VerdictRecord[], outputs: readonly OutputPair[]): HumanVerdict {
  const changed = outputs.filter(({ before, after }) => before !== after);
  const judged = combinedVerdicts(records, changed).map(({ verdict }) => verdict);
  const unchanged = outputs.length - changed.length;
  const complete = judged.length === changed.length && judged.length > 0;
  const ties: readonly Verdict[] = complete ? Array.from({ length: unchanged }, () => 'tie') : [];
  return { judged: judged.length, changed: changed.length, unchanged, outcome: sequentialOutcome([...judged, ...ties]) };
}

/** Fewest held-out sources with which a session can conclude. */
export const fewestHeldOut = looks[0];
