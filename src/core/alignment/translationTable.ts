/** P(made word | given word), sparse: compressed rows with ascending columns. Row 0 is the empty word, row w + 1 the given word w. */
export interface TranslationTable {
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
  readonly probabilities: Float32Array;
}

/** What a pair of words gets that never stood in a pair, as in fast_align. */
export const unseenProbability = 1e-9;

/** P(made | given) of a row and a column; `unseenProbability` where the table has none. Cost: logarithmic. */
export function lookUp(table: TranslationTable, row: number, column: number): number {
  let low = table.rowStarts[row] ?? 0;
  let high = table.rowStarts[row + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table.columns[middle] ?? 0) < column) low = middle + 1;
    else high = middle;
  }
  const found = low < (table.rowStarts[row + 1] ?? 0) && table.columns[low] === column;
  return found ? Math.max(unseenProbability, table.probabilities[low] ?? 0) : unseenProbability;
}

export interface UnsortedTable {
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
  readonly probabilities: Float64Array;
}

/** Sorts the columns within every row, leaving out what is below `least`. Cost: linear (two counting sorts). */
export function sortTable(table: UnsortedTable, columnCount: number, least: number): TranslationTable {
  const byColumn = transpose(table, columnCount, least);
  return transpose(byColumn, table.rowStarts.length - 1, 0);
}

/** The transposed table; its columns, the rows of the one given, come out ascending. */
function transpose(table: UnsortedTable | TranslationTable, columnCount: number, least: number): TranslationTable {
  const { rowStarts, columns, probabilities } = table;
  const next = new Int32Array(columnCount + 2);
  columns.forEach((column, entry) => {
    if ((probabilities[entry] ?? 0) >= least) next[column + 2] = (next[column + 2] ?? 0) + 1;
  });
  for (let column = 2; column < next.length; column++) next[column] = (next[column] ?? 0) + (next[column - 1] ?? 0);
  const kept = next[columnCount + 1] ?? 0;
  const result = { columns: new Int32Array(kept), probabilities: new Float32Array(kept) };
  for (let row = 0; row + 1 < rowStarts.length; row++) {
    for (let entry = rowStarts[row] ?? 0; entry < (rowStarts[row + 1] ?? 0); entry++) {
      const probability = probabilities[entry] ?? 0;
      if (probability < least) continue;
      const column = columns[entry] ?? 0;
      const slot = next[column + 1] ?? 0;
      result.columns[slot] = row;
      result.probabilities[slot] = probability;
      next[column + 1] = slot + 1;
    }
  }
  return { rowStarts: next.subarray(0, columnCount + 1), ...result };
}
