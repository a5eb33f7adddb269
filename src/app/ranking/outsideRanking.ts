import type { Candidate } from '../../core/candidate.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Utility } from '../../core/ranking/utility.ts';
import type { RankParams } from '../../protocol/worker.ts';
import type { Compute } from '../compute.ts';
import { Memory } from './memory.ts';

/** Utilities of a model that are kept, in floats: 8 million are 32 MB. */
const keptUtilities = 8_000_000;

/** What has a name, and a licence that is to be said. */
export interface RankingModel {
  readonly name: string;
  readonly revision: string;
  readonly licence: string;
  readonly providerNote?: string;
}

/** A utility that is not computed here: it is looked for before anything waits for it. */
export interface OutsideUtility extends Utility {
  load(signal: AbortSignal): Promise<RankingModel>;
}

/** Ranking by a utility from outside: its values from the engine process or an endpoint, the ranking from the compute worker. */
export class OutsideRanking {
  readonly #compute: Pick<Compute, 'rank'>;
  readonly #utility: OutsideUtility;
  readonly #known = new Memory<Matrix>(keptUtilities);

  constructor(compute: Pick<Compute, 'rank'>, utility: OutsideUtility) {
    this.#compute = compute;
    this.#utility = utility;
  }

  load(signal: AbortSignal): Promise<RankingModel> {
    return this.#utility.load(signal);
  }

  /** As `Compute.rank`; what was scored before is not scored again. @throws AppError `engine.*`, `backend.*` */
  async rank(params: RankParams, signal: AbortSignal): Promise<readonly Candidate[]> {
    return this.#compute.rank({ ...params, utilities: await this.utilities(params.source, params.candidates.map(({ text }) => text), signal) }, signal);
  }

  /** U of the distinct texts, in the order of `texts`. @throws AppError `engine.*`, `backend.*` */
  async utilities(source: string, given: readonly string[], signal: AbortSignal): Promise<{ readonly texts: readonly string[]; readonly matrix: Matrix }> {
    const texts = [...new Set(given)].sort();
    const key = JSON.stringify([source, ...texts]);
    const matrix = this.#known.get(key) ?? await this.#utility.pairwise({ source, hypotheses: texts, references: texts }, signal);
    this.#known.set(key, matrix, matrix.data.length);
    return { texts, matrix };
  }
}
