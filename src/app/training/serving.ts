/** A model as it serves: N candidates, ranked by MBR, the best one out. What gates and adoptions compare. */
import type { Backend, BackendDescription } from '../../backend/backend.ts';
import { AppError } from '../../core/errors.ts';
import type { Candidate } from '../../core/candidate.ts';
import type { ScoredPair } from '../../core/evaluation/pairAccuracy.ts';
import type { Computing } from '../compute.ts';
import { samplingFor, type RunSettings } from '../settings.ts';
import { bestText } from '../translation/bestText.ts';
import type { HeldOutPair } from './jobData.ts';

export interface Served {
  readonly source: string;
  /** Undefined: every candidate was broken. */
  readonly text: string | undefined;
  /** Distinct texts among the candidates. */
  readonly distinct: number;
  /** Share of source words that the text accounts for, 0 to 1; undefined: nothing was aligned. */
  readonly coverage?: number;
  /** Mean chrF of the candidates with each other, 0 to 1; undefined: ranked by another utility, or there is one candidate. */
  readonly selfUtility?: number;
  readonly candidates: readonly Candidate[];
}

export interface SourceText {
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}

export interface ServingParts {
  readonly backend: Backend;
  readonly compute: Pick<Computing, 'rank'>;
  readonly settings: RunSettings;
}

export class Serving {
  readonly #parts: ServingParts;

  constructor(parts: ServingParts) {
    this.#parts = parts;
  }

  describe(signal: AbortSignal): Promise<BackendDescription> {
    return this.#parts.backend.describe(signal);
  }

  /** True for the utility that ranks its candidates: it must not judge them as well. */
  ranksBy(utility: string | undefined): boolean {
    return utility === this.#parts.settings.ranking.utility;
  }

  /**
   * The random stream is keyed by seed and source alone, so two calls of one model give the same texts.
   * @param draw 0: with the seed of the settings, as it serves; 1 and on: with the seeds after it
   */
  async translate({ source, sourceLanguage, targetLanguage }: SourceText, signal: AbortSignal, draw = 0): Promise<Served> {
    const { backend, compute, settings } = this.#parts;
    const { defaults, model } = await backend.describe(signal);
    const sampling = samplingFor(settings, defaults);
    const request = { segmentKey: source, source, sourceLanguage, targetLanguage, sampling, seed: settings.seed + draw };
    const { texts } = await backend.generate(request, () => undefined, signal);
    const drawn = [...texts].sort((a, b) => a.index - b.index).map((text): Candidate => ({
      text: text.text, count: 1, origin: model, scores: {},
      ...(text.text === '' && { issues: [{ kind: 'empty', detail: '' }] }),
      ...(text.finish === 'length' && { issues: [{ kind: 'truncated', detail: '' }] }),
    }));
    const candidates = await compute.rank({ source, languages: { source: sourceLanguage, target: targetLanguage }, candidates: drawn, settings: settings.ranking }, signal);
    const text = bestText(candidates);
    const coverage = candidates.find((candidate) => candidate.text === text)?.scores.sourceCoverage;
    const selfUtility = settings.ranking.utility === 'chrf' ? meanUtility(candidates) : undefined;
    return { source, text, distinct: candidates.length, candidates, ...(coverage !== undefined && { coverage }), ...(selfUtility !== undefined && { selfUtility }) };
  }

  /** Mean log P a token of both texts of each pair; undefined if the backend cannot score (llama-server, Ollama). */
  async score(pairs: readonly HeldOutPair[], signal: AbortSignal): Promise<readonly ScoredPair[] | undefined> {
    const { backend } = this.#parts;
    if (backend.score === undefined) return undefined;
    try {
      return await this.#scores(pairs, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'backend.cannot') return undefined;
      throw thrown;
    }
  }

  async #scores(pairs: readonly HeldOutPair[], signal: AbortSignal): Promise<readonly ScoredPair[]> {
    const { backend } = this.#parts;
    const scored: ScoredPair[] = [];
    for (const { source, chosen, rejected, sourceLanguage, targetLanguage } of pairs) {
      const { logProbs = [], tokens = [] } = await backend.score?.({ segmentKey: source, source, sourceLanguage, targetLanguage, completions: [chosen, rejected] }, signal) ?? {};
      const [first = Number.NaN, second = Number.NaN] = logProbs.map((sum, index) => sum / (tokens[index] ?? 1));
      scored.push({ source, chosen: first, rejected: second });
    }
    return scored;
  }
}

/** Of MBR scores, by count. */
function meanUtility(candidates: readonly Candidate[]): number | undefined {
  const scored = candidates.flatMap(({ count, scores: { mbr } }) => mbr === undefined ? [] : [{ count, mbr }]);
  const total = scored.reduce((sum, { count }) => sum + count, 0);
  return total < 2 ? undefined : scored.reduce((sum, { count, mbr }) => sum + count * mbr, 0) / total;
}
