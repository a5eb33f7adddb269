import type { AdaptiveSampling } from '../candidate.ts';
import { seededRandom } from '../evaluation/random.ts';
import type { SquareUtilities } from './mbr.ts';

/** Numbers of samples at which a decision is taken, the last of them `most`. */
export function looks({ first }: Pick<AdaptiveSampling, 'first'>, most: number): number[] {
  const found: number[] = [];
  for (let at = first; at < most; at *= 2) found.push(at);
  return [...found, most];
}

/**
 * How sure the pick is, 0 to 1: the share of bootstrap resamples of the samples drawn so far in which S_MBR, with the
 * resample as candidates and as pseudo-references, picks the text that all of them pick. A text that a resample leaves out
 * cannot win there, so a pick that was drawn once can never be surer than about .63. `counts` are the samples of each text;
 * weight 0 keeps a text out. Ties go to the earlier text. Deterministic. 1 for a single text, 0 without samples.
 * Cost: resamples times the square of the distinct texts.
 */
export function pickStability(utilities: SquareUtilities, counts: readonly number[], resamples: number): number {
  const samples = counts.flatMap((count, text) => new Array<number>(count).fill(text));
  if (samples.length === 0) return 0;
  if (new Set(samples).size === 1) return 1;
  const pick = bestOf(utilities, counts);
  const random = seededRandom(samples.length);
  let same = 0;
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = new Array<number>(counts.length).fill(0);
    for (let draw = 0; draw < samples.length; draw++) {
      const text = samples[Math.floor(random() * samples.length)] ?? 0;
      drawn[text] = (drawn[text] ?? 0) + 1;
    }
    if (bestOf(utilities, drawn) === pick) same++;
  }
  return same / resamples;
}

/** The text of highest weighted utility among those that were drawn. */
function bestOf({ size, data }: SquareUtilities, counts: readonly number[]): number {
  const present = counts.flatMap((count, text) => (count > 0 ? [text] : []));
  let [best = 0] = present;
  let highest = -Infinity;
  for (const row of present) {
    let sum = 0;
    for (const column of present) sum += (counts[column] ?? 0) * (data[row * size + column] ?? 0);
    if (sum > highest + 1e-9) [best, highest] = [row, sum];
  }
  return best;
}
