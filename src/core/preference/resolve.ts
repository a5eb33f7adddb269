/** One verdict from what several reviewers, or one reviewer at several times, said about the same two texts. Pure. */
import { compareCodeUnits } from '../canonicalJson.ts';
import { compareEvents } from '../judgment/order.ts';
import type { PairKind } from './pair.ts';
import type { Tally } from './dropped.ts';
import type { Relation } from './relations.ts';

type Directed = Relation & { readonly kind: PairKind };

export interface Resolved {
  readonly relation: Directed;
  /** Those who agree, sorted. */
  readonly reviewers: readonly string[];
  /** Ids of their acts, sorted. */
  readonly events: readonly string[];
}

/** The strongest first: a post-edit says most (method.md D). */
const strength: readonly PairKind[] = ['editOverOriginal', 'acceptedOverRejected', 'preferred', 'ranked', 'acceptedOverSeen'];

export function resolveRelations(relations: readonly Relation[], tally: Tally): readonly Resolved[] {
  const groups = new Map<string, Relation[]>();
  for (const relation of relations) {
    const key = groupKey(relation);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(relation);
  }
  return [...groups.values()].flatMap((group) => resolveGroup(group, tally) ?? []);
}

/** Same segment under the same prompt, same two texts, whichever way round. */
function groupKey({ document, segment, set, better, worse }: Relation): string {
  const texts = [better.text, worse.text].sort(compareCodeUnits);
  return JSON.stringify([document, set.segment.targetLanguage, segment, set.signature.promptHash, ...texts]);
}

function resolveGroup(all: readonly Relation[], tally: Tally): Resolved | undefined {
  // What somebody said outweighs what was inferred from having been on screen.
  const stated = all.filter(({ kind }) => kind !== 'acceptedOverSeen');
  const group = stated.length > 0 ? stated : all;
  const votes = latestVotes(group);
  const sides = new Map<string, Directed[]>();
  for (const relation of group) {
    if (!isDirected(relation)) continue;
    // What a reviewer took back later in the other direction, or by a tie, no longer counts.
    if (votes.get(relation.reviewer) !== relation.better.text) continue;
    const side = sides.get(relation.better.text) ?? [];
    sides.set(relation.better.text, side);
    side.push(relation);
  }
  const sizes = [...sides].map(([text, side]) => ({ text, side, voters: reviewersOf(side).length }));
  const winner = sizes.find(({ voters }) => voters * 2 > votes.size);
  for (const { text, voters } of sizes) {
    if (text !== winner?.text) tally.add(winner === undefined ? 'conflict' : 'outvoted', voters);
  }
  return winner === undefined ? undefined : toResolved(winner.side);
}

/** Reviewer to the text that he or she held better last; undefined for a tie. */
function latestVotes(group: readonly Relation[]): ReadonlyMap<string, string | undefined> {
  const ordered = [...group].sort(compareRelations);
  return new Map(ordered.map((relation) => [relation.reviewer, relation.kind === 'tie' ? undefined : relation.better.text]));
}

function compareRelations(a: Relation, b: Relation): number {
  const [one, other] = [a.events.at(-1), b.events.at(-1)];
  return one === undefined || other === undefined ? 0 : compareEvents(one, other);
}

function toResolved(side: readonly Directed[]): Resolved | undefined {
  const [relation] = [...side].sort((a, b) => strength.indexOf(a.kind) - strength.indexOf(b.kind)
    || b.bc - a.bc
    || compareRelations(a, b)
    || compareCodeUnits(a.setHash, b.setHash));
  if (relation === undefined) return undefined;
  const events = new Set(side.flatMap((member) => member.events.map(({ id }) => id)));
  return { relation, reviewers: reviewersOf(side), events: [...events].sort(compareCodeUnits) };
}

function reviewersOf(side: readonly Relation[]): readonly string[] {
  return [...new Set(side.map(({ reviewer }) => reviewer))].sort(compareCodeUnits);
}

function isDirected(relation: Relation): relation is Directed {
  return relation.kind !== 'tie';
}
