import { AppError } from '../../core/errors.ts';
import { abortError } from '../../protocol/channel.ts';
import type { Clock } from './clock.ts';
import { badReply, connectionFailure, RequestFailure, statusFailure, wasDropped } from './failure.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
}

export interface ReplyHead {
  readonly status: number;
  readonly contentType: string;
}

export interface HttpOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest wait for the first byte of a body: covers the server's queue and the reading of the prompt. */
  readonly firstByteMs: number;
  /** Longest silence after that. */
  readonly idleMs: number;
}

const ERROR_BODY_LIMIT = 8_192;
const TEXT_LIMIT = 16_000_000;
/**
 * A kept connection may be closed by the server at the moment of its next use (llama.cpp closes each after a stream although
 * it promises to keep it): nothing was answered, so the request goes out again at once, so many times.
 */
const DROPPED_LIMIT = 3;

/** Requests with watchdogs. Every failure is a RequestFailure, except an abort by the caller: that is an AbortError. */
export class HttpClient {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Hands over the bytes of a 2xx body as they come. What `onBytes` throws ends the request and is thrown on. */
  async stream(call: HttpCall, onBytes: (bytes: Uint8Array, head: ReplyHead) => void, signal: AbortSignal): Promise<ReplyHead> {
    const watch = new Watchdog(this.#options, signal);
    try {
      const response = await this.#send(call, watch);
      if (!response.ok) throw await this.#refusal(call.url, response, watch);
      const head = { status: response.status, contentType: response.headers.get('content-type') ?? '' };
      for await (const bytes of chunks(response)) {
        watch.heard();
        onBytes(bytes, head);
      }
      return head;
    } catch (thrown) {
      throw this.#explain(call.url, thrown, watch);
    } finally {
      watch.end();
    }
  }

  /** A whole 2xx body. */
  async text(call: HttpCall, signal: AbortSignal): Promise<{ readonly head: ReplyHead; readonly text: string }> {
    const decoder = new TextDecoder();
    const parts: string[] = [];
    let size = 0;
    const head = await this.stream(call, (bytes) => {
      size += bytes.length;
      if (size > TEXT_LIMIT) throw badReply(call.url, `more than ${TEXT_LIMIT.toString()} bytes`);
      parts.push(decoder.decode(bytes, { stream: true }));
    }, signal);
    return { head, text: parts.join('') + decoder.decode() };
  }

  async #send(call: HttpCall, watch: Watchdog): Promise<Response> {
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...this.#options.headers };
    for (let dropped = 0; ; dropped += 1) {
      try {
        return await this.#options.fetch(call.url, { method: call.method, headers, signal: watch.signal, ...body });
      } catch (thrown) {
        if (watch.cause !== undefined || dropped === DROPPED_LIMIT || !wasDropped(thrown)) throw thrown;
      }
    }
  }

  async #refusal(url: string, response: Response, watch: Watchdog): Promise<RequestFailure> {
    const decoder = new TextDecoder();
    let body = '';
    for await (const bytes of chunks(response)) {
      watch.heard();
      body += decoder.decode(bytes, { stream: true });
      if (body.length > ERROR_BODY_LIMIT) break;
    }
    return statusFailure(url, response.status, body, retryAfterMs(response.headers.get('retry-after')));
  }

  #explain(url: string, thrown: unknown, watch: Watchdog): unknown {
    if (watch.cause === 'caller') return abortError();
    if (watch.cause !== undefined) {
      return new RequestFailure('stall', new AppError('backend.stalled', { url, seconds: Math.round(watch.cause.waitedMs / 1000) }, thrown));
    }
    if (thrown instanceof RequestFailure || thrown instanceof AppError) return thrown;
    return connectionFailure(url, thrown);
  }
}

/** Aborts a request when the caller does, or when nothing was heard for too long. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly #options: HttpOptions;
  readonly #caller: AbortSignal;
  #cancelTimer: () => void;
  cause: 'caller' | { readonly waitedMs: number } | undefined;

  constructor(options: HttpOptions, caller: AbortSignal) {
    this.#options = options;
    this.#caller = caller;
    this.#cancelTimer = this.#arm(options.firstByteMs);
    if (caller.aborted) this.#onCaller();
    caller.addEventListener('abort', this.#onCaller, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#arm(this.#options.idleMs);
  }

  end(): void {
    this.#cancelTimer();
    this.#caller.removeEventListener('abort', this.#onCaller);
  }

  readonly #onCaller = (): void => {
    this.cause ??= 'caller';
    this.#controller.abort();
  };

  #arm(ms: number): () => void {
    return this.#options.clock.after(ms, () => {
      this.cause ??= { waitedMs: ms };
      this.#controller.abort();
    });
  }
}

async function* chunks(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  // fetch bodies are streams of bytes; the ambient type leaves the element open
  for await (const bytes of response.body as AsyncIterable<Uint8Array>) yield bytes;
}

/** Seconds or a date (RFC 9110, 10.2.3) as milliseconds from now. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
