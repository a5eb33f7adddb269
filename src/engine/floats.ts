import type { Tensor } from 'onnxruntime-node';
import type { OrtModule } from './binding.ts';
import type { FloatType } from './graphLayout.ts';

/** Numbers as a graph holds them; 16-bit floats are kept as their bits. */
export type Floats = Float32Array | Uint16Array;

export function floats(type: FloatType, length: number): Floats {
  return type === 'float32' ? new Float32Array(length) : new Uint16Array(length);
}

/** A tensor over the given numbers: where the graph writes into it, they change. */
export function floatTensor(TensorOf: OrtModule['Tensor'], data: Floats, dims: readonly number[]): Tensor {
  return data instanceof Float32Array ? new TensorOf('float32', data, dims) : new TensorOf('float16', data, dims);
}

let halves: Float32Array | undefined;

/** Writes `from` as float32 into the beginning of `to`. Cost: one look-up a number; the table is made with the first call. */
export function widen(from: Uint16Array, to: Float32Array): void {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToNumber(bits));
  for (let index = 0; index < from.length; index++) to[index] = halves[from[index] ?? 0] ?? 0;
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
