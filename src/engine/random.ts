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

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
