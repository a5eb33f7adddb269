/**
 * Levenshtein distance of one token sequence to many, 32 rows at a time. Pure.
 * Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic programming" (1999), in the form of
 * Hyyrö (2003) for the distance of whole sequences, in blocks. Cost: text tokens times ceil(pattern tokens / 32).
 */
export class PatternDistance {
  readonly #length: number;
  readonly #blocks: number;
  /** Row of each token of the pattern; 0 is the row of all others. */
  readonly #rowOf: (token: number) => number;
  /** `#blocks` words a row: bit i is set where the pattern's token i is this row's. */
  readonly #equal: Int32Array;
  readonly #positive: Int32Array;
  readonly #negative: Int32Array;

  /**
   * @param pattern row of each token of the pattern, from 1; equal tokens share a row
   * @param rowOf row of a token of a text, 0 for tokens that the pattern has not
   */
  constructor(pattern: readonly number[], rowOf: (token: number) => number) {
    this.#length = pattern.length;
    this.#blocks = Math.max(1, Math.ceil(pattern.length / 32));
    this.#rowOf = rowOf;
    this.#equal = new Int32Array((Math.max(0, ...pattern) + 1) * this.#blocks);
    for (const [index, row] of pattern.entries()) {
      const at = row * this.#blocks + (index >> 5);
      this.#equal[at] = (this.#equal[at] ?? 0) | (1 << (index & 31));
    }
    this.#positive = new Int32Array(this.#blocks);
    this.#negative = new Int32Array(this.#blocks);
  }

  /** Distance to `text[start, end)`; any number above `limit` where it is above `limit`. */
  to(text: Uint32Array, { start, end }: { readonly start: number; readonly end: number }, limit: number): number {
    if (this.#length === 0) return end - start;
    return this.#blocks === 1 ? this.#short(text, start, { end, limit }) : this.#long(text, start, { end, limit });
  }

  #short(text: Uint32Array, start: number, { end, limit }: Bounds): number {
    const equal = this.#equal;
    const top = 1 << (this.#length - 1);
    let positive = -1;
    let negative = 0;
    let distance = this.#length;
    for (let i = start; i < end; i++) {
      const same = equal[this.#rowOf(text[i] ?? 0)] ?? 0;
      const vertical = same | negative;
      const horizontal = (((same & positive) + positive) ^ positive) | same;
      let up = negative | ~(horizontal | positive);
      const down = positive & horizontal;
      if ((up & top) !== 0) distance++;
      else if ((down & top) !== 0) distance--;
      if (distance - (end - i - 1) > limit) return limit + 1;
      up = (up << 1) | 1;
      positive = (down << 1) | ~(vertical | up);
      negative = up & vertical;
    }
    return distance;
  }

  #long(text: Uint32Array, start: number, { end, limit }: Bounds): number {
    this.#positive.fill(-1);
    this.#negative.fill(0);
    let distance = this.#length;
    for (let i = start; i < end; i++) {
      distance += this.#column(this.#rowOf(text[i] ?? 0) * this.#blocks);
      if (distance - (end - i - 1) > limit) return limit + 1;
    }
    return distance;
  }

  /** One column of the matrix, block by block; answers the change in its last row: −1, 0 or 1. */
  #column(row: number): number {
    let carry = 1;
    for (let block = 0; block < this.#blocks; block++) {
      const last = block === this.#blocks - 1;
      const top = 1 << (last ? (this.#length - 1) & 31 : 31);
      const positive = this.#positive[block] ?? 0;
      const negative = this.#negative[block] ?? 0;
      const below = carry < 0 ? 1 : 0;
      const found = this.#equal[row + block] ?? 0;
      const vertical = found | negative;
      const same = found | below;
      const horizontal = (((same & positive) + positive) ^ positive) | same;
      const up = negative | ~(horizontal | positive);
      const down = positive & horizontal;
      const upShifted = (up << 1) | (carry > 0 ? 1 : 0);
      carry = (up & top) !== 0 ? 1 : (down & top) !== 0 ? -1 : 0;
      this.#positive[block] = (down << 1) | below | ~(vertical | upShifted);
      this.#negative[block] = upShifted & vertical;
    }
    return carry;
  }
}

interface Bounds {
  readonly end: number;
  readonly limit: number;
}
