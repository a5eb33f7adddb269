import type { CallOptions, Channel } from '../protocol/channel.ts';
import type { CheckCandidates, CheckedDocument, CheckFiles } from '../protocol/checking.ts';
import type { AlignmentParams, LanguagePair, RankParams, WorkerClientContract, WorkerContract } from '../protocol/worker.ts';
import type { AlignmentView } from '../protocol/review.ts';
import type { AdaptiveSampling, Candidate, RankingSettings } from '../core/candidate.ts';
import type { Matrix } from '../core/matrix.ts';
import { chrfUtility } from '../core/ranking/rankCandidates.ts';
import type { Link, TokenPair } from '../core/alignment/aligner.ts';
import type { Finding } from '../core/quality/check.ts';
import { WorkerLink } from './workerLink.ts';

interface TextPair {
  readonly source: string;
  readonly target: string;
}

export interface UtilitiesParams {
  readonly source: string;
  readonly texts: readonly string[];
  readonly settings: RankingSettings;
}

/** What ranks and aligns: the worker below, or the same functions in the test's own thread. */
export type Computing = Pick<Compute, 'rank' | 'stability' | 'utilities' | 'alignment' | 'refine' | 'checkCandidates'>;

/** Ranking and alignment in a worker thread, started on first use: never in the extension host (decisions.md 3). */
export class Compute {
  readonly #thread: WorkerLink<WorkerClientContract, WorkerContract>;
  #aligner: string | undefined;
  /** The thread that has the aligner, or is loading it: one that starts anew has none. */
  #loadedBy: Thread | undefined;
  #loaded: Promise<string> | undefined;

  /**
   * @param script path of the bundled worker. @param version of Interlinear, for signatures.
   * @param aligner folder of the statistical aligner, loaded before anything is ranked or aligned. Absent: none, until one is named.
   */
  constructor(script: string, version: string, aligner?: string) {
    this.#aligner = aligner;
    this.#thread = new WorkerLink({ name: 'compute worker', script, options: { workerData: version }, handlers: {}, listeners: {} });
  }

  /** Loads an aligner that this thread does not have yet, and answers its signature. */
  async loadAligner(folder: string): Promise<string> {
    if (folder !== this.#aligner) this.#loadedBy = undefined;
    this.#aligner = folder;
    return this.#load(folder, this.#thread.open());
  }

  async rank(params: RankParams, signal?: AbortSignal): Promise<readonly Candidate[]> {
    return (await this.#aligning()).call('rank', params, options(signal));
  }

  /** U of each text with each. @throws AppError `ranking.badSettings` for a utility that needs a model */
  async utilities({ texts, settings }: UtilitiesParams, signal?: AbortSignal): Promise<Matrix> {
    return this.#thread.open().call('utilities', { utility: chrfUtility(settings), texts }, options(signal));
  }

  /** As `pickStability`: how sure the pick among these candidates is, 0 to 1. */
  stability(candidates: readonly Candidate[], adaptive: AdaptiveSampling, signal?: AbortSignal): Promise<number> {
    return this.#thread.open().call('stability', { candidates, adaptive }, options(signal));
  }

  async alignment(params: AlignmentParams): Promise<AlignmentView> {
    return (await this.#aligning()).call('alignment', params);
  }

  async refine(pairs: readonly TextPair[], languages: LanguagePair): Promise<string> {
    return (await (await this.#aligning()).call('refine', { languages, pairs })).signature;
  }

  alignCorpus(pairs: readonly TokenPair[], align: number, onProgress?: (done: number, total: number) => void): Promise<readonly (readonly Link[])[]> {
    return this.#thread.open().call('alignCorpus', { pairs, align }, {
      onProgress: ({ done, total }) => { onProgress?.(done, total); },
    });
  }

  check(params: CheckFiles, signal?: AbortSignal): Promise<CheckedDocument> {
    return this.#thread.open().call('check', params, options(signal));
  }

  checkCandidates(params: CheckCandidates): Promise<readonly (readonly Finding[])[]> {
    return this.#thread.open().call('checkCandidates', params);
  }

  /** Idempotent; the next call would start a new worker. */
  async dispose(): Promise<void> {
    await this.#thread.dispose();
  }

  /** The thread, with its aligner. */
  async #aligning(): Promise<Thread> {
    const thread = this.#thread.open();
    if (this.#aligner !== undefined) await this.#load(this.#aligner, thread);
    return thread;
  }

  /** Once a thread; again after a failure. */
  async #load(folder: string, thread: Thread): Promise<string> {
    if (this.#loadedBy !== thread || this.#loaded === undefined) {
      this.#loadedBy = thread;
      this.#loaded = thread.call('loadAligner', { folder }).then(({ signature }) => signature);
    }
    try {
      return await this.#loaded;
    } catch (thrown) {
      this.#loadedBy = undefined;
      throw thrown;
    }
  }
}

type Thread = Channel<WorkerClientContract, WorkerContract>;

function options(signal: AbortSignal | undefined): CallOptions<never> {
  return signal === undefined ? {} : { signal };
}
