import type { Candidate } from '../../core/candidate.ts';
import { isAbort, toAppError, type AppError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { ScoreProgress } from '../../protocol/engine.ts';
import type { AlignmentView } from '../../protocol/review.ts';
import type { AlignmentParams, ModelAlignments, RankParams } from '../../protocol/worker.ts';
import type { Computing, UtilitiesParams } from '../compute.ts';
import type { AlignerChoice, Aligners } from './aligners.ts';
import { ModelAlignment, type AlignedTexts } from './modelAlignment.ts';

export interface ChosenAlignmentParts {
  /** Ranks, and aligns statistically. */
  readonly ranking: Computing;
  readonly aligners: Aligners;
  /** The model as the settings name it now; undefined: the statistical aligner. What it throws is a failure. */
  readonly choice: () => AlignerChoice | undefined;
  /** The statistical aligner stands in, and why; unless this throws. */
  readonly onFailure: (error: AppError) => void;
}

const never = new AbortController().signal;

/**
 * Coverage and heatmaps by the aligner that is chosen, everything else as it is ranked without. A model that cannot be used
 * leaves the work to the statistical aligner.
 */
export class ChosenAlignment implements Computing {
  readonly #parts: ChosenAlignmentParts;
  readonly #models = new Map<string, ModelAlignment>();

  constructor(parts: ChosenAlignmentParts) {
    this.#parts = parts;
  }

  /** Of the aligner that is chosen; `statistical` where that is the statistical one. */
  async signature(statistical: string, signal: AbortSignal): Promise<string> {
    return (await this.#byModel((model) => model.signature(signal))) ?? statistical;
  }

  /** As `Compute.rank`. */
  async rank(params: RankParams, signal: AbortSignal = never): Promise<readonly Candidate[]> {
    const { source, languages, candidates } = params;
    const alignments = await this.#align({ source, languages, targets: candidates.map(({ text }) => text) }, signal);
    return this.#parts.ranking.rank({ ...params, ...(alignments !== undefined && { alignments }) }, signal);
  }

  /** As `Compute.alignment`. */
  async alignment(params: AlignmentParams): Promise<AlignmentView> {
    const alignments = await this.#align(textsOf(params), never);
    return this.#parts.ranking.alignment({ ...params, ...(alignments !== undefined && { alignments }) });
  }

  /** One candidate by the span aligner, whoever else is chosen; a pass of its model a word. @throws AppError `engine.*` */
  async spans(params: AlignmentParams, choice: Omit<AlignerChoice, 'kind'>, onProgress: (progress: ScoreProgress) => void, signal: AbortSignal): Promise<AlignmentView> {
    const aligner = this.#parts.aligners.following({ ...choice, kind: 'span' }, onProgress);
    const alignments = await new ModelAlignment(aligner).align({ ...textsOf(params), targets: [params.target] }, signal);
    return this.#parts.ranking.alignment({ ...params, others: [], alignments });
  }

  stability(...given: Parameters<Computing['stability']>): ReturnType<Computing['stability']> {
    return this.#parts.ranking.stability(...given);
  }

  utilities(params: UtilitiesParams, signal?: AbortSignal): Promise<Matrix> {
    return this.#parts.ranking.utilities(params, signal);
  }

  /** Models do not learn from the document; the statistical aligner does, for when it is needed. */
  refine(...given: Parameters<Computing['refine']>): Promise<string> {
    return this.#parts.ranking.refine(...given);
  }

  checkCandidates(...given: Parameters<Computing['checkCandidates']>): ReturnType<Computing['checkCandidates']> {
    return this.#parts.ranking.checkCandidates(...given);
  }

  #align(texts: AlignedTexts, signal: AbortSignal): Promise<ModelAlignments | undefined> {
    return this.#byModel((model) => model.align(texts, signal));
  }

  async #byModel<T>(work: (model: ModelAlignment) => Promise<T>): Promise<T | undefined> {
    try {
      const choice = this.#parts.choice();
      if (choice === undefined) return undefined;
      const key = JSON.stringify(choice);
      const model = this.#models.get(key) ?? new ModelAlignment(this.#parts.aligners.aligner(choice));
      this.#models.set(key, model);
      return await work(model);
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      this.#parts.onFailure(toAppError(thrown, 'alignment'));
      return undefined;
    }
  }
}

function textsOf({ source, languages, target, others }: AlignmentParams): AlignedTexts {
  return { source, languages, targets: [target, ...others.map(({ text }) => text)] };
}
