import { Worker } from 'node:worker_threads';
import { Channel, type CallOptions } from '../../protocol/channel.ts';
import type { MemoryCalls, MemoryClientContract, MemoryContract } from '../../protocol/memory.ts';
import { portToWorker } from '../threadPorts.ts';

type Params<N extends keyof MemoryCalls> = MemoryCalls[N]['params'];
type Result<N extends keyof MemoryCalls> = Promise<MemoryCalls[N]['result']>;

/** What searches memories and takes in what is judged: the thread below, or the same functions in a test's own thread. */
export type Remembering = Pick<MemoryThread, 'query' | 'put'>;

/** Translation memories in a thread of their own, started on first use. */
export class MemoryThread {
  readonly #script: string;
  #worker: Worker | undefined;
  #channel: Channel<MemoryClientContract, MemoryContract> | undefined;

  /** @param script path of the bundled thread */
  constructor(script: string) {
    this.#script = script;
  }

  query(params: Params<'memoryQuery'>, signal?: AbortSignal): Result<'memoryQuery'> {
    return this.#open().call('memoryQuery', params, signal === undefined ? {} : { signal });
  }

  /** A thread that does not run yet will read it from the journal. */
  async put(params: Params<'memoryPut'>): Promise<void> {
    await this.#channel?.call('memoryPut', params);
  }

  concordance(params: Params<'memoryConcordance'>, signal?: AbortSignal): Result<'memoryConcordance'> {
    return this.#open().call('memoryConcordance', params, signal === undefined ? {} : { signal });
  }

  importTmx(params: Params<'memoryImport'>, options: CallOptions<MemoryCalls['memoryImport']['progress']>): Result<'memoryImport'> {
    return this.#open().call('memoryImport', params, options);
  }

  exportTmx(params: Params<'memoryExport'>, options: CallOptions<MemoryCalls['memoryExport']['progress']>): Result<'memoryExport'> {
    return this.#open().call('memoryExport', params, options);
  }

  /** Idempotent; the next call would start a new thread. */
  async dispose(): Promise<void> {
    this.#channel?.close('disposed');
    const worker = this.#worker;
    this.#worker = undefined;
    this.#channel = undefined;
    await worker?.terminate();
  }

  #open(): Channel<MemoryClientContract, MemoryContract> {
    if (this.#channel !== undefined) return this.#channel;
    const worker = new Worker(this.#script);
    this.#worker = worker;
    worker.unref();
    const channel = new Channel<MemoryClientContract, MemoryContract>({
      name: 'memory thread',
      port: portToWorker(worker, () => { this.#channel = undefined; }),
      handlers: {},
      listeners: {},
    });
    this.#channel = channel;
    return channel;
  }
}
