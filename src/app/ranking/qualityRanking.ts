import { forkPeer } from '../../backend/childPort.ts';
import { EngineSupervisor } from '../../backend/supervisor.ts';
import type { Candidate } from '../../core/candidate.ts';
import { rankByQuality } from '../../core/ranking/byQuality.ts';
import { KiwiEstimator, type KiwiOptions } from '../../scoring/kiwiEstimator.ts';

/** Candidates by the estimate of a model of the user's, from an engine process of its own. */
export class QualityRanking {
  readonly #engine: EngineSupervisor;
  readonly #estimator: KiwiEstimator;

  /** @param engineScript the engine's bundle; nothing is started before the first ranking */
  constructor(engineScript: string, options: KiwiOptions) {
    this.#engine = new EngineSupervisor({ spawn: () => forkPeer({ modulePath: engineScript }) });
    this.#estimator = new KiwiEstimator(this.#engine, options);
  }

  get signature(): string {
    return this.#estimator.signature;
  }

  /** @throws AppError `engine.*` */
  async rank(source: string, candidates: readonly Candidate[], signal: AbortSignal): Promise<readonly Candidate[]> {
    return rankByQuality(candidates, await this.#estimator.estimate(source, candidates.map(({ text }) => text), signal));
  }

  /** Ends the engine process. Idempotent. */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }
}
