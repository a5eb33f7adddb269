import type { Candidate } from '../../core/candidate.ts';
import { rankByQuality } from '../../core/ranking/byQuality.ts';
import type { EngineUser } from '../../protocol/engine.ts';
import { KiwiEstimator, type KiwiOptions } from '../../scoring/kiwiEstimator.ts';

/** Candidates by the estimate of a model of the user's in the engine. */
export class QualityRanking {
  readonly #estimator: KiwiEstimator;

  constructor(engine: EngineUser, options: KiwiOptions) {
    this.#estimator = new KiwiEstimator(engine, options);
  }

  get signature(): string {
    return this.#estimator.signature;
  }

  /** @throws AppError `engine.*` */
  async rank(source: string, candidates: readonly Candidate[], signal: AbortSignal): Promise<readonly Candidate[]> {
    return rankByQuality(candidates, await this.#estimator.estimate(source, candidates.map(({ text }) => text), signal));
  }
}
