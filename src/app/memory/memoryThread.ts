import type { CallOptions } from '../../protocol/channel.ts';
import type { MemoryCalls, MemoryClientContract, MemoryContract } from '../../protocol/memory.ts';
import { WorkerLink } from '../workerLink.ts';

type Params<N extends keyof MemoryCalls> = MemoryCalls[N]['params'];
type Result<N extends keyof MemoryCalls> = Promise<MemoryCalls[N]['result']>;

/** What searches memories and takes in what is judged: the thread below, or the same functions in a test's own thread. */
export type Remembering = Pick<MemoryThread, 'query' | 'put'>;

/** Translation memories in a thread of their own, started on first use. */
export class MemoryThread {
  readonly #thread: WorkerLink<MemoryClientContract, MemoryContract>;

  /** @param script path of the bundled thread */
  constructor(script: string) {
    this.#thread = new WorkerLink({ name: 'memory thread', script, handlers: {}, listeners: {} });
  }

  query(params: Params<'memoryQuery'>, signal?: AbortSignal): Result<'memoryQuery'> {
    return this.#thread.open().call('memoryQuery', params, signal === undefined ? {} : { signal });
  }

  /** A thread that does not run yet will read it from the journal. */
  async put(params: Params<'memoryPut'>): Promise<void> {
    await this.#thread.running?.call('memoryPut', params);
  }

  concordance(params: Params<'memoryConcordance'>, options: CallOptions<MemoryCalls['memoryConcordance']['progress']>): Result<'memoryConcordance'> {
    return this.#thread.open().call('memoryConcordance', params, options);
  }

  pairs(params: Params<'memoryPairs'>): Result<'memoryPairs'> {
    return this.#thread.open().call('memoryPairs', params);
  }

  importTmx(params: Params<'memoryImport'>, options: CallOptions<MemoryCalls['memoryImport']['progress']>): Result<'memoryImport'> {
    return this.#thread.open().call('memoryImport', params, options);
  }

  exportTmx(params: Params<'memoryExport'>, options: CallOptions<MemoryCalls['memoryExport']['progress']>): Result<'memoryExport'> {
    return this.#thread.open().call('memoryExport', params, options);
  }

  /** Idempotent; the next call would start a new thread. */
  async dispose(): Promise<void> {
    await this.#thread.dispose();
  }
}
