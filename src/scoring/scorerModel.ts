import { AppError } from '../core/errors.ts';
import type { EngineCaller, EngineUser, LoadedScorer, ScorerKind } from '../protocol/engine.ts';

export interface ScorerModelOptions {
  /** Model folder, absolute. */
  readonly folder: string;
  /** Once, when it is loaded: its licence is for the user to know. */
  readonly onLoaded?: (model: LoadedScorer) => void;
}

/** A metric or an aligner of the user's in the engine, loaded when it is first needed and again after the engine lost it. */
export class ScorerModel {
  readonly #engine: EngineUser;
  readonly #kind: ScorerKind;
  readonly #options: ScorerModelOptions;
  #loaded: LoadedScorer | undefined;

  constructor(engine: EngineUser, kind: ScorerKind, options: ScorerModelOptions) {
    this.#engine = engine;
    this.#kind = kind;
    this.#options = options;
  }

  /** Undefined until it was loaded once. */
  get loaded(): LoadedScorer | undefined {
    return this.#loaded;
  }

  /** What follows the name of a utility or an aligner in its signature; empty until the model was loaded once. */
  get signature(): string {
    return this.#loaded === undefined ? '' : `|model:${this.#loaded.name}|revision:${this.#loaded.revision}`;
  }

  /** Loads the model: what is wrong with it is said before anything waits for it. @throws AppError `engine.*`, `input.invalid` for another kind */
  load(signal: AbortSignal): Promise<LoadedScorer> {
    return this.#engine.use((engine) => this.#load(engine, signal), signal);
  }

  /** Runs `task` with the model's handle. @throws as `load`, and what the task throws */
  use<T>(task: (engine: EngineCaller, handle: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#engine.use(async (engine) => task(engine, (await this.#load(engine, signal)).handle), signal);
  }

  /** At once when the engine has it. */
  async #load(engine: EngineCaller, signal: AbortSignal): Promise<LoadedScorer> {
    const { folder, onLoaded } = this.#options;
    const model = await engine.call('loadScorer', { folder }, { signal });
    if (model.kind !== this.#kind) throw new AppError('engine.modelInvalid', { path: folder, reason: `it is a ${model.kind} model, ${this.#kind} is needed` });
    const isNew = this.#loaded === undefined;
    this.#loaded = model;
    if (isNew) onLoaded?.(model);
    return model;
  }
}
