import { AppError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import type { Utility, UtilityInput } from '../core/ranking/utility.ts';
import type { EngineCaller, EngineUser, LoadedScorer, ScoreProgress } from '../protocol/engine.ts';

export interface CometOptions {
  /** Model folder, absolute. */
  readonly folder: string;
  /** Texts that had more tokens than the model reads. */
  readonly onCut?: (texts: number) => void;
  /** Texts encoded so far. */
  readonly onProgress?: (value: ScoreProgress) => void;
}

/**
 * COMET as a utility, computed by the engine. Scores are about 0 to 1 and not clipped; NaN where the model gave no number.
 * @throws AppError `engine.*`
 */
export class CometUtility implements Utility {
  readonly name = 'comet';
  readonly #engine: EngineUser;
  readonly #options: CometOptions;
  #model: LoadedScorer | undefined;

  constructor(engine: EngineUser, options: CometOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** `comet` alone until the model is loaded, then with its name and revision. */
  get signature(): string {
    return this.#model === undefined ? this.name : `${this.name}|model:${this.#model.name}|revision:${this.#model.revision}`;
  }

  /** Loads the model. @throws AppError `engine.*`, `input.invalid` for a model that is no COMET */
  load(signal: AbortSignal): Promise<LoadedScorer> {
    return this.#engine.use((engine) => this.#load(engine, signal), signal);
  }

  pairwise({ source, hypotheses, references }: UtilityInput, signal: AbortSignal): Promise<Matrix> {
    return this.#engine.use(async (engine) => {
      const { handle } = await this.#load(engine, signal);
      const texts = [...new Set([...hypotheses, ...references])];
      const onProgress = (value: ScoreProgress): void => { this.#options.onProgress?.(value); };
      const { matrix, cut } = await engine.call('utilities', { model: handle, source, texts }, { signal, onProgress });
      if (cut > 0) this.#options.onCut?.(cut);
      return submatrix(matrix, texts, hypotheses, references);
    }, signal);
  }

  /** At once when the engine has it; after a restart it is loaded again. */
  async #load(engine: EngineCaller, signal: AbortSignal): Promise<LoadedScorer> {
    const model = await engine.call('loadScorer', { folder: this.#options.folder }, { signal });
    if (model.kind !== 'comet') throw new AppError('input.invalid', { where: this.#options.folder, reason: `it holds a ${model.kind} model, COMET is needed` });
    this.#model = model;
    return model;
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
