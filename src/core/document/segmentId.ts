/** Names of segments that survive edits elsewhere in the file (decisions.md 4). Pure. */
import { diffArrays } from 'diff';
import { shortHash } from '../hash.ts';
import { normaliseSource } from './normalise.ts';
import type { SegmentKind } from './segment.ts';

interface Identified {
  readonly id: string;
}

/** Edit distance beyond which two lists count as unrelated and are matched by content alone: the LCS is quadratic in it. */
const maxListEdits = 4000;

/**
 * Names the segments of one document in order: the first 16 hex digits of the hash of the normalised source, and which
 * occurrence of that source it is, from 1.
 */
export function segmentIds(): (source: string, kind: SegmentKind) => string {
  const firsts = new Set<string>();
  const repeats = new Map<string, number>();
  return (source, kind) => {
    const hash = shortHash(normaliseSource(source, kind));
    const first = `${hash}-1`;
    if (firsts.size < firsts.add(first).size) return first;
    const occurrence = (repeats.get(hash) ?? 1) + 1;
    repeats.set(hash, occurrence);
    return `${hash}-${occurrence}`;
  };
}

/**
 * Where the segments of an older list are in a newer one: old id to new id. Equal sources are paired by a longest common
 * subsequence; among repeats, neighbours decide; sources that moved are paired last. A segment whose source changed is
 * not in the result. O(n + d²) for d changed segments.
 */
export function reattach(old: readonly Identified[], next: readonly Identified[]): ReadonlyMap<string, string> {
  const lists: Lists = { old: old.map(contentOf), next: next.map(contentOf) };
  const pairs = commonSubsequence(lists);
  preferNeighbours(lists, pairs);
  pairMoved(lists, pairs);
  const result = new Map<string, string>();
  for (const [from, to] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const [a, b] = [old[from], next[to]];
    if (a !== undefined && b !== undefined) result.set(a.id, b.id);
  }
  return result;
}

interface Lists {
  readonly old: readonly string[];
  readonly next: readonly string[];
}

function contentOf({ id }: Identified): string {
  return id.slice(0, id.lastIndexOf('-'));
}

/** Index in the old list to index in the new one. */
function commonSubsequence({ old, next }: Lists): Map<number, number> {
  const pairs = new Map<number, number>();
  const changes = diffArrays([...old], [...next], { maxEditLength: maxListEdits }) ?? [];
  let from = 0;
  let to = 0;
  for (const { added, removed, count } of changes) {
    for (let i = 0; !added && !removed && i < count; i++) pairs.set(from + i, to + i);
    if (!added) from += count;
    if (!removed) to += count;
  }
  return pairs;
}

/** An LCS may take any of several equal segments: of those that keep the order, take the one whose neighbours agree. */
function preferNeighbours(lists: Lists, pairs: Map<number, number>): void {
  const taken = new Set(pairs.values());
  for (const [from, to] of [...pairs]) {
    const better = freeRun(lists.old, from, (index) => pairs.has(index)).find((index) => agreement(lists, index, to) > agreement(lists, from, to));
    if (better !== undefined) {
      pairs.delete(from);
      pairs.set(better, to);
      continue;
    }
    const betterTo = freeRun(lists.next, to, (index) => taken.has(index)).find((index) => agreement(lists, from, index) > agreement(lists, from, to));
    if (betterTo === undefined) continue;
    pairs.set(from, betterTo);
    taken.delete(to);
    taken.add(betterTo);
  }
}

/** Indexes of segments equal to the one at `index`, up to the nearest paired one on either side. */
function freeRun(list: readonly string[], index: number, paired: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (const step of [-1, 1]) {
    for (let at = index + step; at >= 0 && at < list.length && !paired(at); at += step) {
      if (list[at] === list[index]) found.push(at);
    }
  }
  return found;
}

/** How many neighbours, 0 to 2, are the same; the ends of a list are none. */
function agreement({ old, next }: Lists, from: number, to: number): number {
  const same = (step: number): number => (old[from + step] !== undefined && old[from + step] === next[to + step] ? 1 : 0);
  return same(-1) + same(1);
}

/** What the common subsequence left over on both sides has moved: best neighbours first, then in order. */
function pairMoved(lists: Lists, pairs: Map<number, number>): void {
  const taken = new Set(pairs.values());
  const free = new Map<string, number[]>();
  lists.next.forEach((content, index) => {
    if (!taken.has(index)) free.set(content, [...(free.get(content) ?? []), index]);
  });
  lists.old.forEach((content, index) => {
    const places = free.get(content);
    if (pairs.has(index) || places === undefined) return;
    const best = [...places].sort((a, b) => agreement(lists, index, b) - agreement(lists, index, a) || a - b)[0];
    if (best === undefined) return;
    pairs.set(index, best);
    free.set(content, places.filter((place) => place !== best));
  });
}
