/** Does the model that will serve read and score texts as the trainer does? Run before training (training-and-serving.md 1.5). */
import type { Backend, ScoreOutcome, ScoreRequest } from '../../backend/backend.ts';
import { AppError } from '../../core/errors.ts';
import type { PreflightReport } from '../../protocol/preflightReport.ts';
import type { SourceText } from './serving.ts';

/** Nats a token: 8-bit weights and bfloat16 stay well below, another template or another model does not. */
const largestFair = 0.1;

export interface ServingComparison {
  readonly server: string;
  readonly model: string;
  readonly texts: number;
  /** Prompts whose token ids differ from the trainer's; undefined: the server does not tell its ids. */
  readonly otherPrompts?: number;
  /** Texts that have another number of tokens; undefined: the server does not score. */
  readonly otherTokens?: number;
  /** Largest difference of log P, nats a token; undefined: the server does not score. */
  readonly largestGap?: number;
  /** `unknown`: the server tells neither ids nor scores. */
  readonly state: 'same' | 'differs' | 'unknown';
}

/** `languages` says what each source is translated from and to. @throws AppError `backend.*`, `engine.*` */
export async function compareServing(report: PreflightReport, backend: Backend, languages: readonly SourceText[], signal: AbortSignal): Promise<ServingComparison> {
  const { name, model } = await backend.describe(signal);
  const bySource = new Map(languages.map((row) => [row.source, row]));
  const rows = (report.scored ?? []).flatMap((row) => {
    const known = bySource.get(row.source);
    return known === undefined ? [] : [{ ...row, request: { segmentKey: row.source, ...known } }];
  });
  const [prompts, scores] = [await comparePrompts(rows, backend, signal), await compareScores(rows, backend, signal)];
  const differs = (prompts?.otherPrompts ?? 0) > 0 || (scores?.otherTokens ?? 0) > 0 || (scores?.largestGap ?? 0) > largestFair;
  const known = rows.length > 0 && (prompts !== undefined || scores !== undefined);
  return { server: name, model, texts: rows.length, ...prompts, ...scores, state: differs ? 'differs' : known ? 'same' : 'unknown' };
}

type Scored = NonNullable<PreflightReport['scored']>[number] & { readonly request: SourceText & { readonly segmentKey: string } };

async function comparePrompts(rows: readonly Scored[], backend: Backend, signal: AbortSignal): Promise<{ readonly otherPrompts: number } | undefined> {
  let otherPrompts = 0;
  for (const { promptIds, request } of rows) {
    const ids = await backend.promptIds?.(request, signal);
    if (ids === undefined) return undefined;
    if (ids.length !== promptIds.length || ids.some((id, at) => id !== promptIds[at])) otherPrompts += 1;
  }
  return { otherPrompts };
}

/** The embedded engine counts the end token, servers do not. */
async function compareScores(rows: readonly Scored[], backend: Backend, signal: AbortSignal): Promise<{ readonly otherTokens: number; readonly largestGap: number } | undefined> {
  const withEnd = (await backend.describe(signal)).name === 'embedded';
  let [otherTokens, largestGap] = [0, 0];
  for (const { text, tokens, logProb, endLogProb, request } of rows) {
    const scored = await scoreIfAble(backend, { ...request, completions: [text] }, signal);
    if (scored === undefined) return undefined;
    const own = { tokens: tokens + Number(withEnd), logProb: logProb + (withEnd ? endLogProb : 0) };
    if (scored.tokens[0] !== own.tokens) otherTokens += 1;
    largestGap = Math.max(largestGap, Math.abs((scored.logProbs[0] ?? Number.NaN) - own.logProb) / Math.max(1, own.tokens));
  }
  return { otherTokens, largestGap };
}

async function scoreIfAble(backend: Backend, request: ScoreRequest, signal: AbortSignal): Promise<ScoreOutcome | undefined> {
  try {
    return await backend.score?.(request, signal);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'backend.cannot') return undefined;
    throw thrown;
  }
}
