import type { Link } from './aligner.ts';
import type { GoldLinks } from './pharaoh.ts';

export interface AlignmentQuality {
  /** Alignment error rate, 0 to 1, lower is better. */
  readonly errorRate: number;
  /** Share of the links found that are possible. */
  readonly precision: number;
  /** Share of the sure links that were found. */
  readonly recall: number;
}

/**
 * AER = 1 − (|A∩S| + |A∩P|) / (|A| + |S|), P ⊇ S, over all pairs together (Och and Ney 2003, eq. 41 f.). A side with no
 * links at all counts as found: precision or recall 1.
 */
export function alignmentErrorRate(gold: readonly GoldLinks[], hypotheses: readonly (readonly Link[])[]): AlignmentQuality {
  let links = 0;
  let sureLinks = 0;
  let inSure = 0;
  let inPossible = 0;
  gold.forEach((marks, pair) => {
    const sure = new Set(marks.sure.map(keyOf));
    const possible = new Set([...marks.possible, ...marks.sure].map(keyOf));
    const found = new Set((hypotheses[pair] ?? []).map(keyOf));
    links += found.size;
    sureLinks += sure.size;
    for (const key of found) {
      if (sure.has(key)) inSure++;
      if (possible.has(key)) inPossible++;
    }
  });
  return {
    errorRate: links + sureLinks === 0 ? 0 : 1 - (inSure + inPossible) / (links + sureLinks),
    precision: links === 0 ? 1 : inPossible / links,
    recall: sureLinks === 0 ? 1 : inSure / sureLinks,
  };
}

function keyOf(link: Link): string {
  return `${String(link.source)}-${String(link.target)}`;
}
