import { AppError } from '../core/errors.ts';
import { abortError, type Handlers } from '../protocol/channel.ts';
import type { EngineContract, LoadedModel, Provider } from '../protocol/engine.ts';
import type { Binding } from './binding.ts';
import { Model } from './model.ts';
import { readModelFolder } from './modelFolder.ts';
import { openWithProvider } from './provider.ts';
import { describeScorerFolder } from './scorer/scorerFolder.ts';
import { Scorers } from './scorer/scorers.ts';

export interface ServiceParts {
  readonly binding: Binding;
  readonly version: string;
  readonly pid: number;
  readonly threads: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

interface Entry {
  readonly model: Model;
  readonly described: LoadedModel;
  readonly folder: string;
  /** The provider that was asked for. */
  readonly wanted: Provider;
}

/** What the engine offers. Models are few and calls long, so work is done one call at a time, in the order it came. */
export class EngineService {
  readonly #parts: ServiceParts;
  readonly #entries = new Map<number, Entry>();
  readonly #scorers: Scorers;
  #nextHandle = 1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#scorers = new Scorers(parts, () => this.#nextHandle++);
  }

  handlers(): Handlers<EngineContract> {
    return {
      hello: async () => ({ version: this.#parts.version, pid: this.#parts.pid, binding: await this.#parts.binding.state() }),
      load: ({ folder, provider = 'cpu' }, { signal }) => this.#inTurn(signal, () => this.#load(folder, provider)),
      generate: (params, context) => this.#inTurn(context.signal, () => this.#model(params.model).generate(params, context)),
      score: ({ model, prompt, completions }, { signal }) =>
        this.#inTurn(signal, () => this.#model(model).score(prompt, completions, signal)),
      tokenize: ({ model, text }) => this.#model(model).tokenize(text),
      describeScorer: ({ folder }, { progress }) => describeScorerFolder(folder, progress),
      loadScorer: ({ folder }, { signal }) => this.#inTurn(signal, () => this.#scorers.load(folder)),
      utilities: (params, context) => this.#inTurn(context.signal, () => this.#scorers.utilities(params, context)),
      quality: (params, context) => this.#inTurn(context.signal, () => this.#scorers.quality(params, context)),
      align: (params, context) => this.#inTurn(context.signal, () => this.#scorers.align(params, context)),
      unload: ({ model }, { signal }) => this.#inTurn(signal, () => this.#unload(model)),
    };
  }

  async #load(folder: string, wanted: Provider): Promise<LoadedModel> {
    for (const entry of this.#entries.values()) if (entry.folder === folder && entry.wanted === wanted) return entry.described;
    const started = this.#parts.now();
    const ort = await this.#parts.binding.module();
    const files = await readModelFolder(folder);
    const { decoder, provider, note } = await openWithProvider(ort, files, this.#parts.threads, wanted);
    const model = new Model(files, decoder, this.#parts.now);
    const handle = this.#nextHandle++;
    const loadMs = this.#parts.now() - started;
    const described = { ...model.describe(handle), provider, loadMs, ...(note !== undefined && { providerNote: note }) };
    this.#entries.set(handle, { model, described, folder, wanted });
    return described;
  }

  async #unload(handle: number): Promise<null> {
    const entry = this.#entries.get(handle);
    this.#entries.delete(handle);
    await entry?.model.release();
    await this.#scorers.unload(handle);
    return null;
  }

  #model(handle: number): Model {
    const entry = this.#entries.get(handle);
    if (entry) return entry.model;
    throw new AppError('input.invalid', { where: 'model', reason: `no model ${String(handle)} is loaded` });
  }

  /** Runs `work` after all that came before; a call that was cancelled while it waited does not start. */
  #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (signal.aborted) throw abortError();
      return work();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
