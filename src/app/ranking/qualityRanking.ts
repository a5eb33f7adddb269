import type { Candidate } from '../../core/candidate.ts';
import { rankByQuality } from '../../core/ranking/byQuality.ts';
import type { EngineUser, LoadedScorer } from '../../protocol/engine.ts';
import { KiwiEstimator, type KiwiOptions } from '../../scoring/kiwiEstimator.ts';
import { Memory } from './memory.ts';

/** Estimates that are kept. */
const keptEstimates = 200_000;

/** Candidates by the estimate of a model of the user's in the engine. */
export class QualityRanking {
  readonly #estimator: KiwiEstimator;
  readonly #known = new Memory<number>(keptEstimates);

  constructor(engine: EngineUser, options: KiwiOptions) {
    this.#estimator = new KiwiEstimator(engine, options);
  }

  get signature(): string {
    return this.#estimator.signature;
  }

  load(signal: AbortSignal): Promise<LoadedScorer> {
    return this.#estimator.load(signal);
  }

  /** What was estimated before is not estimated again. @throws AppError `engine.*` */
  async rank(source: string, candidates: readonly Candidate[], signal: AbortSignal): Promise<readonly Candidate[]> {
    const key = (text: string): string => JSON.stringify([source, text]);
    const missing = [...new Set(candidates.map(({ text }) => text))].filter((text) => this.#known.get(key(text)) === undefined);
    const found = missing.length === 0 ? [] : await this.#estimator.estimate(source, missing, signal);
    missing.forEach((text, index) => { this.#known.set(key(text), found[index] ?? NaN, 1); });
    return rankByQuality(candidates, candidates.map(({ text }) => this.#known.get(key(text)) ?? NaN));
  }
}
