import { setMaxListeners } from 'node:events';
import type { Sampling } from '../../core/candidate.ts';
import { AppError } from '../../core/errors.ts';
import type { RenderedPrompt } from '../../core/prompting/context.ts';
import { abortError } from '../../protocol/channel.ts';
import type { GeneratedText } from '../backend.ts';
import type { ServerKind } from '../probe.ts';
import type { Endpoint, EndpointPool } from './endpointPool.ts';
import { RequestFailure } from './failure.ts';
import type { HttpClient } from './http.ts';
import { ReplyReader } from './replyReader.ts';
import { isContextOverflow, isModelMissing, refusedField, sampleRequest } from './requestBody.ts';
import { Retries, type RetryParts } from './retries.ts';
import type { LeaseEnd } from './limiter.ts';
import { errorMessage } from './schemas.ts';
import { sampleSeed } from './seeds.ts';

/** What the server turned out to be; `refused` and `choices` are learned on the way. */
export interface ServerTraits {
  readonly kind: ServerKind;
  readonly model: string;
  readonly known: readonly string[];
  readonly logProbs: boolean;
  readonly thinkingOff: boolean;
  /** Choices that one request may ask for. */
  choices: number;
  readonly refused: Set<string>;
}

export interface SampleJob {
  readonly segmentKey: string;
  readonly prompt: RenderedPrompt;
  readonly sampling: Sampling;
  /** Number of the first sample. */
  readonly firstSample: number;
  readonly seed: number;
  readonly urgent: boolean;
}

export interface SamplerParts {
  readonly http: HttpClient;
  readonly pool: EndpointPool;
  readonly retry: RetryParts;
  readonly traits: ServerTraits;
}

interface Run {
  readonly job: SampleJob;
  readonly onText: (text: GeneratedText) => void;
  /** The caller's. */
  readonly signal: AbortSignal;
  /** Ends all waiting, not what is under way: fires with the caller's, and when no further try makes sense. */
  readonly waiting: AbortController;
  /** Halved when prompt and answer together do not fit the model's window. */
  maxTokens: number;
  /** All requests of a segment go to one server while it is there: it holds the prompt's prefix. */
  home: Endpoint | undefined;
  /** The first error that no further try can mend; what has not started then never starts. */
  failed: Error | undefined;
}

