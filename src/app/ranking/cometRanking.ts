import type { Matrix } from '../../core/matrix.ts';
import type { Candidate } from '../../core/candidate.ts';
import type { EngineUser, LoadedScorer } from '../../protocol/engine.ts';
import type { RankParams } from '../../protocol/worker.ts';
import { CometUtility, type CometOptions } from '../../scoring/cometUtility.ts';
import type { Compute } from '../compute.ts';
import { Memory } from './memory.ts';

/** Utilities of a model that are kept, in floats: 8 million are 32 MB. */
const keptUtilities = 8_000_000;

/** Ranking by one COMET model: utilities from the engine process, the ranking from the compute worker. */
export class CometRanking {
  readonly #compute: Pick<Compute, 'rank'>;
  readonly #utility: CometUtility;
  readonly #known = new Memory<Matrix>(keptUtilities);

  constructor(compute: Pick<Compute, 'rank'>, engine: EngineUser, options: CometOptions) {
    this.#compute = compute;
    this.#utility = new CometUtility(engine, options);
  }

  load(signal: AbortSignal): Promise<LoadedScorer> {
    return this.#utility.load(signal);
  }

  /** As `Compute.rank`; what was scored before is not scored again. @throws AppError `engine.*` */
  async rank(params: RankParams, signal: AbortSignal): Promise<readonly Candidate[]> {
    return this.#compute.rank({ ...params, utilities: await this.utilities(params.source, params.candidates.map(({ text }) => text), signal) }, signal);
  }

  /** U of the distinct texts, in the order of `texts`. @throws AppError `engine.*` */
  async utilities(source: string, given: readonly string[], signal: AbortSignal): Promise<{ readonly texts: readonly string[]; readonly matrix: Matrix }> {
    const texts = [...new Set(given)].sort();
    const key = JSON.stringify([source, ...texts]);
    const matrix = this.#known.get(key) ?? await this.#utility.pairwise({ source, hypotheses: texts, references: texts }, signal);
    this.#known.set(key, matrix, matrix.data.length);
    return { texts, matrix };
  }
}
