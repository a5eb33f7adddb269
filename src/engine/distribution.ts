import type { Sampling } from '../core/candidate.ts';

export type Shape = Pick<Sampling, 'temperature' | 'topP' | 'topK'>;

/** A token and its share [low, low + width) of [0, 1). */
export interface Drawn {
  readonly token: number;
  readonly low: number;
  readonly width: number;
}

const stepsPerOctave = 64;
const octaves = 64;
const toSteps = stepsPerOctave / Math.LN2;
const toNats = Math.LN2 / stepsPerOctave;

/**
 * What the next token is drawn from, made of one row of logits. One object is reused for every row.
 *
 * Temperature first, then top-k, then top-p over what is left, as in Hugging Face transformers. `logProb` is of the model
 * itself: T = 1, nothing cut. Cost a row: O(V), and a sort of the few tokens that can be in the nucleus when top-p is on.
 */
export class TokenDistribution {
  readonly #powers = Float64Array.from({ length: stepsPerOctave * octaves + 1 }, (_, n) => 2 ** (-n / stepsPerOctave));
  readonly #weights: Float64Array;
  #logits: Float32Array = new Float32Array(0);
  #logNormaliser = 0;
  #best = 0;
  #total = 0;
  #greedy = false;

  constructor(vocabSize: number) {
    this.#weights = new Float64Array(vocabSize);
  }

  /** @param logits one row, as long as the vocabulary; it is read again by `logProb`. */
  load(logits: Float32Array, shape: Shape): void {
    this.#logits = logits;
    this.#best = argmax(logits);
    const max = logits[this.#best] ?? 0;
    this.#greedy = shape.temperature === 0;
    const plain = this.#fill(max, 1);
    this.#logNormaliser = max + Math.log(plain);
    if (this.#greedy) return;
    this.#total = shape.temperature === 1 ? plain : this.#fill(max, shape.temperature);
    if (shape.topK > 0 && shape.topK < logits.length) this.#keepTopK(shape.topK);
    if (shape.topP < 1) this.#keepTopP(shape.topP);
  }

  /** The token that the number `u` in [0, 1) stands for, with its share of [0, 1); at temperature 0 the best one. */
  draw(u: number): Drawn {
    if (this.#greedy) return { token: this.#best, low: 0, width: 1 };
    const target = u * this.#total;
    const weights = this.#weights;
    let sum = 0;
    let last = this.#best;
    for (let token = 0; token < weights.length; token++) {
      const weight = weights[token] ?? 0;
      if (weight === 0) continue;
      sum += weight;
      last = token;
      if (sum > target) break;
    }
    const weight = weights[last] ?? 0;
    return { token: last, low: (sum - weight) / this.#total, width: weight / this.#total };
  }

  /** log P of a token under the model itself, natural log. */
  logProb(token: number): number {
    return (this.#logits[token] ?? Number.NEGATIVE_INFINITY) - this.#logNormaliser;
  }

  /**
   * weights = exp((logit - max) / T) by a table of powers of two and a cubic (relative error below 1e-9), three times as
   * fast as Math.exp. What lies more than 44 nats below the best token counts as impossible.
   */
  #fill(max: number, temperature: number): number {
    const weights = this.#weights;
    const logits = this.#logits;
    const powers = this.#powers;
    const scale = toSteps / temperature;
    let total = 0;
    for (let token = 0; token < weights.length; token++) {
      const steps = (max - (logits[token] ?? max)) * scale;
      const whole = Math.floor(steps);
      const rest = (whole - steps) * toNats;
      const power = whole < powers.length ? (powers[whole] ?? 0) : 0;
      const weight = power * (1 + rest * (1 + rest * (0.5 + rest / 6)));
      weights[token] = weight;
      total += weight;
    }
    return total;
  }

  /** Of tokens that tie at the threshold the first ones stay. */
  #keepTopK(k: number): void {
    const weights = this.#weights;
    const threshold = kthLargest(weights.slice(), k);
    let ties = k - weights.reduce((count, weight) => (weight > threshold ? count + 1 : count), 0);
    this.#total = 0;
    for (let token = 0; token < weights.length; token++) {
      const weight = weights[token] ?? 0;
      const keep = weight > threshold || (weight === threshold && ties-- > 0);
      if (keep) this.#total += weight;
      else weights[token] = 0;
    }
  }

  /**
   * The smallest set of best tokens whose mass reaches p. All tokens lighter than (1 - p) / V of the mass weigh less than
   * 1 - p together, so none of them is in the set and only the others are sorted.
   */
  #keepTopP(p: number): void {
    const weights = this.#weights;
    const floor = ((1 - p) * this.#total) / weights.length;
    const able: number[] = [];
    for (let token = 0; token < weights.length; token++) if ((weights[token] ?? 0) >= floor) able.push(token);
    able.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
    let mass = 0;
    const kept: [number, number][] = [];
    for (const token of able) {
      if (kept.length > 0 && mass >= p * this.#total) break;
      const weight = weights[token] ?? 0;
      kept.push([token, weight]);
      mass += weight;
    }
    weights.fill(0);
    for (const [token, weight] of kept) weights[token] = weight;
    this.#total = mass;
  }
}

/** log sum exp of a row of logits, natural log. */
export function logSumExp(logits: Float32Array): number {
  const max = logits[argmax(logits)] ?? 0;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}

/** The first of the greatest. */
export function argmax(values: Float32Array): number {
  let best = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? max;
    if (value > max) {
      max = value;
      best = index;
    }
  }
  return best;
}

/** Hoare's selection, O(n) on average; reorders `values`. 1 <= k <= values.length. */
function kthLargest(values: Float64Array, k: number): number {
  const at = (index: number): number => values[index] ?? 0;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = at((low + high) >> 1);
    let left = low;
    let right = high;
    while (left <= right) {
      while (at(left) > pivot) left++;
      while (at(right) < pivot) right--;
      if (left > right) break;
      const kept = at(left);
      values[left++] = at(right);
      values[right--] = kept;
    }
    if (k - 1 <= right) high = right;
    else if (k - 1 >= left) low = left;
    else break;
  }
  return at(k - 1);
}
