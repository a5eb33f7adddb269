/** Which columns of a table hold what. Pure. */

/** A column by its name in the first row, or by its number, from 1. */
export type ColumnName = string | number;

/** What a person says of a table whose header does not tell; what is not said is told by the header. */
export interface ColumnChoice {
  readonly source?: ColumnName;
  readonly target?: ColumnName;
  readonly key?: ColumnName;
  readonly comment?: ColumnName;
  /** False where the first row is a text like the others. */
  readonly header?: boolean;
}

/** Index of a column from 0; undefined where the table has none of this name or number. @param header of its cells, in order */
export function columnIndex(column: ColumnName, header: readonly string[]): number | undefined {
  const name = String(column).trim();
  const byName = header.findIndex((cell) => cell.trim().toLowerCase() === name.toLowerCase());
  const index = typeof column === 'string' && byName >= 0 ? byName : /^\d+$/u.test(name) ? Number(name) - 1 : -1;
  return index >= 0 && index < header.length ? index : undefined;
}
