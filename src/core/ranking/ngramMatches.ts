import { NgramIndex } from './ngramIndex.ts';

/** Texts `0..rows-1` are rows. Columns are the same texts (`square`) or the `columns` texts after them. */
export interface MatchShape {
  readonly rows: number;
  readonly columns: number;
  readonly square: boolean;
}

/**
 * Clipped n-gram matches of every row text with every column text, one order at a time.
 *
 * Texts that share a class of n-grams get its size added pair by pair. Where most texts share it, it is added for all
 * pairs at once and taken back for those that lack it, so that a class costs at most a quarter of the pairs.
 * Cost of an order: linear in the texts, plus rows × columns / 4 at worst for every class.
 */
export class NgramMatches {
  readonly #shape: MatchShape;
  readonly #index: NgramIndex;
  readonly #shared: Int32Array;
  readonly #rowLacks: Int32Array;
  readonly #columnLacks: Int32Array;
  #everywhere = 0;

  constructor(texts: readonly Int32Array[], shape: MatchShape) {
    this.#shape = shape;
    this.#index = new NgramIndex(texts);
    this.#shared = new Int32Array(shape.rows * shape.columns);
    this.#rowLacks = new Int32Array(shape.rows);
    this.#columnLacks = shape.square ? this.#rowLacks : new Int32Array(shape.columns);
  }

  /** Counts the next order, from 1. */
  grow(): void {
    this.#shared.fill(0);
    this.#rowLacks.fill(0);
    this.#columnLacks.fill(0);
    this.#everywhere = 0;
    this.#index.grow();
    this.#index.forEachShared((members, items) => {
      if (this.#shape.square) this.#addSquare(members, items);
      else this.#addRectangle(members, items);
    });
  }

  /** n-grams of this order that row text and column text share, clipped. In a square only for row < column. */
  count(row: number, column: number): number {
    const lacks = (this.#rowLacks[row] ?? 0) + (this.#columnLacks[column] ?? 0);
    return this.#everywhere - lacks + (this.#shared[row * this.#shape.columns + column] ?? 0);
  }

  #addSquare(members: Int32Array, items: number): void {
    const { rows } = this.#shape;
    if (2 * members.length <= rows) {
      addPairs(this.#shared, members, items, rows);
      return;
    }
    const absent = complement(members, rows);
    this.#everywhere += items;
    addToAll(this.#rowLacks, absent, items);
    addPairs(this.#shared, absent, items, rows);
  }

  #addRectangle(members: Int32Array, items: number): void {
    const { rows, columns } = this.#shape;
    const split = members.findIndex((text) => text >= rows);
    const inRows = split < 0 ? members : members.subarray(0, split);
    const inColumns = split < 0 ? new Int32Array(0) : members.subarray(split).map((text) => text - rows);
    if (inRows.length * inColumns.length <= (rows - inRows.length) * (columns - inColumns.length)) {
      addCross(this.#shared, inRows, inColumns, { items, columns });
      return;
    }
    const absentRows = complement(inRows, rows);
    const absentColumns = complement(inColumns, columns);
    this.#everywhere += items;
    addToAll(this.#rowLacks, absentRows, items);
    addToAll(this.#columnLacks, absentColumns, items);
    addCross(this.#shared, absentRows, absentColumns, { items, columns });
  }
}

/** Adds to every pair a < b of an ascending list: the innermost work of ranking. */
function addPairs(shared: Int32Array, texts: Int32Array, items: number, columns: number): void {
  const { length } = texts;
  for (let a = 0; a < length; a++) {
    const row = (texts[a] ?? 0) * columns;
    for (let b = a + 1; b < length; b++) {
      const at = row + (texts[b] ?? 0);
      shared[at] = (shared[at] ?? 0) + items;
    }
  }
}

function addCross(shared: Int32Array, rows: Int32Array, columns: Int32Array, by: { items: number; columns: number }): void {
  for (const row of rows) {
    const start = row * by.columns;
    for (const column of columns) shared[start + column] = (shared[start + column] ?? 0) + by.items;
  }
}

function addToAll(lacks: Int32Array, texts: Int32Array, items: number): void {
  for (const text of texts) lacks[text] = (lacks[text] ?? 0) + items;
}

/** The texts below `total` that an ascending list lacks. */
function complement(members: Int32Array, total: number): Int32Array {
  const absent = new Int32Array(total - members.length);
  let next = 0;
  let filled = 0;
  for (let text = 0; text < total; text++) {
    if (next < members.length && members[next] === text) next++;
    else absent[filled++] = text;
  }
  return absent;
}
