import type { Coverage, Link } from './aligner.ts';

/** What coverage needs to know of a token: punctuation and symbols do not count (decisions.md 18). */
export interface CoverageToken {
  readonly isWord: boolean;
}

/** Shares of the words on either side that have a link, and the words that have none. Cost: linear. */
export function coverage(source: readonly CoverageToken[], target: readonly CoverageToken[], links: readonly Link[]): Coverage {
  const there = sideCoverage(source, new Set(links.map((link) => link.source)));
  const back = sideCoverage(target, new Set(links.map((link) => link.target)));
  return { source: there.share, target: back.share, uncoveredSource: there.uncovered, uncoveredTarget: back.uncovered };
}

/**
 * Possible omissions of each candidate: source words that it leaves without a link although more than half of the
 * segment's other candidates link them. A word that has no counterpart in the target language, such as an article, is
 * uncovered everywhere and is no omission. `counts` weigh the candidates. Empty lists for a single candidate.
 */
export function possibleOmissions(coverages: readonly Coverage[], counts: readonly number[]): number[][] {
  const total = counts.reduce((a, b) => a + b, 0);
  const uncoveredBy = new Map<number, number>();
  coverages.forEach((entry, candidate) => {
    for (const token of entry.uncoveredSource) uncoveredBy.set(token, (uncoveredBy.get(token) ?? 0) + (counts[candidate] ?? 0));
  });
  return coverages.map((entry, candidate) => {
    const own = counts[candidate] ?? 0;
    const others = total - own;
    return entry.uncoveredSource.filter((token) => 2 * ((uncoveredBy.get(token) ?? 0) - own) < others);
  });
}

function sideCoverage(tokens: readonly CoverageToken[], linked: ReadonlySet<number>): { share: number; uncovered: number[] } {
  const words = tokens.flatMap((token, index) => (token.isWord ? [index] : []));
  const uncovered = words.filter((index) => !linked.has(index));
  return { share: words.length === 0 ? 1 : (words.length - uncovered.length) / words.length, uncovered };
}
