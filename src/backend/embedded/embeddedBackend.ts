import { AppError } from '../../core/errors.ts';
import type { LoadedModel, Provider } from '../../protocol/engine.ts';
import { ProviderChoice } from '../../protocol/providerChoice.ts';
import { generatedText, type Backend, type BackendDescription, type GeneratedText, type GenerateOutcome, type GenerateRequest, type ScoreOutcome, type ScoreRequest } from '../backend.ts';
import type { EngineClient, EngineSupervisor, EngineTask, Urgency } from '../supervisor.ts';
import { enginePrompt, promptTraits } from './modelPrompt.ts';

/** The model that runs in our own engine process: no server, no network. One call at a time. */
export class EmbeddedBackend implements Backend {
  readonly #engine: Pick<EngineSupervisor, 'use' | 'dispose'>;
  readonly #folder: string;
  readonly #provider: ProviderChoice;

  /** @param folder model folder, or a graph of it; absolute. The supervisor is disposed with this backend. */
  constructor(engine: Pick<EngineSupervisor, 'use' | 'dispose'>, folder: string, provider: Provider = 'cpu') {
    this.#engine = engine;
    this.#folder = folder;
    this.#provider = new ProviderChoice(() => provider);
  }

  describe(signal: AbortSignal): Promise<BackendDescription> {
    return this.#use(async (engine) => description(await this.#load(engine, signal)), signal);
  }

  /**
   * @throws AppError `language.unsupported` for a direction the model was not trained for, `engine.outOfContext` for a
   * segment that does not fit, and the other `engine.*`
   */
  generate(request: GenerateRequest, onText: (text: GeneratedText) => void, signal: AbortSignal): Promise<GenerateOutcome> {
    const told = new Set<number>();
    return this.#use(async (engine) => {
      const model = await this.#load(engine, signal);
      checkLanguages(model, request);
      const { sampling, firstSample = 0, seed, segmentKey } = request;
      const { text: prompt, stop, prefix, hash, unused } = enginePrompt(model, request);
      const params = { model: model.handle, prompt, stop, sampling, firstSample, seed, segmentKey };
      const whole = (text: GeneratedText): GeneratedText => generatedText({ ...text, text: prefix + text.text });
      const onProgress = (text: GeneratedText): void => {
        if (!told.has(text.index)) onText(whole(text)); // a second try after a crash draws all of them again
        told.add(text.index);
      };
      const { samples } = await engine.call('generate', params, { signal, onProgress });
      return { texts: samples.map(whole), promptHash: hash, ...(unused.length > 0 && { unusedParts: unused }) };
    }, signal, request.urgent === true ? 'urgent' : 'usual');
  }

  /** Sums and counts hold the end token. @throws as `generate` */
  score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreOutcome> {
    return this.#use(async (engine) => {
      const model = await this.#load(engine, signal);
      checkLanguages(model, request);
      const { text: prompt, hash } = enginePrompt(model, request);
      const scored = await engine.call('score', { model: model.handle, prompt, completions: request.completions }, { signal });
      return { ...scored, promptHash: hash };
    }, signal);
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  #use<T>(task: EngineTask<T>, signal: AbortSignal, urgency?: Urgency): Promise<T> {
    return this.#provider.surviving(() => this.#engine.use(task, signal, urgency));
  }

  /** At once when the engine has it; after a restart it is loaded again. */
  async #load(engine: EngineClient, signal: AbortSignal): Promise<LoadedModel> {
    return this.#provider.noted(await engine.call('load', { folder: this.#folder, provider: this.#provider.current }, { signal }));
  }
}

function description(model: LoadedModel): BackendDescription {
  const { label, parts } = promptTraits(model);
  return {
    name: 'embedded',
    model: model.name,
    revision: model.revision,
    promptFamily: label,
    parts,
    contextLength: model.contextLength,
    ...(model.languages !== undefined && { languages: model.languages }),
    defaults: model.defaults,
    parallelism: 1,
    logProbs: true,
    scoresTexts: true,
    provider: model.provider,
    ...(model.providerNote !== undefined && { providerNote: model.providerNote }),
  };
}

/** By primary subtag: a model for `en` takes `en-GB`. */
function checkLanguages(model: LoadedModel, { sourceLanguage, targetLanguage }: Pick<GenerateRequest, 'sourceLanguage' | 'targetLanguage'>): void {
  const { languages } = model;
  if (languages === undefined || (speaks(languages.sources, sourceLanguage) && speaks(languages.targets, targetLanguage))) return;
  const supported = `${languages.sources.join(', ')} > ${languages.targets.join(', ')}`;
  throw new AppError('language.unsupported', { source: sourceLanguage, target: targetLanguage, model: model.name, supported });
}

function speaks(languages: readonly string[], tag: string): boolean {
  return languages.some((language) => primary(language) === primary(tag));
}

function primary(tag: string): string {
  return tag.toLowerCase().split(/[-_]/u)[0] ?? tag;
}
