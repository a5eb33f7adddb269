import { abortError } from '../protocol/channel.ts';
import type { Decoder } from './decoder.ts';

/** Most floats of logits in one pass: 64 MB. Bounds memory for large vocabularies, and the time a cancel waits. */
const logitsBudget = 2 ** 24;

/**
 * Empties the cache and runs a prompt through as one row, in chunks.
 * @param chunkTokens most tokens of a chunk
 * @returns the logits after its last token, a copy. @throws AbortError between chunks
 */
export async function prefill(
  decoder: Decoder,
  prompt: readonly number[],
  signal: AbortSignal,
  chunkTokens = 128,
): Promise<Float32Array> {
  decoder.cache.clear();
  const size = Math.max(1, Math.min(chunkTokens, Math.floor(logitsBudget / decoder.vocabSize)));
  let last = new Float32Array(0);
  for (let start = 0; start < prompt.length; start += size) {
    if (signal.aborted) throw abortError();
    const chunk = prompt.slice(start, start + size);
    const logits = await decoder.forward(chunk, chunk.length);
    last = logits.slice((chunk.length - 1) * decoder.vocabSize);
  }
  return last;
}

/** How many rows of `length` tokens fit one pass. */
export function rowsPerPass(decoder: Decoder, length: number): number {
  return Math.max(1, Math.floor(logitsBudget / (decoder.vocabSize * Math.max(1, length))));
}
