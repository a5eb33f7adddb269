/** Candidates that say the same but for width, punctuation or white space stand in one row. Pure. */
import { nearKey } from '../../src/core/ranking/nearDuplicates.ts';
import type { CandidateView } from '../../src/protocol/review.ts';

export interface Folded {
  /** Hashes that have a row, in the order of the candidates. */
  readonly order: readonly string[];
  /** The others, by the hash whose row stands for them too. */
  readonly alike: ReadonlyMap<string, readonly string[]>;
}

/**
 * One row a group, at the place of its best candidate; what the target file holds is a group of its own. `keep` are hashes that must not lose their row, the most important
 * first: what is accepted, what is focused, what is painted already. Each group keeps the first of them that it holds.
 */
export function foldAlike(candidates: readonly CandidateView[], keep: readonly string[]): Folded {
  const groups = new Map<string, string[]>();
  for (const { hash, candidate, existing } of candidates) {
    const key = existing === true ? hash : nearKey(candidate.text);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [hash]);
    else group.push(hash);
  }
  const importance = new Map([...keep].reverse().map((hash, index) => [hash, index]));
  const alike = new Map<string, readonly string[]>();
  const order = [...groups.values()].map((group) => {
    const shown = group.reduce((best, hash) => ((importance.get(hash) ?? -1) > (importance.get(best) ?? -1) ? hash : best));
    if (group.length > 1) alike.set(shown, group.filter((hash) => hash !== shown));
    return shown;
  });
  return { order, alike };
}

/** Every candidate in a row of its own. */
export function unfolded(candidates: readonly CandidateView[]): Folded {
  return { order: candidates.map(({ hash }) => hash), alike: new Map() };
}
