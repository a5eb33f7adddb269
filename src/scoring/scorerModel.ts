import { AppError } from '../core/errors.ts';
import type { EngineCaller, EngineUser, LoadedScorer, Provider, ScorerKind } from '../protocol/engine.ts';
import { ProviderChoice } from '../protocol/providerChoice.ts';

export interface ScorerModelOptions {
  /** Model folder, absolute. */
  readonly folder: string;
  /** What runs it, as the settings have it now; the CPU where it is absent, and where that one cannot. */
  readonly provider?: () => Provider;
  /** When it is first loaded, and when something else runs it then: its licence and what runs it are for the user to know. */
  readonly onLoaded?: (model: LoadedScorer) => void;
}

/** A metric or an aligner of the user's in the engine, loaded when it is first needed and again after the engine lost it. */
export class ScorerModel {
  readonly #engine: EngineUser;
  readonly #kind: ScorerKind;
  readonly #options: ScorerModelOptions;
  readonly #provider: ProviderChoice;
  #loaded: LoadedScorer | undefined;

  constructor(engine: EngineUser, kind: ScorerKind, options: ScorerModelOptions) {
    this.#engine = engine;
    this.#kind = kind;
    this.#options = options;
    this.#provider = new ProviderChoice(options.provider ?? (() => 'cpu'));
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
    return this.#inEngine((engine) => this.#load(engine, signal), signal);
  }

  /** Runs `task` with the model's handle. @throws as `load`, and what the task throws */
  use<T>(task: (engine: EngineCaller, handle: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#inEngine(async (engine) => task(engine, (await this.#load(engine, signal)).handle), signal);
  }

  #inEngine<T>(task: (engine: EngineCaller) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#provider.surviving(() => this.#engine.use(task, signal));
  }

  /** At once when the engine has it. */
  async #load(engine: EngineCaller, signal: AbortSignal): Promise<LoadedScorer> {
    const { folder, onLoaded } = this.#options;
    const model = this.#provider.noted(await engine.call('loadScorer', { folder, provider: this.#provider.current }, { signal }));
    if (model.kind !== this.#kind) throw new AppError('engine.modelInvalid', { path: folder, reason: `it is a ${model.kind} model, ${this.#kind} is needed` });
    const isNew = this.#loaded === undefined || this.#loaded.providerNote !== model.providerNote;
    this.#loaded = model;
    if (isNew) onLoaded?.(model);
    return model;
  }
}
