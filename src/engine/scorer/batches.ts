/** Rows of token ids of about one length, to be run together. */
export interface Batch {
  /** Index of each row among the sequences given. */
  readonly rows: readonly number[];
  /** Tokens of the longest row. */
  readonly length: number;
}

/**
 * Cuts sequences into batches of at most `budget` tokens, padding counted, shortest first, so that little is padded. A
 * sequence that is longer than the budget is a batch of its own. Cost: a sort.
 */
export function lengthBatches(lengths: readonly number[], budget: number): Batch[] {
  const order = lengths.map((_, index) => index).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const batches: Batch[] = [];
  let rows: number[] = [];
  for (const row of order) {
    const length = lengths[row] ?? 0;
    if (rows.length > 0 && (rows.length + 1) * length > budget) {
      batches.push({ rows, length: lengths[rows.at(-1) ?? 0] ?? 0 });
      rows = [];
    }
    rows.push(row);
  }
  if (rows.length > 0) batches.push({ rows, length: lengths[rows.at(-1) ?? 0] ?? 0 });
  return batches;
}
