import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * A stream of numbers for one sample. It depends on (seed, segment, sample number) alone, and a sample draws one number a
 * token, so the samples are the same at any batch size and in any order of work.
 *
 * xoshiro128++ 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its 128 bits of state
 * taken from SHA-256 of the key.
 */
export class SampleRandom {
  readonly #state: Uint32Array;

  constructor(seed: number, segmentKey: string, sample: number) {
    const digest = sha256(utf8ToBytes(JSON.stringify([seed, segmentKey, sample])));
    const view = new DataView(digest.buffer, digest.byteOffset);
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => view.getUint32(offset, true));
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    const high = nextWord(this.#state) >>> 5;
    const low = nextWord(this.#state) >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }
}

/** One step of xoshiro128++ on four words of state: 32 bits. */
export function nextWord(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state;
  const result = (rotate((a + d) >>> 0, 7) + a) >>> 0;
  const third = c ^ a;
  const fourth = d ^ b;
  state[0] = a ^ fourth;
  state[1] = b ^ third;
  state[2] = third ^ (b << 9);
  state[3] = rotate(fourth, 11);
  return result;
}

/**
 * In shares of [0, 1) narrower than this a sample of a hundred is alone. To go on would only magnify what logits differ by
 * between batch sizes, a few millionths, until samples differ too.
 */
const aloneRoom = 2 ** -7;

/**
 * The numbers that one sample's tokens are drawn with: arithmetic sampling (Vilnis et al. 2023, arXiv 2210.15458). A sample
 * is the sequence whose interval, in the arithmetic code that the model defines, holds the sample's point. Each sample by
 * itself is drawn from the model's own distribution; the points of one segment are a randomly rotated van der Corput
 * sequence, so that any number of samples, drawn at once or added later, cover the distribution evenly.
 *
 * Once a sample is alone in its interval, the rest of it is drawn with numbers of its own.
 */
export class SamplePoint {
  readonly #random: SampleRandom;
  #point: number;
  #room = 1;
  #current = 0;

  /** Depends on (seed, segment, sample number) alone, so the samples are the same at any batch size. */
  constructor(seed: number, segmentKey: string, sample: number) {
    this.#random = new SampleRandom(seed, segmentKey, sample);
    this.#point = (new SampleRandom(seed, segmentKey, -1).next() + vanDerCorput(sample)) % 1;
  }

  /** The number in [0, 1) to draw the next token with. */
  next(): number {
    this.#current = this.#room < aloneRoom ? this.#random.next() : this.#point;
    return this.#current;
  }

  /** Says which share of [0, 1) the drawn token has: the number of the last `next` lies in [low, low + width). */
  narrow(low: number, width: number): void {
    if (width <= 0) return;
    this.#room *= width;
    this.#point = Math.min(Math.max((this.#current - low) / width, 0), 1 - Number.EPSILON);
  }
}

/** The bits of a whole number (below 2^31) read backwards behind the point: 0, 1/2, 1/4, 3/4, 1/8, ... */
export function vanDerCorput(index: number): number {
  let value = 0;
  let share = 0.5;
  for (let rest = index; rest > 0; rest >>>= 1, share /= 2) if (rest & 1) value += share;
  return value;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
