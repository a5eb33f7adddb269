import { chrfPlusPlus, chrfSignature, defaultChrf } from '../core/ranking/chrfOptions.ts';
import type { ChrfOptions } from '../core/ranking/chrfOptions.ts';
import type { Matrix } from '../core/matrix.ts';
import { pairwiseChrf } from '../core/ranking/pairwise.ts';
import type { Utility, UtilityInput } from '../core/ranking/utility.ts';

/** chrF or chrF++ as a utility, computed here and now: about 10 ms for 100 candidates, so run it in the compute worker. */
export class ChrfUtility implements Utility {
  readonly name: 'chrf' | 'chrf++';
  readonly signature: string;
  readonly #options: ChrfOptions;

  /** `version` is that of the extension; it ends the signature. */
  constructor(name: 'chrf' | 'chrf++', version: string) {
    this.name = name;
    this.#options = name === 'chrf' ? defaultChrf : chrfPlusPlus;
    this.signature = `${chrfSignature(this.#options)}|version:interlinear-${version}`;
  }

  pairwise(input: UtilityInput, signal: AbortSignal): Promise<Matrix> {
    return new Promise((resolve) => {
      signal.throwIfAborted();
      const { hypotheses, references } = input;
      const data = Float32Array.from(pairwiseChrf(hypotheses, references, this.#options));
      resolve({ rows: hypotheses.length, cols: references.length, data });
    });
  }
}
