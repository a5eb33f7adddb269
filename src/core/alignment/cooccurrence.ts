import type { CorpusSide } from './corpus.ts';

/**
 * Which words of one language stand in a pair with which of the other: a sparse table in compressed rows, and for every
 * cell of every sentence pair the table's entry, so that EM runs over plain arrays.
 *
 * Row 0 is the empty word, row w + 1 the given language's word w; columns are words of the made language.
 */
export interface Cooccurrence {
  /** Row r holds entries `rowStarts[r]` to `rowStarts[r + 1]`. */
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
  /** Pair by pair, made token by made token: the entry of the empty word, then of each given token. */
  readonly cells: Int32Array;
}

/**
 * Builds the table for P(made | given). Cost: linear in the cells, Σ over pairs of made × (given + 1) tokens, with
 * 4 bytes a cell and 4 an entry.
 */
export function buildCooccurrence(given: CorpusSide, made: CorpusSide): Cooccurrence {
  const cellStarts = cellStartsOf(given, made);
  const cells = new Int32Array(cellStarts.at(-1) ?? 0);
  const columns = new GrowingInts(Math.max(1024, cells.length >> 2));
  const rowStarts = new Int32Array(given.words.length + 2);
  const entryOf = new Int32Array(made.words.length);
  const positions = positionsOf(given);
  fillEmptyRow(given, made, { cells, cellStarts, columns, entryOf });
  rowStarts[1] = columns.length;
  for (let word = 0; word < given.words.length; word++) {
    const rowStart = columns.length;
    for (let at = positions.starts[word] ?? 0; at < (positions.starts[word + 1] ?? 0); at++) {
      const pair = positions.pairs[at] ?? 0;
      const width = (given.starts[pair + 1] ?? 0) - (given.starts[pair] ?? 0) + 1;
      let cell = (cellStarts[pair] ?? 0) + (positions.offsets[at] ?? 0) + 1;
      for (let token = made.starts[pair] ?? 0; token < (made.starts[pair + 1] ?? 0); token++, cell += width) {
        cells[cell] = entryFor(made.tokens[token] ?? 0, rowStart, columns, entryOf);
      }
    }
    rowStarts[word + 2] = columns.length;
  }
  return { rowStarts, columns: columns.trimmed(), cells };
}

/** The entry of a column in the row that began at `rowStart`; made where the row has none. `entryOf` outlives rows: older entries are below. */
function entryFor(column: number, rowStart: number, columns: GrowingInts, entryOf: Int32Array): number {
  const known = entryOf[column] ?? 0;
  if (known >= rowStart && known < columns.length && columns.at(known) === column) return known;
  entryOf[column] = columns.length;
  return columns.push(column);
}

interface Building {
  readonly cells: Int32Array;
  readonly cellStarts: Float64Array;
  readonly columns: GrowingInts;
  readonly entryOf: Int32Array;
}

function fillEmptyRow(given: CorpusSide, made: CorpusSide, { cells, cellStarts, columns, entryOf }: Building): void {
  for (let pair = 0; pair + 1 < given.starts.length; pair++) {
    const width = (given.starts[pair + 1] ?? 0) - (given.starts[pair] ?? 0) + 1;
    let cell = cellStarts[pair] ?? 0;
    for (let token = made.starts[pair] ?? 0; token < (made.starts[pair + 1] ?? 0); token++, cell += width) {
      cells[cell] = entryFor(made.tokens[token] ?? 0, 0, columns, entryOf);
    }
  }
}

/** Where each pair's cells begin; doubles, because a large corpus has more than 2^31 of them. */
function cellStartsOf(given: CorpusSide, made: CorpusSide): Float64Array {
  const starts = new Float64Array(given.starts.length);
  for (let pair = 0; pair + 1 < given.starts.length; pair++) {
    const width = (given.starts[pair + 1] ?? 0) - (given.starts[pair] ?? 0) + 1;
    const height = (made.starts[pair + 1] ?? 0) - (made.starts[pair] ?? 0);
    starts[pair + 1] = (starts[pair] ?? 0) + width * height;
  }
  return starts;
}

/** For every word of a side the pairs it stands in and its offsets there, by counting sort. */
function positionsOf(side: CorpusSide): { starts: Int32Array; pairs: Int32Array; offsets: Int32Array } {
  const starts = new Int32Array(side.words.length + 2);
  for (const word of side.tokens) starts[word + 2] = (starts[word + 2] ?? 0) + 1;
  for (let word = 2; word < starts.length; word++) starts[word] = (starts[word] ?? 0) + (starts[word - 1] ?? 0);
  const pairs = new Int32Array(side.tokens.length);
  const offsets = new Int32Array(side.tokens.length);
  for (let pair = 0; pair + 1 < side.starts.length; pair++) {
    const begin = side.starts[pair] ?? 0;
    for (let token = begin; token < (side.starts[pair + 1] ?? 0); token++) {
      const word = side.tokens[token] ?? 0;
      const slot = starts[word + 1] ?? 0;
      pairs[slot] = pair;
      offsets[slot] = token - begin;
      starts[word + 1] = slot + 1;
    }
  }
  return { starts, pairs, offsets };
}

class GrowingInts {
  length = 0;
  #data: Int32Array;

  constructor(capacity: number) {
    this.#data = new Int32Array(capacity);
  }

  at(index: number): number {
    return this.#data[index] ?? 0;
  }

  /** Appends and returns the index. */
  push(value: number): number {
    if (this.length === this.#data.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.length] = value;
    return this.length++;
  }

  trimmed(): Int32Array {
    return this.#data.slice(0, this.length);
  }
}
