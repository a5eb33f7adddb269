/** A list of 32-bit numbers that grows without a boxed value. Pure. */
export class NumberList {
  #values: Uint32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#values = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length++] = value;
  }

  append(values: Uint32Array): void {
    this.#reserve(values.length);
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** A view that the next growth leaves behind. */
  view(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const grown = new Uint32Array(Math.max(this.#length + more, this.#values.length * 2));
    grown.set(this.view());
    this.#values = grown;
  }
}

/** First position in an ascending list whose value is not below `value`. */
export function lowerBound(values: Uint32Array, value: number, { from, to }: { readonly from: number; readonly to: number }): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
