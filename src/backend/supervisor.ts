import { AppError, isAbort } from '../core/errors.ts';
import { abortError, Channel, type CallOptions } from '../protocol/channel.ts';
import type { EngineClientContract, EngineContract, EngineHello, EngineSettings } from '../protocol/engine.ts';
import type { PeerProcess, SpawnPeer } from './childPort.ts';

type Calls = EngineContract['calls'];
type CallName = keyof Calls;

/** A running engine, as a task sees it. */
export interface EngineClient {
  readonly hello: EngineHello;
  call<N extends CallName>(
    name: N,
    params: Calls[N]['params'],
    options?: CallOptions<Calls[N]['progress']>,
  ): Promise<Calls[N]['result']>;
}

/** What is done with the engine. It may run a second time, in a new process, only if it had not begun. */
export type EngineTask<T> = (engine: EngineClient) => Promise<T>;

export type Urgency = 'usual' | 'urgent';

/** What a test replaces. */
export interface Timers {
  /** Milliseconds. */
  now(): number;
  after(ms: number, run: () => void): { cancel(): void };
}

export interface SupervisorOptions {
  readonly spawn: SpawnPeer;
  /** What the process may use, as it is set now; it is told before the next task. Absent: what the engine takes itself. */
  readonly settings?: () => EngineSettings;
  readonly timers?: Timers;
  /** How long a new process may take to answer. */
  readonly helloMs?: number;
  /** How long an unused process is kept. */
  readonly idleMs?: number;
  /** Crashes within the window after which no process is started until the oldest has left it. */
  readonly restarts?: number;
  readonly windowMs?: number;
}

interface Running {
  readonly process: PeerProcess;
  readonly client: EngineClient;
  /** The settings that it was told last. */
  configured: string;
}

interface Queued {
  readonly run: (engine: EngineClient) => Promise<void>;
  readonly fail: (reason: Error) => void;
  crashesSeen: number;
}

/** Settings that are empty are the engine's own. */
const unconfigured = '{}';

const realTimers: Timers = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return { cancel: () => { clearTimeout(timer); } };
  },
};

/**
 * Keeps one engine process: started with the first task, stopped when unused, restarted after a crash within a budget.
 *
 * Tasks run one at a time. A crash fails the task that ran with `engine.crashed`; tasks still waiting are replayed once in a
 * new process. When the budget (3 restarts in 10 minutes) is spent, all that waits fails, and so do later tasks until a
 * crash is old enough.
 */
export class EngineSupervisor {
  readonly #options: Required<SupervisorOptions>;
  readonly #queue: Queued[] = [];
  readonly #stop = new AbortController();
  #crashes: number[] = [];
  #lastCrash = '';
  #running: Running | undefined;
  #starting: PeerProcess | undefined;
  #idle: { cancel(): void } | undefined;
  #working = false;

  constructor(options: SupervisorOptions) {
    this.#options = { timers: realTimers, helloMs: 20_000, idleMs: 300_000, restarts: 3, windowMs: 600_000, settings: () => ({}), ...options };
  }

