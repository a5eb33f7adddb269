/** log P under the model that translates, for texts that it did not write itself: a teacher's, and those of the memory. */
import type { GenerateOutcome, GenerateRequest, ScoreRequest } from '../../backend/backend.ts';
import type { Candidate } from '../../core/candidate.ts';
import { isAbort } from '../../core/errors.ts';
import type { RunContext } from './translateSegment.ts';

export interface ForeignText {
  readonly candidate: Candidate;
  /** As the model would have written it: marks in the place of protected spans. */
  readonly masked: string;
}

/** What runs are told when texts could not be scored: the segment goes on without these numbers. */
export type OnScoringFailure = (error: unknown) => void;

/** What was asked for, and what came. */
export interface Drawn {
  readonly request: GenerateRequest;
  readonly outcome: GenerateOutcome;
}

type Scoring = Pick<RunContext, 'backend' | 'description' | 'onScoringFailure'>;

/**
 * The candidates, in their order, with log P where the backend tells it. Texts that were drawn as well have their own, and
 * broken ones are not worth asking about. After a given beginning the samples count only what follows it: nothing is scored then.
 */
export async function withLogProbs(run: Scoring, { request, outcome }: Drawn, foreign: readonly ForeignText[], signal: AbortSignal): Promise<readonly Candidate[]> {
  const drawn = new Set(outcome.texts.map(({ text }) => text));
  const asked = foreign.filter(({ candidate, masked }) => candidate.issues === undefined && !drawn.has(masked));
  const scores = request.context?.prefix === undefined ? await scoresOf(run, scoreRequest({ request, outcome }, asked), signal) : new Map<string, Score>();
  return foreign.map(({ candidate, masked }) => ({ ...candidate, ...scores.get(masked) }));
}

type Score = Required<Pick<Candidate, 'logProb' | 'tokens'>>;

/** The prompt that was sampled from, with the auxiliary translation that the model wrote for it. */
function scoreRequest({ request, outcome: { auxiliary } }: Drawn, asked: readonly ForeignText[]): ScoreRequest {
  const { segmentKey, source, sourceLanguage, targetLanguage, context } = request;
  const sent = auxiliary === undefined ? context : { ...context, auxiliary: { mode: 'given' as const, ...auxiliary } };
  const completions = [...new Set(asked.map(({ masked }) => masked))];
  return { segmentKey, source, sourceLanguage, targetLanguage, completions, ...(sent !== undefined && { context: sent }) };
}

async function scoresOf({ backend, description, onScoringFailure }: Scoring, request: ScoreRequest, signal: AbortSignal): Promise<ReadonlyMap<string, Score>> {
  if (!description.scoresTexts || backend.score === undefined || request.completions.length === 0) return new Map();
  try {
    const { logProbs, tokens } = await backend.score(request, signal);
    return new Map(request.completions.flatMap((text, index) => {
      const [logProb, count] = [logProbs[index], tokens[index]];
      return logProb === undefined || count === undefined ? [] : [[text, { logProb, tokens: count }] as const];
    }));
  } catch (thrown) {
    if (isAbort(thrown) || signal.aborted) throw thrown;
    onScoringFailure?.(thrown);
    return new Map();
  }
}
