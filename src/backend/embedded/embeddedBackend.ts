import { AppError } from '../../core/errors.ts';
import { promptHash, renderTemplate } from '../../core/preference/prompt.ts';
import type { LoadedModel, Provider } from '../../protocol/engine.ts';
import type { Backend, BackendDescription, GeneratedText, GenerateOutcome, GenerateRequest, ScoreOutcome, ScoreRequest } from '../backend.ts';
import type { EngineClient, EngineSupervisor } from '../supervisor.ts';
import { withoutControlTokens } from './controlTokens.ts';

/** The model that runs in our own engine process: no server, no network. One call at a time. */
export class EmbeddedBackend implements Backend {
  readonly #engine: Pick<EngineSupervisor, 'use' | 'dispose'>;
  readonly #folder: string;
  readonly #provider: Provider;

  /** @param folder model folder, absolute. The supervisor is disposed with this backend. */
  constructor(engine: Pick<EngineSupervisor, 'use' | 'dispose'>, folder: string, provider: Provider = 'cpu') {
    this.#engine = engine;
    this.#folder = folder;
    this.#provider = provider;
  }

  describe(signal: AbortSignal): Promise<BackendDescription> {
    return this.#engine.use(async (engine) => description(await this.#load(engine, signal)), signal);
  }

  /**
   * @throws AppError `language.unsupported` for a direction the model was not trained for, `engine.outOfContext` for a
   * segment that does not fit, and the other `engine.*`
   */
  generate(request: GenerateRequest, onText: (text: GeneratedText) => void, signal: AbortSignal): Promise<GenerateOutcome> {
    return this.#engine.use(async (engine) => {
      const model = await this.#load(engine, signal);
      checkLanguages(model, request);
      const { sourceLanguage, targetLanguage, sampling, seed, segmentKey, context } = request;
      const source = withoutControlTokens(request.source, model.specialTokens);
      // A beginning stands after the prompt as if the model had written it.
      const prefix = withoutControlTokens(context?.prefix ?? '', model.specialTokens);
      const prompt = renderTemplate(model.promptTemplate, { source, sourceLanguage, targetLanguage }) + prefix;
      const params = { model: model.handle, prompt, sampling, seed, segmentKey };
      const whole = (text: GeneratedText): GeneratedText => (prefix === '' ? text : { ...text, text: prefix + text.text });
      const { samples } = await engine.call('generate', params, { signal, onProgress: (text) => { onText(whole(text)); } });
      const unusedParts = contextParts.filter((part) => context?.[part] !== undefined);
      const hash = promptHash(model.promptTemplate + prefix);
      return { texts: samples.map(whole), promptHash: hash, ...(unusedParts.length > 0 && { unusedParts }) };
    }, signal, request.urgent === true ? 'urgent' : 'usual');
  }

  /** Sums and counts hold the end token. @throws as `generate` */
  score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreOutcome> {
    return this.#engine.use(async (engine) => {
      const model = await this.#load(engine, signal);
      checkLanguages(model, request);
      const { sourceLanguage, targetLanguage, completions } = request;
      const source = withoutControlTokens(request.source, model.specialTokens);
      const prompt = renderTemplate(model.promptTemplate, { source, sourceLanguage, targetLanguage });
      const scored = await engine.call('score', { model: model.handle, prompt, completions }, { signal });
      return { ...scored, promptHash: promptHash(model.promptTemplate) };
    }, signal);
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  /** At once when the engine has it; after a restart it is loaded again. */
  #load(engine: EngineClient, signal: AbortSignal): Promise<LoadedModel> {
    return engine.call('load', { folder: this.#folder, provider: this.#provider }, { signal });
  }
}

/** A raw prompt with one slot has no place for any of them; a prefix goes behind it. */
const contextParts = ['brief', 'terms', 'memory', 'previous', 'auxiliary', 'instruction'] as const;

function description(model: LoadedModel): BackendDescription {
  return {
    name: 'embedded',
    model: model.name,
    revision: model.revision,
    promptFamily: model.promptFamily,
    parts: ['prefix'],
    contextLength: model.contextLength,
    languages: { sources: model.sourceLanguages, targets: model.targetLanguages },
    defaults: model.defaults,
    parallelism: 1,
    logProbs: true,
    provider: model.provider,
    ...(model.providerNote !== undefined && { providerNote: model.providerNote }),
  };
}

/** By primary subtag: a model for `en` takes `en-GB`. */
function checkLanguages(model: LoadedModel, { sourceLanguage, targetLanguage }: Pick<GenerateRequest, 'sourceLanguage' | 'targetLanguage'>): void {
  if (speaks(model.sourceLanguages, sourceLanguage) && speaks(model.targetLanguages, targetLanguage)) return;
  const supported = `${model.sourceLanguages.join(', ')} > ${model.targetLanguages.join(', ')}`;
  throw new AppError('language.unsupported', { source: sourceLanguage, target: targetLanguage, model: model.name, supported });
}

function speaks(languages: readonly string[], tag: string): boolean {
  return languages.some((language) => primary(language) === primary(tag));
}

function primary(tag: string): string {
  return tag.toLowerCase().split(/[-_]/u)[0] ?? tag;
}
