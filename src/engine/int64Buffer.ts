/**
 * int64 data for tensors, written as pairs of 32-bit words: no BigInt is made for each token. Values are 0 or more and
 * below 2^31. Little endian, as every platform onnxruntime-node runs on.
 */
export class Int64Buffer {
  #data = new BigInt64Array(0);
  #words = new Int32Array(0);
  readonly #fill: number;

  /** @param fill what `filled` gives */
  constructor(fill = 0) {
    this.#fill = fill;
  }

  /** `count` values; the view is valid until the next call. */
  of(count: number, value: (index: number) => number): BigInt64Array {
    this.#reserve(count);
    for (let index = 0; index < count; index++) this.#words[2 * index] = value(index);
    return this.#data.subarray(0, count);
  }

  /** `count` times the value given to the constructor. For buffers that `of` never wrote. */
  filled(count: number): BigInt64Array {
    this.#reserve(count);
    return this.#data.subarray(0, count);
  }

  #reserve(count: number): void {
    if (this.#data.length >= count) return;
    this.#data = new BigInt64Array(Math.ceil(count * 1.5)).fill(BigInt(this.#fill));
    this.#words = new Int32Array(this.#data.buffer);
  }
}
