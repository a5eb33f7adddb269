/** What a translation would take, before it is started: segments, tokens, time. One segment is drawn to measure the speed. */
import { maskSegment } from '../../core/document/placeholders.ts';
import { estimateTokens } from '../../core/prompting/budget.ts';
import { samplingFor } from '../settings.ts';
import { documentContext } from './documentContext.ts';
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
  const lengths = jobs.map((job) => estimateTokens(maskSegment(job.segment).text));
  const byLength = jobs.map((_, index) => index).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const median = byLength[Math.floor(byLength.length / 2)];
  const job = median === undefined ? undefined : jobs[median];
  if (median === undefined || job === undefined) return undefined;
  const sampling = samplingFor(run.settings, run.description.defaults);
  const sourceTokens = lengths.reduce((sum, length) => sum + length, 0);
  const measured = await measure(run, job, now, signal);
  const outputTokens = Math.round((measured.outputTokens / Math.max(1, lengths[median] ?? 1)) * sourceTokens);
  return {
    segments: jobs.length,
    candidates: sampling.n,
    model: run.description.model,
    sourceTokens,
    promptTokens: sourceTokens + earlierTokens(run, jobs),
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
function earlierTokens(run: RunContext, jobs: readonly SegmentJob[]): number {
  const pairs = jobs.map(({ ref: { source } }) => ({ source, target: source }));
  const before = new Map(jobs.map(({ ref }, index) => [ref.id, pairs.slice(0, index)]));
  const counted = { ...run, ...(run.earlier !== undefined && { earlier: (segment: string) => before.get(segment) ?? [] }) };
  return jobs.reduce((sum, { ref }) => {
    const previous = documentContext(counted, ref.id, ref.source)?.previous ?? [];
    return sum + previous.reduce((tokens, pair) => tokens + estimateTokens(pair.source) + estimateTokens(pair.target), 0);
  }, 0);
}
