import type { Candidate, CandidateSet } from '../../core/candidate.ts';
import { isAbort, toAppError, type AppError } from '../../core/errors.ts';
import { isDocumentMode } from './documentContext.ts';
import { translateSegment, type RunContext, type SegmentJob } from './translateSegment.ts';

/** What a run tells while it works. */
export interface RunListener {
  onStart(segment: string): void;
  onCandidates(segment: string, candidates: readonly Candidate[], complete: boolean): void;
  /** The finished set; awaited before the segment counts as done, so that a crash loses nothing that was shown as done. */
  onSet(set: CandidateSet): Promise<void>;
  onFailure(segment: string, error: AppError): void;
}

export interface RunResult {
  readonly done: number;
  readonly failed: number;
  readonly cancelled: boolean;
  /** What stopped the run as a whole. */
  readonly error?: AppError;
  /** What the first segment that failed alone failed of; the others went on. */
  readonly failure?: AppError;
}

/** Errors that will meet every other segment as well: the run stops instead of failing a thousand times. */
const fatal = new Set(['engine.unavailable', 'engine.modelMissing', 'engine.modelInvalid', 'backend.unreachable', 'backend.untrusted', 'backend.refused', 'backend.modelMissing', 'language.unsupported', 'store.diskFull', 'store.unwritable', 'protocol.closed']);

/**
 * Translates jobs with as many under way as the backend likes: the focused segment first, the others in document order where
 * one is under way at a time, and longest first where several are, so that no long one starts when the server is nearly empty
 * already. Cancel by the signal; what is finished stays, and a new run over the remaining jobs resumes.
 */
export class TranslationRun {
  readonly #context: RunContext;
  readonly #listener: RunListener;
  #queue: SegmentJob[];
  readonly #lanes: number;
  #done = 0;
  #failed = 0;
  #error: AppError | undefined;
  #failure: AppError | undefined;

  /** @param ahead jobs at the head that keep their places, for somebody who reads from there */
  constructor(context: RunContext, jobs: readonly SegmentJob[], listener: RunListener, ahead = 0) {
    this.#context = context;
    this.#listener = listener;
    this.#lanes = isDocumentMode(context) ? 1 : Math.max(1, context.description.parallelism); // in document mode a segment wants the translations of those before it
    const rest = jobs.slice(ahead);
    this.#queue = [...jobs.slice(0, ahead), ...(this.#lanes === 1 ? rest : longestFirst(rest))];
  }

  /** Moves waiting segments to the head of the queue, in this order: what the reader is at and what comes next. */
  prioritise(segments: readonly string[]): void {
    const rank = new Map(segments.map((segment, index) => [segment, index]));
    const place = ({ ref }: SegmentJob): number => rank.get(ref.id) ?? segments.length;
    const [first, rest]: [SegmentJob[], SegmentJob[]] = [[], []];
    for (const job of this.#queue) (rank.has(job.ref.id) ? first : rest).push(job); // the others keep their order
    this.#queue = [...first.sort((a, b) => place(a) - place(b)), ...rest];
  }

  /** Jobs to be done before the others; one that waits already is not done twice. */
  offer(jobs: readonly SegmentJob[]): void {
    const waiting = new Set(this.#queue.map((job) => job.ref.id));
    this.#queue.unshift(...jobs.filter((job) => !waiting.has(job.ref.id)));
  }

  async run(signal: AbortSignal): Promise<RunResult> {
    await Promise.all(Array.from({ length: this.#lanes }, () => this.#lane(signal)));
    const result = { done: this.#done, failed: this.#failed, cancelled: signal.aborted };
    if (this.#error !== undefined) return { ...result, error: this.#error };
    return this.#failure === undefined ? result : { ...result, failure: this.#failure };
  }

  async #lane(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted || this.#error !== undefined) return;
      const job = this.#queue.shift();
      if (job === undefined) return;
      await this.#translate(job, signal);
    }
  }

  async #translate(job: SegmentJob, signal: AbortSignal): Promise<void> {
    const id = job.ref.id;
    this.#listener.onStart(id);
    try {
      const set = await translateSegment(this.#context, job, (candidates, complete) => { this.#listener.onCandidates(id, candidates, complete); }, signal);
      await this.#listener.onSet(set);
      this.#done++;
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted) return;
      const error = toAppError(thrown, 'translation');
      this.#failed++;
      if (fatal.has(error.code)) this.#error = error;
      else this.#failure ??= error;
      this.#listener.onFailure(id, error);
    }
  }
}

/** Equal ones in their order. By numbers, since sorting a long document by a comparison holds the host up ten times as long. */
function longestFirst(jobs: readonly SegmentJob[]): readonly SegmentJob[] {
  const keys = Float64Array.from(jobs, ({ segment }, index) => index - segment.source.length * jobs.length);
  const indexOf = (key: number): number => key - Math.floor(key / jobs.length) * jobs.length;
  return Array.from(keys.sort()).flatMap((key) => jobs[indexOf(key)] ?? []);
}
