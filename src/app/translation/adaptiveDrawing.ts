/** Drawing in rounds, each as large as all before it, until the pick is sure (method.md B, "Adaptive sampling"). */
import type { GeneratedText, GenerateOutcome, GenerateRequest } from '../../backend/backend.ts';
import type { AdaptiveSampling, Candidate, Steering } from '../../core/candidate.ts';
import { looks } from '../../core/ranking/adaptive.ts';
import type { RunSettings } from '../settings.ts';
import type { RunContext } from './translateSegment.ts';

/** Samples before the first look, and resamples a look. */
const rule = { first: 4, resamples: 200 } as const;

/** Undefined where all candidates are drawn: it is off, a reviewer asked for more, there is but one answer, or no look could follow. */
export function adaptiveOf({ adaptive, temperature, candidates, ranking: { utility } }: RunSettings, steering: Steering | undefined): AdaptiveSampling | undefined {
  if (adaptive === 0 || steering !== undefined || temperature === 0 || candidates <= rule.first) return undefined;
  return { ...rule, confidence: adaptive, utility: utility === 'chrf++' ? utility : 'chrf' };
}

export interface Drawing {
  readonly request: GenerateRequest;
  readonly adaptive: AdaptiveSampling | undefined;
  readonly onText: (text: GeneratedText) => void;
  /** A text as the candidate that it becomes. */
  readonly candidate: (text: GeneratedText) => Candidate;
}

/** All samples at once, or the first of the same samples. @throws AppError as the backend does */
export async function drawing({ backend, compute }: Pick<RunContext, 'backend' | 'compute'>, { request, adaptive, onText, candidate }: Drawing, signal: AbortSignal): Promise<GenerateOutcome> {
  if (adaptive === undefined) return backend.generate(request, onText, signal);
  const { sampling } = request;
  let texts: readonly GeneratedText[] = [];
  for (const until of looks(adaptive, sampling.n)) {
    const round = { ...request, sampling: { ...sampling, n: until - texts.length }, firstSample: texts.length };
    const outcome = await backend.generate(round, onText, signal);
    texts = [...texts, ...outcome.texts];
    const isLast = until === sampling.n || outcome.texts.length < round.sampling.n;
    if (isLast || (await compute.stability(texts.map(candidate), adaptive, signal)) >= adaptive.confidence) return { ...outcome, texts };
  }
  throw new Error('the last look is at all samples');
}
