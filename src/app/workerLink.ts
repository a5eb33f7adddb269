import { Worker, type WorkerOptions } from 'node:worker_threads';
import { Channel, type Contract, type Handlers, type Listeners } from '../protocol/channel.ts';
import { portToWorker } from './threadPorts.ts';

export interface WorkerLinkParts<Ours extends Contract> {
  /** For errors. */
  readonly name: string;
  /** Path of the bundled thread. */
  readonly script: string;
  readonly options?: WorkerOptions;
  readonly handlers: Handlers<Ours>;
  readonly listeners: Listeners<Ours>;
}

/** A worker thread that starts on first use, and anew after it ended. It keeps no process alive. */
export class WorkerLink<Ours extends Contract, Theirs extends Contract> {
  readonly #parts: WorkerLinkParts<Ours>;
  #worker: Worker | undefined;
  #channel: Channel<Ours, Theirs> | undefined;

  constructor(parts: WorkerLinkParts<Ours>) {
    this.#parts = parts;
  }

  /** The channel of the thread that runs; undefined when none does. */
  get running(): Channel<Ours, Theirs> | undefined {
    return this.#channel;
  }

  open(): Channel<Ours, Theirs> {
    if (this.#channel !== undefined) return this.#channel;
    const { name, script, options, handlers, listeners } = this.#parts;
    const worker = new Worker(script, options);
    this.#worker = worker;
    worker.unref();
    const channel = new Channel<Ours, Theirs>({ name, port: portToWorker(worker, () => { this.#channel = undefined; }), handlers, listeners });
    this.#channel = channel;
    return channel;
  }

  /** Idempotent; the next `open` would start a new thread. */
  async dispose(): Promise<void> {
    this.#channel?.close('disposed');
    const worker = this.#worker;
    this.#worker = undefined;
    this.#channel = undefined;
    await worker?.terminate();
  }
}
