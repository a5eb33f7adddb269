import { fScore, smoothedF } from './chrf.ts';
import { checkChrfOptions, defaultChrf } from './chrfOptions.ts';
import type { ChrfOptions } from './chrfOptions.ts';
import { prepareChrfText } from './chrfText.ts';
import { NgramMatches } from './ngramMatches.ts';
import type { MatchShape } from './ngramMatches.ts';

/**
 * chrF of every hypothesis (rows) against every reference (columns), row-major, 0 to 1: `sentenceChrf` of each pair
 * divided by 100, equal to it within 1e-12. Pass the same array twice, as MBR does, to pay for half of the pairs.
 * When candidates stream in, call it again: 100 texts of 190 characters take about 10 ms, 16 well under 1 ms.
 * @throws AppError `ranking.badSettings`
 */
export function pairwiseChrf(hypotheses: readonly string[], references: readonly string[], options = defaultChrf): Float64Array {
  checkChrfOptions(options);
  const square = hypotheses === references;
  const shape: MatchShape = { rows: hypotheses.length, columns: references.length, square };
  const prepared = (square ? hypotheses : [...hypotheses, ...references]).map((text) => prepareChrfText(text, options));
  const sums = new PairSums(shape, options);
  sums.add(prepared.map((text) => text.codePoints), options.charOrder);
  if (options.wordOrder > 0) sums.add(internWords(prepared.map((text) => text.words)), options.wordOrder);
  return sums.scores();
}

/** Sums of precision and recall, or of smoothed F, over the orders counted so far. */
class PairSums {
  readonly #shape: MatchShape;
  readonly #options: ChrfOptions;
  readonly #precision: Float64Array;
  readonly #recall: Float64Array;
  readonly #effective: Uint8Array;

  constructor(shape: MatchShape, options: ChrfOptions) {
    this.#shape = shape;
    this.#options = options;
    const cells = shape.rows * shape.columns;
    this.#precision = new Float64Array(cells);
    this.#recall = new Float64Array(cells);
    this.#effective = new Uint8Array(cells);
  }

  /** Adds orders 1 to `orders` of texts given as units. */
  add(texts: readonly Int32Array[], orders: number): void {
    const matches = new NgramMatches(texts, this.#shape);
    for (let order = 1; order <= orders; order++) {
      matches.grow();
      this.#addOrder(matches, Int32Array.from(texts, (text) => Math.max(0, text.length - order + 1)));
    }
  }

  scores(): Float64Array {
    const { beta, epsSmoothing, charOrder, wordOrder } = this.#options;
    return this.#precision.map((precision, cell) => {
      if (epsSmoothing) return precision / (charOrder + wordOrder);
      const orders = this.#effective[cell] ?? 0;
      return orders === 0 ? 0 : fScore(precision / orders, (this.#recall[cell] ?? 0) / orders, beta);
    });
  }

  #addOrder(matches: NgramMatches, ngrams: Int32Array): void {
    const { rows, columns, square } = this.#shape;
    for (let row = 0; row < rows; row++) {
      const ours = ngrams[row] ?? 0;
      for (let column = square ? row : 0; column < columns; column++) {
        const theirs = ngrams[square ? column : rows + column] ?? 0;
        const same = square && row === column;
        const count = same ? ours : matches.count(row, column);
        this.#addCell(row * columns + column, ours, theirs, count);
        if (square && !same) this.#addCell(column * columns + row, theirs, ours, count);
      }
    }
  }

  #addCell(cell: number, ours: number, theirs: number, matches: number): void {
    if (this.#options.epsSmoothing) {
      const p = ours > 0 && theirs > 0 ? matches / ours : 1e-16;
      const r = theirs > 0 ? matches / theirs : 1e-16;
      this.#precision[cell] = (this.#precision[cell] ?? 0) + smoothedF(p, r, this.#options.beta);
    } else if (ours > 0 && theirs > 0) {
      this.#precision[cell] = (this.#precision[cell] ?? 0) + matches / ours;
      this.#recall[cell] = (this.#recall[cell] ?? 0) + matches / theirs;
      this.#effective[cell] = (this.#effective[cell] ?? 0) + 1;
    }
  }
}

function internWords(texts: readonly (readonly string[])[]): Int32Array[] {
  const ids = new Map<string, number>();
  return texts.map((words) =>
    Int32Array.from(words, (word) => {
      const id = ids.get(word) ?? ids.size;
      ids.set(word, id);
      return id;
    }),
  );
}
