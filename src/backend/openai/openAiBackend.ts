import { setMaxListeners } from 'node:events';
import type { Sampling } from '../../core/candidate.ts';
import { AppError } from '../../core/errors.ts';
import { auxiliaryFor } from '../../core/prompting/auxiliary.ts';
import type { PromptContext, PromptLanguage, RenderedPrompt } from '../../core/prompting/context.ts';
import { familyLabel, promptFamily, renderPrompt, type PromptFamily } from '../../core/prompting/families.ts';
import { promptLanguage } from '../../core/prompting/names.ts';
import { promptHash } from '../../core/preference/prompt.ts';
import { abortError } from '../../protocol/channel.ts';
import type { Backend, BackendDescription, GeneratedText, GenerateOutcome, GenerateRequest, ScoreOutcome, ScoreRequest, StructuredRequest } from '../backend.ts';
import { withoutControlTokens } from '../embedded/controlTokens.ts';
import type { BackendProbe } from '../probe.ts';
import { loadAdapter, serverPath, unloadAdapter, type PathMapping } from './adapters.ts';
import { systemClock, type Clock } from './clock.ts';
import { parseEndpoint, type EndpointUrl } from './endpointUrl.ts';
import { EndpointPool } from './endpointPool.ts';
import { HttpClient, type Fetch } from './http.ts';
import { probeServer } from './probeServer.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retries.ts';
import { Sampler, type SamplerParts } from './sampler.ts';
import { promptTokens, scoreTexts, scores, scoringLimiter } from './scoring.ts';
import { answerStructured } from './structured.ts';
import { survey, type Question, type Survey } from './survey.ts';

export interface OpenAiOptions {
  /** One server, or several that serve the same model: `http://127.0.0.1:8000`, with or without `/v1`. */
  readonly urls: readonly string[];
  /** Undefined: the first that the server offers. */
  readonly model?: string | undefined;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string | undefined;
  /** What people and signatures call it; undefined: its addresses. A managed server has another address each time. */
  readonly name?: string | undefined;
  /** A family's name; undefined: chosen from the model's name. */
  readonly promptFamily?: string | undefined;
  /** Undefined: as the family is. */
  readonly promptForm?: 'chat' | 'raw' | undefined;
  /** Folders here that are other folders where the server runs. */
  readonly paths?: readonly PathMapping[] | undefined;
  readonly defaults?: Partial<BackendDescription['defaults']>;
  /** Sequences under way on one server at most. */
  readonly maxConcurrency?: number;
  readonly firstByteMs?: number;
  readonly idleMs?: number;
  readonly retry?: Partial<RetryPolicy>;
}

export interface OpenAiParts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: () => number;
}

const FIRST_BYTE_MS = 120_000;
const IDLE_MS = 60_000;
const MAX_CONCURRENCY = 512;
/** Algharb 3.1: plain sampling. */
const paperDefaults: BackendDescription['defaults'] = { temperature: 1, topP: 1, topK: 0, maxTokens: 512 };

interface Connected {
  readonly survey: Survey;
  readonly family: PromptFamily;
  readonly sampler: Sampler;
  readonly parts: SamplerParts;
}

/** Candidates from any OpenAI-compatible server. Nothing is sent before the first call. */
export class OpenAiBackend implements Backend {
  readonly #options: OpenAiOptions;
  readonly #urls: readonly EndpointUrl[];
  readonly #parts: OpenAiParts;
  readonly #http: HttpClient;
  readonly #disposed = new AbortController();
  readonly #scoring = scoringLimiter();
  #connected: Promise<Connected> | undefined;

