import type { Matrix } from '../core/matrix.ts';
import type { Utility, UtilityInput } from '../core/ranking/utility.ts';
import type { EngineUser, LoadedScorer, LongTexts, ScoreProgress } from '../protocol/engine.ts';
import { ScorerModel, type ScorerModelOptions } from './scorerModel.ts';

export interface CometOptions extends ScorerModelOptions {
  /** `windows` unless told. */
  readonly long?: LongTexts;
  /** Texts that have more tokens than the model reads at once. */
  readonly onLong?: (texts: number) => void;
  /** Texts encoded so far. */
  readonly onProgress?: (value: ScoreProgress) => void;
}

/**
 * COMET as a utility, computed by the engine. Scores are about 0 to 1 and not clipped; NaN where the model gave no number.
 * @throws AppError `engine.*`
 */
export class CometUtility implements Utility {
  readonly name = 'comet';
  readonly #model: ScorerModel;
  readonly #options: CometOptions;

  constructor(engine: EngineUser, options: CometOptions) {
    this.#model = new ScorerModel(engine, 'comet', options);
    this.#options = options;
  }

  /** `comet` alone until the model is loaded, then with its name and revision. */
  get signature(): string {
    return `${this.name}${this.#model.signature}${this.#options.long === 'cut' ? '|cut' : ''}`;
  }

  /** Loads the model. @throws AppError `engine.*` */
  load(signal: AbortSignal): Promise<LoadedScorer> {
    return this.#model.load(signal);
  }

  pairwise({ source, hypotheses, references }: UtilityInput, signal: AbortSignal): Promise<Matrix> {
    return this.#model.use(async (engine, model) => {
      const { long = 'windows', onLong, onProgress } = this.#options;
      const texts = [...new Set([...hypotheses, ...references])];
      const scored = await engine.call('utilities', { model, source, texts, long }, { signal, onProgress: (value) => { onProgress?.(value); } });
      if (scored.long > 0) onLong?.(scored.long);
      return submatrix(scored.matrix, texts, hypotheses, references);
    }, signal);
  }
}

function submatrix(matrix: Matrix, texts: readonly string[], hypotheses: readonly string[], references: readonly string[]): Matrix {
  const rows = new Map(texts.map((text, row) => [text, row]));
  const cols = references.length;
  const data = Float32Array.from({ length: hypotheses.length * cols }, (_, cell) => {
    const [row = 0, column = 0] = [rows.get(hypotheses[Math.floor(cell / cols)] ?? ''), rows.get(references[cell % cols] ?? '')];
    return matrix.data[row * matrix.cols + column] ?? NaN;
  });
  return { rows: hypotheses.length, cols, data };
}