  /**
   * Runs a task in its turn; an urgent one goes before all that wait. Rejects with `engine.crashed`, with what the task
   * rejects with, or, when aborted, an AbortError.
   */
  use<T>(task: EngineTask<T>, signal: AbortSignal, urgency: Urgency = 'usual'): Promise<T> {
    if (signal.aborted || this.#stop.signal.aborted) return Promise.reject(abortError());
    return new Promise((resolve, reject) => {
      const queued: Queued = {
        run: async (engine) => {
          signal.removeEventListener('abort', leave);
          const outcome = this.#attempt(task, engine);
          resolve(outcome);
          await outcome.catch(() => undefined);
        },
        fail: (reason) => {
          signal.removeEventListener('abort', leave);
          reject(reason);
        },
        crashesSeen: 0,
      };
      const leave = (): void => {
        const at = this.#queue.indexOf(queued);
        if (at >= 0) this.#queue.splice(at, 1);
        reject(abortError());
      };
      signal.addEventListener('abort', leave, { once: true });
      if (urgency === 'urgent') this.#queue.unshift(queued);
      else this.#queue.push(queued);
      void this.#work();
    });
  }

  /** Ends the process and aborts what waits. Idempotent. */
  async dispose(): Promise<void> {
    this.#stop.abort();
    this.#idle?.cancel();
    for (const queued of this.#queue.splice(0)) queued.fail(abortError());
    const process = this.#running?.process ?? this.#starting;
    process?.kill();
    await process?.exited;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    this.#idle?.cancel();
    while (this.#queue.length > 0) {
      const running = this.#running ?? (await this.#start());
      if (running === undefined || !await this.#configured(running)) continue;
      await this.#queue.shift()?.run(running.client);
    }
    this.#working = false;
    if (this.#running) this.#idle = this.#options.timers.after(this.#options.idleMs, () => { this.#rest(); });
  }

  /** Starts a process, or fails all that waits when the budget is spent. Undefined when there is none yet. */
  async #start(): Promise<Running | undefined> {
    const { timers, restarts, windowMs } = this.#options;
    this.#crashes = this.#crashes.filter((time) => timers.now() - time < windowMs);
    if (this.#crashes.length > restarts) {
      const minutes = String(Math.round(windowMs / 60_000));
      const detail = `it ended ${String(this.#crashes.length)} times in ${minutes} minutes and is not restarted for now; last: ${this.#lastCrash}`;
      for (const queued of this.#queue.splice(0)) queued.fail(new AppError('engine.crashed', { detail }));
      return undefined;
    }
    const process = this.#spawn();
    if (!process) return undefined;
    this.#starting = process;
    const channel = new Channel<EngineClientContract, EngineContract>({ name: 'engine', port: process.port, handlers: {}, listeners: {} });
    let hello: EngineHello;
    try {
      hello = await this.#greet(channel);
    } catch (thrown) {
      process.kill();
      this.#crashed(isAbort(thrown) ? `no answer within ${String(this.#options.helloMs / 1000)} s` : await process.exited);
      return undefined;
    } finally {
      this.#starting = undefined;
    }
    const client: EngineClient = { hello, call: (name, params, options) => channel.call(name, params, options) };
    const running = { process, client, configured: unconfigured };
    this.#running = running;
    void process.exited.then((detail) => { if (this.#running === running) this.#crashed(detail); });
    return running;
  }

  /** Tells the process its settings where they changed. False: it is gone. */
  async #configured(running: Running): Promise<boolean> {
    const settings = this.#options.settings();
    const configured = JSON.stringify(settings);
    if (configured === running.configured) return true;
    try {
      await running.client.call('configure', settings);
      running.configured = configured;
      return true;
    } catch (thrown) {
      if (this.#running !== running) return false;
      running.process.kill();
      this.#crashed(thrown instanceof Error ? thrown.message : String(thrown));
      return false;
    }
  }

  #spawn(): PeerProcess | undefined {
    try {
      return this.#options.spawn();
    } catch (thrown) {
      this.#crashed(thrown instanceof Error ? thrown.message : String(thrown));
      return undefined;
    }
  }

  async #greet(channel: Channel<EngineClientContract, EngineContract>): Promise<EngineHello> {
    let late: { cancel(): void } | undefined;
    const limit = new Promise<never>((_, reject) => {
      late = this.#options.timers.after(this.#options.helloMs, () => { reject(abortError()); });
    });
    try {
      return await Promise.race([channel.call('hello', null), limit]);
    } finally {
      late?.cancel();
    }
  }

  /** Notes a crash. What waited through two of them fails. */
  #crashed(detail: string): void {
    this.#running = undefined;
    if (this.#stop.signal.aborted) return;
    this.#lastCrash = detail;
    this.#crashes.push(this.#options.timers.now());
    for (const queued of [...this.#queue]) {
      if (++queued.crashesSeen < 2) continue;
      this.#queue.splice(this.#queue.indexOf(queued), 1);
      queued.fail(new AppError('engine.crashed', { detail }));
    }
  }

  #rest(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.process.kill();
  }

  /** A call that a closed channel rejected is a crash, or an abort when we closed it. */
  async #attempt<T>(task: EngineTask<T>, engine: EngineClient): Promise<T> {
    try {
      return await task(engine);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'protocol.closed') throw thrown;
      if (this.#stop.signal.aborted) throw abortError();
      const detail = thrown.cause instanceof Error ? thrown.cause.message : this.#lastCrash;
      throw new AppError('engine.crashed', { detail }, thrown);
    }
  }
}
