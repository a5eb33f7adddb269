import { forkPeer } from '../backend/childPort.ts';
import { EngineSupervisor } from '../backend/supervisor.ts';
import type { Candidate } from '../core/candidate.ts';
import type { RankParams } from '../protocol/worker.ts';
import { CometUtility, type CometOptions } from '../scoring/cometUtility.ts';
import type { Compute } from './compute.ts';

/** Ranking by COMET: utilities from an engine process of its own, the ranking from the compute worker. */
export class CometRanking {
  readonly #compute: Pick<Compute, 'rank'>;
  readonly #engine: EngineSupervisor;
  readonly #utility: CometUtility;

  /** @param engineScript the engine's bundle; nothing is started before the first ranking */
  constructor(compute: Pick<Compute, 'rank'>, engineScript: string, options: CometOptions) {
    this.#compute = compute;
    this.#engine = new EngineSupervisor({ spawn: () => forkPeer({ modulePath: engineScript }) });
    this.#utility = new CometUtility(this.#engine, options);
  }

  /** As `Compute.rank`. @throws AppError `engine.*` */
  async rank(params: RankParams, signal: AbortSignal): Promise<readonly Candidate[]> {
    const texts = [...new Set(params.candidates.map(({ text }) => text))];
    const matrix = await this.#utility.pairwise({ source: params.source, hypotheses: texts, references: texts }, signal);
    return this.#compute.rank({ ...params, utilities: { texts, matrix } }, signal);
  }

  /** Ends the engine process. The compute worker is its owner's. */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }
}
