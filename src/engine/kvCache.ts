import type { Tensor } from 'onnxruntime-node';
import type { OrtModule } from './binding.ts';
import { floats, floatTensor, type Floats } from './floats.ts';
import type { GraphLayout } from './graphLayout.ts';

export interface CacheShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Keys and values of one row, kept to start another wave of samples from the same prompt. */
export interface SavedRow {
  readonly length: number;
  readonly data: readonly Floats[];
}

/**
 * Keys and values of all live rows, in two sets of buffers of our own: a step reads one and lets the graph write the other,
 * so nothing is copied or allocated from step to step. Each tensor is [rows, kvHeads, length, headDim], packed. Rows have
 * no order, so one that ended is replaced by the last one: a copy of one row, not of the batch.
 */
export class KvCache {
  readonly #tensor: OrtModule['Tensor'];
  readonly #layout: GraphLayout;
  readonly #shape: CacheShape;
  #now: Floats[];
  #next: Floats[];
  #rows = 1;
  #length = 0;

  constructor(tensor: OrtModule['Tensor'], shape: CacheShape, layout: GraphLayout) {
    this.#tensor = tensor;
    this.#shape = shape;
    this.#layout = layout;
    this.#now = layout.past.map(() => floats(layout.cacheType, 0));
    this.#next = layout.past.map(() => floats(layout.cacheType, 0));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Tokens that every row holds. */
  get length(): number {
    return this.#length;
  }

  /** What one more token of one row takes. */
  get bytesPerToken(): number {
    return 2 * this.#shape.layers * this.#shape.kvHeads * this.#shape.headDim * (this.#layout.cacheType === 'float32' ? 4 : 2);
  }

  /** One row with nothing in it; buffers are kept. */
  clear(): void {
    this.#rows = 1;
    this.#length = 0;
  }

  pastTensors(): Record<string, Tensor> {
    return this.#tensors(this.#layout.past, this.#now, this.#length);
  }

  /** Where the graph writes the rows with `added` more tokens; `advance` makes them the present ones. */
  presentTensors(added: number): Record<string, Tensor> {
    const length = this.#length + added;
    const count = this.#rows * this.#stride(length);
    this.#next = this.#next.map((buffer) => (buffer.length >= count ? buffer : floats(this.#layout.cacheType, Math.ceil(count * 1.5))));
    return this.#tensors(this.#layout.present, this.#next, length);
  }

  advance(added: number): void {
    this.#length += added;
    [this.#now, this.#next] = [this.#next, this.#now];
  }

  /** Appends a copy of a row and returns its number. */
  fork(row: number): number {
    const stride = this.#stride(this.#length);
    const count = (this.#rows + 1) * stride;
    this.#now = this.#now.map((buffer) => this.#grown(buffer, count));
    for (const buffer of this.#now) buffer.copyWithin(this.#rows * stride, row * stride, (row + 1) * stride);
    return this.#rows++;
  }

  /** The last row takes the place of `row`. */
  remove(row: number): void {
    const stride = this.#stride(this.#length);
    const last = --this.#rows;
    if (row !== last) for (const buffer of this.#now) buffer.copyWithin(row * stride, last * stride, (last + 1) * stride);
  }

  save(row: number): SavedRow {
    const stride = this.#stride(this.#length);
    return { length: this.#length, data: this.#now.map((buffer) => buffer.slice(row * stride, (row + 1) * stride)) };
  }

  /** Makes a saved row the only one. */
  restore(saved: SavedRow): void {
    this.#rows = 1;
    this.#length = saved.length;
    this.#now = this.#now.map((buffer, index) => {
      const data = saved.data[index] ?? floats(this.#layout.cacheType, 0);
      const target = this.#grown(buffer, data.length);
      target.set(data);
      return target;
    });
  }

  #stride(length: number): number {
    return this.#shape.kvHeads * length * this.#shape.headDim;
  }

  #tensors(names: readonly string[], buffers: readonly Floats[], length: number): Record<string, Tensor> {
    const dims = [this.#rows, this.#shape.kvHeads, length, this.#shape.headDim];
    const count = this.#rows * this.#stride(length);
    const entries = names.map((name, index) => {
      const data = (buffers[index] ?? floats(this.#layout.cacheType, 0)).subarray(0, count);
      return [name, floatTensor(this.#tensor, data, dims)] as const;
    });
    return Object.fromEntries(entries);
  }

  #grown(buffer: Floats, count: number): Floats {
    if (buffer.length >= count) return buffer;
    const larger = floats(this.#layout.cacheType, Math.ceil(count * 1.5));
    larger.set(buffer);
    return larger;
  }
}
