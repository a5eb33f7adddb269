import { AppError } from '../core/errors.ts';
import { abortError, type Handlers } from '../protocol/channel.ts';
import type { EngineContract, EngineSettings, LoadedModel, Provider } from '../protocol/engine.ts';
import type { Binding } from './binding.ts';
import { CheckedFiles } from './checkedFiles.ts';
import { Decoder } from './decoder.ts';
import { Model } from './model.ts';
import { readModelFolder } from './modelFolder.ts';
import { openWithProvider } from './provider.ts';
import { describeScorerFolder } from './scorer/scorerFolder.ts';
import { Scorers, type ScorerResident } from './scorer/scorers.ts';
import { Shelf, usualLimits, type Resident } from './shelf.ts';

export interface ServiceParts {
  readonly binding: Binding;
  readonly version: string;
  readonly pid: number;
  readonly threads: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Calls back after some milliseconds; does not keep the process alive. */
  readonly after?: (ms: number, run: () => void) => void;
}

interface DecoderResident extends Resident {
  readonly kind: 'decoder';
  readonly model: Model;
  readonly described: LoadedModel;
}

/** What the engine offers. Models are few and calls long, so work is done one call at a time, in the order it came. */
export class EngineService {
  readonly #parts: Required<ServiceParts>;
  readonly #checked = new CheckedFiles();
  readonly #shelf: Shelf<DecoderResident | ScorerResident>;
  readonly #scorers: Scorers<DecoderResident>;
  #last: Promise<unknown> = Promise.resolve();
  #sweeping = false;

  constructor(parts: ServiceParts) {
    this.#parts = { after: (ms, run) => { setTimeout(run, ms).unref(); }, ...parts };
    this.#shelf = new Shelf(parts.now);
    this.#scorers = new Scorers({ ...parts, checked: this.#checked }, this.#shelf);
  }

  handlers(): Handlers<EngineContract> {
    const scorers = this.#scorers;
    return {
      hello: async () => ({ version: this.#parts.version, pid: this.#parts.pid, binding: await this.#parts.binding.state() }),
      configure: (settings, { signal }) => this.#inTurn(signal, () => this.#configure(settings)),
      load: ({ folder, provider = 'cpu' }, { signal }) => this.#inTurn(signal, () => this.#load(folder, provider)),
      generate: (params, context) => this.#using(params.model, context.signal, () => this.#model(params.model).generate(params, context)),
      score: ({ model, prompt, completions }, { signal }) =>
        this.#using(model, signal, () => this.#model(model).score(prompt, completions, signal)),
      tokenize: ({ model, text }) => this.#model(model).tokenize(text),
      describeScorer: ({ folder }, { progress }) => describeScorerFolder(folder, this.#checked, progress),
      loadScorer: ({ folder, provider = 'cpu' }, { signal }) => this.#inTurn(signal, () => scorers.load(folder, provider)),
      utilities: (params, context) => this.#using(params.model, context.signal, () => scorers.utilities(params, context)),
      quality: (params, context) => this.#using(params.model, context.signal, () => scorers.quality(params, context)),
      align: (params, context) => this.#using(params.model, context.signal, () => scorers.align(params, context)),
      unload: ({ model }, { signal }) => this.#inTurn(signal, async () => {
        await this.#shelf.drop(model);
        return null;
      }),
    };
  }

  async #configure({ memoryBytes = usualLimits.bytes, idleMs = usualLimits.idleMs, checkedFiles }: EngineSettings): Promise<null> {
    this.#shelf.limits = { bytes: memoryBytes, idleMs };
    if (checkedFiles !== undefined) await this.#checked.keepIn(checkedFiles);
    return null;
  }

  async #load(folder: string, wanted: Provider): Promise<LoadedModel> {
    const key = `decoder ${wanted} ${folder}`;
    const known = this.#shelf.find(key);
    if (known?.kind === 'decoder') return known.described;
    const { now, threads, binding } = this.#parts;
    const started = now();
    const ort = await binding.module();
    const files = await readModelFolder(folder, this.#checked);
    await this.#shelf.makeRoom(files.modelPath, files.bytes);
    const { opened, provider, note } = await openWithProvider(wanted, (runsOn) => Decoder.open(ort, files, { threads, provider: runsOn }));
    const model = new Model(files, opened, now);
    const about = { provider, loadMs: now() - started, ...(note !== undefined && { providerNote: note }) };
    const resident = (handle: number): DecoderResident => ({ kind: 'decoder', model, described: { ...model.describe(handle), ...about } });
    return this.#shelf.put(key, files.bytes, resident).described;
  }

  #model(handle: number): Model {
    const resident = this.#shelf.get(handle);
    if (resident?.kind === 'decoder') return resident.model;
    throw new AppError('input.invalid', { where: 'model', reason: `no model ${String(handle)} is loaded` });
  }

  /** In turn; the model's idle time begins when the work is done. */
  #using<T>(handle: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#inTurn(signal, () => work().finally(() => { this.#shelf.get(handle); }));
  }

  /** Runs `work` after all that came before; a call that was cancelled while it waited does not start. */
  #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (signal.aborted) throw abortError();
      return work();
    });
    this.#last = turn.catch(() => undefined);
    void this.#last.then(() => { this.#sweepLater(this.#shelf.limits.idleMs); });
    return turn;
  }

  /** One look at a time is due: between two calls, when the first model may have been idle for long enough. */
  #sweepLater(ms: number): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#parts.after(ms, () => {
      // One that cannot be released must not keep the others from being looked at after the next call.
      this.#last = this.#last.then(() => this.#shelf.dropIdle()).catch(() => undefined).then((next) => {
        this.#sweeping = false;
        if (next !== undefined) this.#sweepLater(next);
      });
    });
  }
}