/** Draws the samples of one prompt: as many requests as the server's way of counting needs, each tried again by itself. */
export class Sampler {
  readonly #parts: SamplerParts;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
  }

  /** Every sample is handed to `onText` when it is there; a failure comes after all others have ended. @throws AppError `backend.*` */
  async draw(job: SampleJob, onText: (text: GeneratedText) => void, signal: AbortSignal): Promise<readonly GeneratedText[]> {
    const texts: GeneratedText[] = [];
    const keep = (text: GeneratedText): void => { texts.push(text); onText(text); };
    const waiting = new AbortController();
    setMaxListeners(0, waiting.signal); // one a request, by design
    const stop = (): void => { waiting.abort(); };
    signal.addEventListener('abort', stop, { once: true });
    const { maxTokens } = job.sampling;
    const run: Run = { job, onText: keep, signal, waiting, maxTokens, home: this.#parts.pool.pick(undefined), failed: undefined };
    // Greedy decoding has one answer: asking for it n times would only cost time.
    const count = job.sampling.temperature === 0 ? 1 : job.sampling.n;
    const all = Array.from({ length: count }, (_, index) => job.firstSample + index);
    await Promise.allSettled(this.#split(all).map((group) => this.#group(run, group)));
    signal.removeEventListener('abort', stop);
    if (signal.aborted) throw abortError();
    if (run.failed !== undefined) throw run.failed;
    return texts.sort((a, b) => a.index - b.index);
  }

  #split(indices: readonly number[]): number[][] {
    const size = this.#parts.traits.choices;
    return Array.from({ length: Math.ceil(indices.length / size) }, (_, group) => indices.slice(group * size, (group + 1) * size));
  }

  async #group(run: Run, indices: readonly number[]): Promise<void> {
    try {
      await this.#untilDone(run, indices);
    } catch (thrown) {
      run.failed ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      run.waiting.abort();
      throw thrown;
    }
  }

  async #untilDone(run: Run, indices: readonly number[]): Promise<void> {
    const retries = new Retries(this.#parts.retry);
    let missing = indices;
    while (missing.length > 0 && run.failed === undefined) {
      const { choices } = this.#parts.traits;
      if (missing.length > choices) {
        await Promise.all(this.#split(missing).map((group) => this.#untilDone(run, group)));
        return;
      }
      missing = await this.#attempt(run, missing, retries);
    }
  }

  /** One request. Answers the numbers that are still missing; waits before it does when the next try is due later. */
  async #attempt(run: Run, indices: readonly number[], retries: Retries): Promise<readonly number[]> {
    const { pool, traits } = this.#parts;
    const endpoint = pool.pick(run.home);
    if (endpoint === undefined) throw new AppError('input.invalid', { where: 'backend URL', reason: 'none was given' });
    run.home = endpoint;
    const lease = await endpoint.limiter.acquire({ weight: indices.length, urgent: run.job.urgent, signal: run.waiting.signal });
    let end: LeaseEnd = { kind: 'failed' };
    if (run.failed !== undefined) { lease.end(end); return []; }
    const request = this.#request(run, indices);
    const url = endpoint.url.api + request.path;
    const reader = new ReplyReader({ url, indices, prefix: run.job.prompt.prefix ?? '', onText: run.onText });
    const left = (): number[] => indices.filter((index) => !reader.finished.has(index));
    try {
      const firstByteMs = await this.#send(url, request.body, reader, run.signal);
      end = { kind: 'ok', firstByteMs };
      pool.answered(endpoint);
      retries.progressed();
      if (reader.finished.size < indices.length) traits.choices = 1; // it does not count as it was told to
      return left();
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure)) throw thrown;
      if (thrown.kind === 'busy') end = { kind: 'busy' };
      lease.end(end);
      await this.#recover({ failure: thrown, run, endpoint, body: request.body }, retries);
      return left();
    } finally {
      lease.end(end);
    }
  }

  #request({ job, maxTokens }: Run, indices: readonly number[]): { readonly path: string; readonly body: object } {
    const { kind, model, thinkingOff, logProbs, refused } = this.#parts.traits;
    const seed = sampleSeed(job.seed, job.segmentKey, indices[0] ?? 0);
    const { prompt } = job;
    const sampling = { ...job.sampling, maxTokens };
    return sampleRequest({ model, prompt, sampling, seed, choices: indices.length, kind, thinkingOff, logProbs, stream: true }, refused);
  }

  async #send(url: string, body: object, reader: ReplyReader, signal: AbortSignal): Promise<number> {
    const { http } = this.#parts;
    const start = http.clock.now();
    let firstByteMs: number | undefined;
    await http.stream({ method: 'POST', url, body }, (bytes, head) => {
      firstByteMs ??= http.clock.now() - start;
      reader.push(bytes, head);
    }, signal);
    reader.end();
    return firstByteMs ?? http.clock.now() - start;
  }

  /** Makes the next try possible and waits for its time. @throws AppError when there is no point in one */
  async #recover(what: { failure: RequestFailure; run: Run; endpoint: Endpoint; body: object }, retries: Retries): Promise<void> {
    const { failure, run, endpoint, body } = what;
    const { pool } = this.#parts;
    if (failure.kind === 'refused') {
      if (this.#shed(failure, body) || shorten(failure, run)) return;
      throw this.#explain(failure, run.job, endpoint);
    }
    if (failure.kind === 'connection') pool.away(endpoint);
    else pool.answered(endpoint);
    await retries.wait(failure, { reachedBefore: pool.reached, url: endpoint.url.root }, run.waiting.signal);
  }

  /** Drops a field that the server does not take, for good. */
  #shed(failure: RequestFailure, body: object): boolean {
    const { status, body: reply } = failure.detail;
    if (status !== 400 && status !== 422) return false;
    const field = refusedField(errorMessage(reply ?? ''), body);
    if (field === undefined) return false;
    if (field === 'n') this.#parts.traits.choices = 1;
    else this.#parts.traits.refused.add(field);
    return true;
  }

  #explain(failure: RequestFailure, job: SampleJob, endpoint: Endpoint): AppError {
    const reason = errorMessage(failure.detail.body ?? '');
    const status = failure.detail.status ?? 0;
    const url = endpoint.url.root;
    const { model, known } = this.#parts.traits;
    if (isContextOverflow(reason)) return new AppError('backend.contextOverflow', { url, segment: job.segmentKey, reason }, failure);
    if (isModelMissing(status, reason)) return new AppError('backend.modelMissing', { url, model, known: known.join(', ') }, failure);
    return failure.error;
  }
}

const SHORTEST_ANSWER = 32;

/** Servers that refuse a prompt whose longest answer would not fit get asked for a shorter one. */
function shorten(failure: RequestFailure, run: Run): boolean {
  if (run.maxTokens <= SHORTEST_ANSWER || !isContextOverflow(errorMessage(failure.detail.body ?? ''))) return false;
  run.maxTokens = Math.max(SHORTEST_ANSWER, Math.floor(run.maxTokens / 2));
  return true;
}
