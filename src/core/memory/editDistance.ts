/**
 * Levenshtein distance of one token sequence to many, 32 rows at a time. Pure.
 * Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic programming" (1999), in the form of
 * Hyyrö (2003) for the distance of whole sequences, in blocks. Cost: text tokens times ceil(pattern tokens / 32).
 */
export class PatternDistance {
  readonly #length: number;
  readonly #blocks: number;
  /** A hash table from tokens to rows, at most half full; row 0 is that of all tokens that the pattern has not. */
  readonly #keys: Uint32Array;
  readonly #rows: Uint32Array;
  /** `#blocks` words a row: bit i is set where the pattern's token i is this row's. */
  readonly #equal: Int32Array;
  readonly #positive: Int32Array;
  readonly #negative: Int32Array;

  /** @param pattern hashes of tokens, none of them 0 */
  constructor(pattern: Uint32Array) {
    this.#length = pattern.length;
    this.#blocks = Math.max(1, Math.ceil(pattern.length / 32));
    const size = 2 ** Math.ceil(Math.log2(2 * pattern.length + 2));
    this.#keys = new Uint32Array(size);
    this.#rows = new Uint32Array(size);
    this.#equal = new Int32Array((pattern.length + 1) * this.#blocks);
    for (const [index, token] of pattern.entries()) {
      const at = this.#rowFor(token, index + 1) * this.#blocks + (index >> 5);
      this.#equal[at] = (this.#equal[at] ?? 0) | (1 << (index & 31));
    }
    this.#positive = new Int32Array(this.#blocks);
    this.#negative = new Int32Array(this.#blocks);
  }

  #rowFor(token: number, fresh: number): number {
    const slot = this.#slotOf(token);
    if (this.#keys[slot] === 0) {
      this.#keys[slot] = token;
      this.#rows[slot] = fresh;
    }
    return this.#rows[slot] ?? 0;
  }

  #slotOf(token: number): number {
    const mask = this.#keys.length - 1;
    let slot = (token >>> 1) & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== token) slot = (slot + 1) & mask;
    return slot;
  }

  #rowOf(token: number): number {
    return this.#rows[this.#slotOf(token)] ?? 0;
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
