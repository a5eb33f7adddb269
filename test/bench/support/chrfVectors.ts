import { sentenceChrf } from '../../../src/core/ranking/chrf.ts';
import { defaultChrf } from '../../../src/core/ranking/chrfOptions.ts';
import type { ChrfOptions } from '../../../src/core/ranking/chrfOptions.ts';

/** The six settings that the computed vectors were made with, by the vectors' field names. */
export const computedSettings = {
  chrF2: defaultChrf,
  chrF2_eps: { ...defaultChrf, epsSmoothing: true },
  chrF2_ws: { ...defaultChrf, whitespace: true },
  chrF3: { ...defaultChrf, beta: 3 },
  chrF2pp: { ...defaultChrf, wordOrder: 2 },
  chrF2pp_eps: { ...defaultChrf, wordOrder: 2, epsSmoothing: true },
} as const satisfies Record<string, ChrfOptions>;

export type ComputedVector = { readonly hyp: string; readonly ref: string } & Readonly<Record<keyof typeof computedSettings, number>>;

/** Largest difference of our score from a vector's, over all vectors and settings, on the scale of 0 to 100. */
export function maxVectorDifference(vectors: readonly ComputedVector[]): number {
  const names = Object.keys(computedSettings) as (keyof typeof computedSettings)[]; // keys of the constant above
  return Math.max(...vectors.flatMap((vector) => names.map((name) => Math.abs(sentenceChrf(vector.hyp, [vector.ref], computedSettings[name]) - vector[name]))));
}
