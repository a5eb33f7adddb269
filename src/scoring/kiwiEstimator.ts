import type { QualityEstimator } from '../core/ranking/utility.ts';
import type { EngineUser, LoadedScorer, LongTexts } from '../protocol/engine.ts';
import { ScorerModel, type ScorerModelOptions } from './scorerModel.ts';

export interface KiwiOptions extends ScorerModelOptions {
  /** `windows` unless told. */
  readonly long?: LongTexts;
  /** Texts that, with the source, have more tokens than the model reads at once. */
  readonly onLong?: (texts: number) => void;
}

/** CometKiwi on a model of the user's, computed by the engine: quality without a reference, NaN where the model gave no number. */
export class KiwiEstimator implements QualityEstimator {
  readonly name = 'cometkiwi';
  readonly #model: ScorerModel;
  readonly #options: KiwiOptions;

  constructor(engine: EngineUser, options: KiwiOptions) {
    this.#model = new ScorerModel(engine, 'cometkiwi', options);
    this.#options = options;
  }

  /** `cometkiwi` alone until the model is loaded, then with its name and revision. */
  get signature(): string {
    return `${this.name}${this.#model.signature}${this.#options.long === 'cut' ? '|cut' : ''}`;
  }

  load(signal: AbortSignal): Promise<LoadedScorer> {
    return this.#model.load(signal);
  }

  /** @throws AppError `engine.*` */
  estimate(source: string, hypotheses: readonly string[], signal: AbortSignal): Promise<Float32Array> {
    return this.#model.use(async (engine, model) => {
      const { long = 'windows', onLong } = this.#options;
      const scored = await engine.call('quality', { model, source, texts: hypotheses, long }, { signal });
      if (scored.long > 0) onLong?.(scored.long);
      return scored.scores;
    }, signal);
  }
}
