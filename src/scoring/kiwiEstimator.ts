import { AppError } from '../core/errors.ts';
import type { QualityEstimator } from '../core/ranking/utility.ts';
import type { EngineCaller, EngineUser, LoadedScorer } from '../protocol/engine.ts';

export interface KiwiOptions {
  /** Model folder, absolute. */
  readonly folder: string;
  /** Once, when it is loaded: its licence is for the user to know. */
  readonly onLoaded?: (model: LoadedScorer) => void;
  /** Texts that had more tokens than the model reads. */
  readonly onCut?: (texts: number) => void;
}

/** CometKiwi on a model of the user's, computed by the engine: quality without a reference, NaN where the model gave no number. */
export class KiwiEstimator implements QualityEstimator {
  readonly name = 'cometkiwi';
  readonly #engine: EngineUser;
  readonly #options: KiwiOptions;
  #model: LoadedScorer | undefined;

  constructor(engine: EngineUser, options: KiwiOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** `cometkiwi` alone until the model is loaded, then with its name and revision. */
  get signature(): string {
    return this.#model === undefined ? this.name : `${this.name}|model:${this.#model.name}|revision:${this.#model.revision}`;
  }

  /** @throws AppError `engine.*` */
  estimate(source: string, hypotheses: readonly string[], signal: AbortSignal): Promise<Float32Array> {
    return this.#engine.use(async (engine) => {
      const { handle } = await this.#load(engine, signal);
      const { scores, cut } = await engine.call('quality', { model: handle, source, texts: hypotheses }, { signal });
      if (cut > 0) this.#options.onCut?.(cut);
      return scores;
    }, signal);
  }

  async #load(engine: EngineCaller, signal: AbortSignal): Promise<LoadedScorer> {
    const { folder, onLoaded } = this.#options;
    const model = await engine.call('loadScorer', { folder }, { signal });
    if (model.kind !== 'cometkiwi') throw new AppError('engine.modelInvalid', { path: folder, reason: `it is a ${model.kind} model, cometkiwi is needed` });
    if (this.#model === undefined) onLoaded?.(model);
    this.#model = model;
    return model;
  }
}
