/** A model as it serves: N candidates, ranked by MBR, the best one out. What gates and adoptions compare. */
import type { Backend, BackendDescription } from '../../backend/backend.ts';
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

  /** The random stream is keyed by seed and source alone, so two calls of one model give the same texts. */
  async translate({ source, sourceLanguage, targetLanguage }: SourceText, signal: AbortSignal): Promise<Served> {
    const { backend, compute, settings } = this.#parts;
    const { defaults, model } = await backend.describe(signal);
    const sampling = samplingFor(settings, defaults);
    const request = { segmentKey: source, source, sourceLanguage, targetLanguage, sampling, seed: settings.seed };
    const { texts } = await backend.generate(request, () => undefined, signal);
    const drawn = [...texts].sort((a, b) => a.index - b.index).map((text): Candidate => ({
      text: text.text, count: 1, origin: model, scores: {},
      ...(text.text.trim() === '' && { issues: [{ kind: 'empty', detail: '' }] }),
      ...(text.finish === 'length' && { issues: [{ kind: 'truncated', detail: '' }] }),
    }));
    const candidates = await compute.rank({ source, languages: { source: sourceLanguage, target: targetLanguage }, candidates: drawn, settings: settings.ranking }, signal);
    return { source, text: bestText(candidates), distinct: candidates.length, candidates };
  }

  /** Mean log P a token of both texts of each pair; undefined if the backend cannot score. */
  async score(pairs: readonly HeldOutPair[], signal: AbortSignal): Promise<readonly ScoredPair[] | undefined> {
    const { backend } = this.#parts;
    if (backend.score === undefined) return undefined;
    const scored: ScoredPair[] = [];
    for (const { source, chosen, rejected, sourceLanguage, targetLanguage } of pairs) {
      const { logProbs, tokens } = await backend.score({ segmentKey: source, source, sourceLanguage, targetLanguage, completions: [chosen, rejected] }, signal);
      const [first = Number.NaN, second = Number.NaN] = logProbs.map((sum, index) => sum / (tokens[index] ?? 1));
      scored.push({ source, chosen: first, rejected: second });
    }
    return scored;
  }
}
