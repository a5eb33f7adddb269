import type { Aligner, Alignment, TokenPair } from '../core/alignment/aligner.ts';
import { PairAligner } from '../core/alignment/alignPair.ts';
import type { AlignerModel, LinkRule } from '../core/alignment/alignPair.ts';
import { refineAligner } from '../core/alignment/refineAligner.ts';

export interface StatisticalAlignerOptions {
  /** Names the trained model in the signature, e.g. `aligner-en-ja-1`. */
  readonly modelName: string;
  readonly rule?: LinkRule;
}

/** The embedded aligner: a hint, not a judgement. Computed here and now, so run it in the compute worker. */
export class StatisticalAligner implements Aligner {
  readonly name = 'statistical';
  readonly confidence = 'low';
  /** For people: `statistical, aligner-en-ja-1`. */
  readonly label: string;
  readonly signature: string;
  readonly #model: AlignerModel;
  readonly #options: StatisticalAlignerOptions;
  readonly #aligner: PairAligner;

  constructor(model: AlignerModel, options: StatisticalAlignerOptions) {
    const rule = options.rule ?? 'mean';
    this.#model = model;
    this.#options = options;
    this.#aligner = new PairAligner(model, rule);
    this.label = `${this.name}, ${options.modelName}`;
    this.signature = `ibm2-diagonal|model:${options.modelName}|links:${rule}`;
  }

  align(pairs: readonly TokenPair[], signal: AbortSignal): Promise<readonly Alignment[]> {
    return new Promise((resolve) => {
      const alignments = pairs.map((pair) => {
        signal.throwIfAborted();
        return this.#aligner.align(pair);
      });
      resolve(alignments);
    });
  }

  /** A new aligner that has also learned from a document's pairs; refine the shipped one again when pairs are added. */
  refined(pairs: readonly TokenPair[], signal?: AbortSignal): StatisticalAligner {
    const modelName = `${this.#options.modelName}+${String(pairs.length)}`;
    return new StatisticalAligner(refineAligner(this.#model, pairs, signal), { ...this.#options, modelName });
  }
}
