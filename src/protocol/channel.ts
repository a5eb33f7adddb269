/**
 * One typed channel for every pair of our processes. Pure: no VS Code, no Node, no DOM.
 *
 * A protocol is two contracts, one a side. A wrong name, parameter or result does not compile. Every call settles exactly
 * once: a handler that throws answers `fail`, a closed port rejects whatever is pending (design.md 3).
 */
import { AppError, fromWire, isAbort, toAppError, type WireError } from '../core/errors.ts';

/** What one side offers: calls that the other side makes, and events that this side sends. */
export interface Contract {
  readonly calls: Readonly<Record<string, { params: unknown; result: unknown; progress: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

/** The way frames travel: a webview, a child process, a worker, or an in-memory pair in tests. */
export interface Port {
  post(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: (reason: string) => void): void;
}

export type Frame =
  | { readonly t: 'call'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly t: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly t: 'done'; readonly id: number; readonly result: unknown }
  | { readonly t: 'fail'; readonly id: number; readonly error: WireError | 'aborted'; readonly sentence?: string }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'event'; readonly name: string; readonly value: unknown };

type CallName<C extends Contract> = keyof C['calls'] & string;
type EventName<C extends Contract> = keyof C['events'] & string;
type Params<C extends Contract, N extends CallName<C>> = C['calls'][N]['params'];
type Result<C extends Contract, N extends CallName<C>> = C['calls'][N]['result'];
type Progress<C extends Contract, N extends CallName<C>> = C['calls'][N]['progress'];

export interface CallContext<P> {
  readonly signal: AbortSignal;
  readonly progress: (value: P) => void;
}

/** One handler a call; a missing one does not compile. */
export type Handlers<C extends Contract> = {
  readonly [N in CallName<C>]: (
    params: Params<C, N>,
    context: CallContext<Progress<C, N>>,
  ) => Promise<Result<C, N>> | Result<C, N>;
};

/** One listener an event of the other side. */
export type Listeners<C extends Contract> = { readonly [N in EventName<C>]: (value: C['events'][N]) => void };

export interface CallOptions<P> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: P) => void;
}

interface Pending {
  readonly name: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly release: () => void;
}

export interface ChannelParts<Ours extends Contract, Theirs extends Contract> {
  readonly name: string;
  readonly port: Port;
  readonly handlers: Handlers<Ours>;
  readonly listeners: Listeners<Theirs>;
  /** Words a failed call for a peer that shows it to a person; without it the peer's error says its code and data. */
  readonly sentence?: (error: AppError) => string;
}

export class Channel<Ours extends Contract, Theirs extends Contract> {
  readonly #parts: ChannelParts<Ours, Theirs>;
  readonly #pending = new Map<number, Pending>();
  readonly #running = new Map<number, AbortController>();
  #nextId = 1;
  #closed: string | undefined;

  constructor(parts: ChannelParts<Ours, Theirs>) {
    this.#parts = parts;
    parts.port.onFrame((frame) => { this.#receive(frame); });
    parts.port.onClose((reason) => { this.close(reason); });
  }

  /** Calls the other side. Rejects with AppError, or with an AbortError once the peer has answered a cancel. */
  call<N extends CallName<Theirs>>(
    name: N,
    params: Params<Theirs, N>,
    options: CallOptions<Progress<Theirs, N>> = {},
  ): Promise<Result<Theirs, N>> {
    if (this.#closed !== undefined) return Promise.reject(new AppError('protocol.closed', { name: this.#parts.name }));
    if (options.signal?.aborted === true) return Promise.reject(abortError());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => { this.#post({ t: 'cancel', id }); };
      options.signal?.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, {
        name,
        // What comes back has the types of the contract that both sides were compiled with.
        resolve,
        reject,
        onProgress: options.onProgress,
        release: () => { options.signal?.removeEventListener('abort', cancel); },
      });
      try {
        this.#post({ t: 'call', id, name, params });
      } catch (thrown) {
        this.#settle(id)?.reject(toAppError(thrown, name));
      }
    });
  }

  emit<N extends EventName<Ours>>(name: N, value: Ours['events'][N]): void {
    if (this.#closed === undefined) this.#post({ t: 'event', name, value });
  }

  /** Rejects what is pending and aborts what runs. Idempotent. */
  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    for (const pending of this.#pending.values()) {
      pending.release();
      pending.reject(new AppError('protocol.closed', { name: this.#parts.name }, new Error(reason)));
    }
    this.#pending.clear();
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #post(frame: Frame): void {
    this.#parts.port.post(frame);
  }

  #receive(raw: unknown): void {
    if (!isFrame(raw) || this.#closed !== undefined) return;
    switch (raw.t) {
      case 'call': void this.#run(raw.id, raw.name, raw.params); return;
      case 'cancel': this.#running.get(raw.id)?.abort(); return;
      case 'progress': this.#report(raw.id, raw.value); return;
      case 'done': this.#settle(raw.id)?.resolve(raw.result); return;
      case 'fail': this.#settle(raw.id)?.reject(raw.error === 'aborted' ? abortError() : fromWire(raw.error, raw.sentence)); return;
      case 'event': this.#dispatch(raw.name, raw.value); return;
    }
  }

  /** A listener that throws fails its own call, and nothing else in this process. */
  #report(id: number, value: unknown): void {
    const pending = this.#pending.get(id);
    try {
      pending?.onProgress?.(value);
    } catch (thrown) {
      this.#post({ t: 'cancel', id });
      this.#settle(id)?.reject(toAppError(thrown, pending?.name ?? ''));
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.release();
    return pending;
  }

  #dispatch(name: string, value: unknown): void {
    // Names come from the peer; the listener table is complete by type, so a lookup by string is checked here.
    const listeners = this.#parts.listeners as Readonly<Record<string, ((value: unknown) => void) | undefined>>;
    listeners[name]?.(value);
  }

  async #run(id: number, name: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    // As above: handlers are complete by type, the name is checked at run time.
    const handlers = this.#parts.handlers as Readonly<Record<string, ErasedHandler | undefined>>;
    try {
      const handler = handlers[name];
      if (!handler) throw new AppError('protocol.failed', { name, reason: 'no such call' });
      const context = {
        signal: controller.signal,
        progress: (value: unknown) => { this.#answer({ t: 'progress', id, value }); },
      };
      const result = await handler(params, context);
      this.#answer({ t: 'done', id, result });
    } catch (thrown) {
      this.#fail(id, name, thrown);
    } finally {
      this.#running.delete(id);
    }
  }

  #fail(id: number, name: string, thrown: unknown): void {
    if (isAbort(thrown)) {
      this.#answer({ t: 'fail', id, error: 'aborted' });
      return;
    }
    const error = toAppError(thrown, name);
    const sentence = this.#parts.sentence?.(error);
    this.#answer({ t: 'fail', id, error: error.toWire(), ...(sentence !== undefined && { sentence }) });
  }

  #answer(frame: Frame): void {
    if (this.#closed === undefined) this.#post(frame);
  }
}

type ErasedHandler = (params: unknown, context: CallContext<unknown>) => unknown;

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && 't' in value && typeof value.t === 'string';
}

export function abortError(): Error {
  const error = new Error('aborted');
  error.name = 'AbortError';
  return error;
}
