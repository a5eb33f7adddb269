/** What a translation would take, before it is started: segments, tokens, time. One segment is drawn to measure the speed. */
import { maskSegment } from '../../core/document/placeholders.ts';
import { estimateTokens } from '../../core/prompting/budget.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import { inTurns } from '../breath.ts';
import { samplingFor } from '../settings.ts';
import { fittingPrevious, isDocumentMode } from './documentContext.ts';
import type { RunContext, SegmentJob } from './translateSegment.ts';

export interface DryRun {
  readonly segments: number;
  readonly candidates: number;
  readonly model: string;
  /** Estimated from the characters, rather too high than too low; the source texts alone. */
  readonly sourceTokens: number;
  /** Source and, in document mode, the earlier segments in each prompt. */
  readonly promptTokens: number;
  /** All candidates of all segments, as the measured segment's were. */
  readonly outputTokens: number;
  /** Most that may be written: candidates times the longest answer. */
  readonly outputTokensAtMost: number;
  readonly measured: {
    readonly segment: string;
    readonly outputTokens: number;
    readonly seconds: number;
    /** Where the backend counts its tokens this is a count, else an estimate. */
    readonly tokensPerSecond: number;
  };
  /** `outputTokens` at the measured speed, times what the backend does at once. */
  readonly seconds: number;
}

/**
 * Draws the segment of median length as a run would; nothing is stored. The speed of one segment is taken for a single
 * call's, so the time counts with as many calls at once as the backend likes, which is a guess where they share a processor.
 * @param now milliseconds
 * @throws AppError as `generate` does
 */
export async function dryRun(run: RunContext, jobs: readonly SegmentJob[], now: () => number, signal: AbortSignal): Promise<DryRun | undefined> {
  const lengths: number[] = [];
  await inTurns(jobs, ({ segment }) => { lengths.push(estimateTokens(maskSegment(segment).text)); });
  const median = Float64Array.from(lengths).sort()[lengths.length >> 1] ?? 0;
  const job = jobs[lengths.indexOf(median)];
  if (job === undefined) return undefined;
  const sampling = samplingFor(run.settings, run.description.defaults);
  const sourceTokens = lengths.reduce((sum, length) => sum + length, 0);
  const measured = await measure(run, job, now, signal);
  const outputTokens = Math.round((measured.outputTokens / Math.max(1, median)) * sourceTokens);
  return {
    segments: jobs.length,
    candidates: sampling.n,
    model: run.description.model,
    sourceTokens,
    promptTokens: sourceTokens + await earlierTokens(run, jobs),
    outputTokens,
    outputTokensAtMost: jobs.length * sampling.n * sampling.maxTokens,
    measured,
    seconds: outputTokens / measured.tokensPerSecond / Math.min(jobs.length, Math.max(1, run.description.parallelism)),
  };
}

async function measure(run: RunContext, { segment, ref }: SegmentJob, now: () => number, signal: AbortSignal): Promise<DryRun['measured']> {
  const sampling = samplingFor(run.settings, run.description.defaults);
  const { sourceLanguage, targetLanguage, id } = ref;
  const source = maskSegment(segment).text;
  const from = now();
  const { texts } = await run.backend.generate({ segmentKey: id, source, sourceLanguage, targetLanguage, sampling, seed: run.settings.seed }, () => undefined, signal);
  const seconds = Math.max(0.001, (now() - from) / 1000);
  const outputTokens = texts.reduce((sum, { text, tokens }) => sum + (tokens ?? estimateTokens(text)), 0);
  return { segment: id, outputTokens, seconds, tokensPerSecond: Math.max(1, outputTokens) / seconds };
}

/** In document mode, with each source standing for its translation as well. */
async function earlierTokens(run: RunContext, jobs: readonly SegmentJob[]): Promise<number> {
  if (!isDocumentMode(run)) return 0;
  const known = new Map<string, number>();
  const count = (text: string): number => {
    const tokens = known.get(text) ?? estimateTokens(text);
    known.set(text, tokens);
    return tokens;
  };
  let [here, sum] = [0, 0];
  const counted = { ...run, earlier: () => sourcesBefore(jobs, here) };
  await inTurns(jobs, ({ ref }) => {
    for (const { source } of fittingPrevious(counted, ref.id, ref.source, count) ?? []) sum += 2 * count(source);
    here++;
  });
  return sum;
}

function* sourcesBefore(jobs: readonly SegmentJob[], index: number): Iterable<TextPair> {
  for (let at = index - 1; at >= 0; at--) {
    const source = jobs[at]?.ref.source ?? '';
    yield { source, target: source };
  }
}