  /** @throws AppError `input.invalid` for a URL or a prompt family that cannot be */
  constructor(options: OpenAiOptions, parts: OpenAiParts = { fetch: globalThis.fetch, clock: systemClock, random: Math.random }) {
    this.#options = options;
    this.#parts = parts;
    this.#urls = options.urls.map(parseEndpoint);
    if (options.promptFamily !== undefined) promptFamily(options.promptFamily);
    this.#http = new HttpClient({
      fetch: parts.fetch,
      clock: parts.clock,
      headers: options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` },
      firstByteMs: options.firstByteMs ?? FIRST_BYTE_MS,
      idleMs: options.idleMs ?? IDLE_MS,
    });
  }

  async describe(signal: AbortSignal): Promise<BackendDescription> {
    const { survey: found, family } = await this.#connect(signal);
    const { identity, model, logProbs } = found;
    const advised = { ...paperDefaults, ...family.sampling };
    const room = identity.contextLength === undefined ? advised.maxTokens : Math.floor(identity.contextLength / 2);
    const defaults = { ...advised, maxTokens: Math.min(advised.maxTokens, room), ...this.#options.defaults };
    return {
      name: this.#options.name ?? this.#urls.map((url) => url.root).join(', '),
      model: model.id,
      revision: [identity.kind, identity.version, model.root].filter((part) => part !== undefined).join(' '),
      ...(model.parent !== undefined && { adapter: model.id }),
      promptFamily: familyLabel(family),
      parts: family.parts,
      ...(identity.contextLength !== undefined && { contextLength: identity.contextLength }),
      defaults,
      parallelism: found.parallelism * this.#urls.length,
      logProbs,
      scoresTexts: scores(identity.kind),
    };
  }

  /** @throws AppError `backend.*`; what was handed to `onText` before stays valid */
  async generate(request: GenerateRequest, onText: (text: GeneratedText) => void, signal: AbortSignal): Promise<GenerateOutcome> {
    const own = this.#until(signal);
    const connected = await this.#connect(own);
    const auxiliary = await this.#writeAuxiliary(connected, request, own);
    const context = withAuxiliary(request.context ?? {}, auxiliary);
    const render = renderer(connected.family, request, context);
    const { segmentKey, sampling, firstSample = 0, seed, urgent = false, source } = request;
    const prompt = render(source);
    const texts = await connected.sampler.draw({ segmentKey, prompt, sampling, firstSample, seed, urgent }, onText, own);
    return {
      texts,
      promptHash: hashOf(render('{source}')),
      ...(prompt.unused.length > 0 && { unusedParts: prompt.unused }),
      ...(auxiliary !== undefined && { auxiliary }),
    };
  }

  /** vLLM and SGLang. @throws AppError `backend.cannot` on others */
  async score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreOutcome> {
    const own = this.#until(signal);
    const { family, parts } = await this.#connect(own);
    const render = renderer(family, request, request.context ?? {});
    const scores = await scoreTexts({ parts, limiter: this.#scoring, prompt: render(request.source), completions: request.completions }, own);
    return { ...scores, promptHash: hashOf(render('{source}')) };
  }

  /** vLLM, SGLang and llama-server. @throws AppError `backend.*` */
  async promptIds(request: Omit<ScoreRequest, 'completions'>, signal: AbortSignal): Promise<readonly number[] | undefined> {
    const own = this.#until(signal);
    const { family, parts } = await this.#connect(own);
    return promptTokens({ parts, prompt: renderer(family, request, request.context ?? {})(request.source) }, own);
  }

  /** Greedy. @throws AppError `backend.*` */
  async structured(request: StructuredRequest, signal: AbortSignal): Promise<unknown> {
    const own = this.#until(signal);
    return answerStructured((await this.#connect(own)).parts, request, own);
  }

  /** Of the first server. */
  probe(signal: AbortSignal): Promise<BackendProbe> {
    return probeServer(this.#question(), signal);
  }

  /** On every server: behind several a load reaches only the one it was sent to. Then `model: name` uses it. @throws AppError `backend.*` */
  async loadAdapter(adapter: { readonly name: string; readonly path: string }, signal: AbortSignal): Promise<void> {
    const { kind } = (await this.#connect(signal)).survey.identity;
    const path = serverPath(adapter.path, this.#options.paths ?? []);
    for (const { root } of this.#urls) await loadAdapter({ http: this.#http, url: root, kind }, { name: adapter.name, path }, signal);
  }

  /** @throws AppError `backend.*` */
  async unloadAdapter(name: string, signal: AbortSignal): Promise<void> {
    const { kind } = (await this.#connect(signal)).survey.identity;
    for (const { root } of this.#urls) await unloadAdapter({ http: this.#http, url: root, kind }, name, signal);
  }

  dispose(): Promise<void> {
    this.#disposed.abort();
    return Promise.resolve();
  }

  /** Fires with the caller's signal or with `dispose`. Every request of a call listens to it: that is no leak. */
  #until(signal: AbortSignal): AbortSignal {
    const own = AbortSignal.any([signal, this.#disposed.signal]);
    setMaxListeners(0, own);
    return own;
  }

  #first(): EndpointUrl {
    const [first] = this.#urls;
    if (first === undefined) throw new AppError('input.invalid', { where: 'backend URL', reason: 'none was given' });
    return first;
  }

  #question(): Question {
    const { model, promptFamily: family, promptForm: form } = this.#options;
    return { http: this.#http, endpoint: this.#first(), model, family, form };
  }

  /** Asked once; a failure is not remembered, so that a server that was started late is found. */
  #connect(signal: AbortSignal): Promise<Connected> {
    this.#connected ??= this.#survey().catch((thrown: unknown) => {
      this.#connected = undefined;
      throw thrown;
    });
    return untilAborted(this.#connected, signal);
  }

  /** Shared by all callers, so only `dispose` ends it. */
  async #survey(): Promise<Connected> {
    const retry = { policy: { ...defaultRetryPolicy, ...this.#options.retry }, clock: this.#parts.clock, random: this.#parts.random };
    const found = await survey(this.#question(), retry, this.#disposed.signal);
    const { family } = found;
    const max = Math.min(this.#options.maxConcurrency ?? MAX_CONCURRENCY, found.maxConcurrency);
    const pool = new EndpointPool(this.#urls, { initial: found.initialConcurrency, max }, this.#parts.clock);
    const first = pool.endpoints[0];
    if (first !== undefined) pool.answered(first);
    const parts: SamplerParts = { http: this.#http, pool, retry, traits: found.traits };
    return { survey: found, family, sampler: new Sampler(parts), parts };
  }

  /** PMP-S: the model's own greedy translation into the auxiliary language. Undefined when the family or the direction has none. */
  async #writeAuxiliary({ family, sampler }: Connected, request: GenerateRequest, signal: AbortSignal): Promise<{ language: string; text: string } | undefined> {
    const { sourceLanguage, targetLanguage, segmentKey, source, seed, urgent = false, context } = request;
    if (context?.auxiliary?.mode !== 'self' || !family.parts.includes('auxiliary')) return undefined;
    const choice = auxiliaryFor(sourceLanguage, targetLanguage);
    if (choice.kind === 'none') return undefined;
    const prompt = renderer(family, { sourceLanguage, targetLanguage: choice.language }, {})(source);
    const sampling: Sampling = { ...request.sampling, n: 1, temperature: 0 };
    const [text] = await sampler.draw({ segmentKey: `${segmentKey}/${choice.language}`, prompt, sampling, firstSample: 0, seed, urgent }, () => undefined, signal);
    return text === undefined ? undefined : { language: choice.language, text: text.text };
  }
}

/** The promise, or an AbortError as soon as the signal fires. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw abortError();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => { reject(abortError()); };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function withAuxiliary(context: PromptContext, written: { readonly language: string; readonly text: string } | undefined): PromptContext {
  return written === undefined ? context : { ...context, auxiliary: { mode: 'given', ...written } };
}

function renderer(family: PromptFamily, languages: { readonly sourceLanguage: string; readonly targetLanguage: string }, context: PromptContext): (source: string) => RenderedPrompt {
  const from: PromptLanguage = promptLanguage(languages.sourceLanguage);
  const to: PromptLanguage = promptLanguage(languages.targetLanguage);
  return (source) => renderPrompt(family, { source: withoutControlTokens(source, family.controlTokens), from, to, context });
}

/** Of everything that is sent, with the source left open: equal for all segments that share their context. */
function hashOf(prompt: RenderedPrompt): string {
  return promptHash(prompt.kind === 'raw' ? prompt.text : JSON.stringify(prompt.messages.concat(prompt.prefix === undefined ? [] : [{ role: 'assistant', content: prompt.prefix }])));
}
