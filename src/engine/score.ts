import { abortError } from '../protocol/channel.ts';
import type { Decoder } from './decoder.ts';
import { logSumExp } from './distribution.ts';
import { prefill, rowsPerPass } from './prefill.ts';

const maxRows = 64;

/**
 * Sum of log P(completion | prompt) at T = 1, natural log, for each completion, by teacher forcing: the same as the sum
 * that sampling reports. A completion ends with its end token. The prompt runs once, then batches of completions of
 * similar length, padded at the right. @throws AbortError between passes
 */
export async function scoreSequences(
  decoder: Decoder,
  prompt: readonly number[],
  completions: readonly (readonly number[])[],
  signal: AbortSignal,
): Promise<number[]> {
  const promptLogits = await prefill(decoder, prompt, signal);
  const saved = decoder.cache.save(0);
  const sums = completions.map(([first]) => (first === undefined ? 0 : (promptLogits[first] ?? Number.NaN) - logSumExp(promptLogits)));
  for (const group of groups(decoder, completions)) {
    if (signal.aborted) throw abortError();
    decoder.cache.restore(saved);
    for (let row = 1; row < group.length; row++) decoder.cache.fork(0);
    const rows = group.map((index) => completions[index] ?? []);
    const added = await scoreRows(decoder, rows);
    group.forEach((index, row) => { sums[index] = (sums[index] ?? 0) + (added[row] ?? 0); });
  }
  return sums;
}

/** log P of every token but the first, summed a row. */
async function scoreRows(decoder: Decoder, rows: readonly (readonly number[])[]): Promise<number[]> {
  const { vocabSize } = decoder;
  const length = Math.max(...rows.map((row) => row.length)) - 1;
  const tokens = rows.flatMap((row) => Array.from({ length }, (_, at) => row[at] ?? 0));
  const logits = await decoder.forward(tokens, length);
  return rows.map((row, index) => {
    let sum = 0;
    for (let at = 1; at < row.length; at++) {
      const start = (index * length + at - 1) * vocabSize;
      const scores = logits.subarray(start, start + vocabSize);
      sum += (scores[row[at] ?? 0] ?? Number.NaN) - logSumExp(scores);
    }
    return sum;
  });
}

/** Numbers of the completions with more than one token, shortest first, in groups that fit one pass. */
function groups(decoder: Decoder, completions: readonly (readonly number[])[]): number[][] {
  const lengthOf = (index: number): number => completions[index]?.length ?? 0;
  const order = [...completions.keys()].filter((index) => lengthOf(index) > 1).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const result: number[][] = [];
  for (const index of order) {
    const last = result.at(-1);
    const room = Math.min(maxRows, rowsPerPass(decoder, lengthOf(index)));
    if (last && last.length < room) last.push(index);
    else result.push([index]);
  }
  return result;
}
