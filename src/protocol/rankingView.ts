/** What the review's view of the ranking asks and is told. Pure. */
import type { RankingSettings } from '../core/candidate.ts';

/** What another way of ranking would do to the segments that nobody has judged. */
export interface PicksChange {
  /** Where another candidate would stand first, in document order. */
  readonly changed: readonly { readonly segment: string; readonly number: number }[];
  /** Segments that were looked at. */
  readonly total: number;
}

/** The ranking that the settings ask for, and which of the utilities that need something are at hand. */
export interface RankingNow {
  readonly settings: RankingSettings;
  readonly comet: boolean;
  readonly cometkiwi: boolean;
  readonly http: boolean;
}

/** A preview, with what really ranks where a model cannot; or why there is none. */
export type RankingPreview = (PicksChange & { readonly utility: RankingSettings['utility'] }) | { readonly message: string };
