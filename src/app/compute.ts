import type { CallOptions } from '../protocol/channel.ts';
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

  /** @param script path of the bundled worker. @param version of Interlinear, for signatures. */
  constructor(script: string, version: string) {
    this.#thread = new WorkerLink({ name: 'compute worker', script, options: { workerData: version }, handlers: {}, listeners: {} });
  }

  async loadAligner(folder: string): Promise<string> {
    return (await this.#thread.open().call('loadAligner', { folder })).signature;
  }

  rank(params: RankParams, signal?: AbortSignal): Promise<readonly Candidate[]> {
    return this.#thread.open().call('rank', params, options(signal));
  }

  /** U of each text with each. @throws AppError `ranking.badSettings` for a utility that needs a model */
  async utilities({ texts, settings }: UtilitiesParams, signal?: AbortSignal): Promise<Matrix> {
    return this.#thread.open().call('utilities', { utility: chrfUtility(settings), texts }, options(signal));
  }

  /** As `pickStability`: how sure the pick among these candidates is, 0 to 1. */
  stability(candidates: readonly Candidate[], adaptive: AdaptiveSampling, signal?: AbortSignal): Promise<number> {
    return this.#thread.open().call('stability', { candidates, adaptive }, options(signal));
  }

  alignment(params: AlignmentParams): Promise<AlignmentView> {
    return this.#thread.open().call('alignment', params);
  }

  async refine(pairs: readonly TextPair[], languages: LanguagePair): Promise<string> {
    return (await this.#thread.open().call('refine', { languages, pairs })).signature;
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
}

function options(signal: AbortSignal | undefined): CallOptions<never> {
  return signal === undefined ? {} : { signal };
}
