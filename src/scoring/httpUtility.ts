import * as v from 'valibot';
import { AppError, isAbort } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import type { Utility, UtilityInput } from '../core/ranking/utility.ts';

/** What an endpoint says of itself with each answer. */
export interface UtilityName {
  readonly name: string;
  readonly revision: string;
  readonly licence: string;
}

/** `scores`: a row a hypothesis, a column a reference; null where the model gave no number. */
const answerSchema = v.pipe(v.string(), v.parseJson(), v.object({
  name: v.pipe(v.string(), v.nonEmpty()),
  revision: v.optional(v.string(), ''),
  licence: v.optional(v.string(), ''),
  scores: v.array(v.array(v.nullable(v.number()))),
}));

export interface HttpUtilityOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Milliseconds without an answer; two minutes unless told. */
  readonly limitMs?: number;
}

const defaultLimitMs = 120_000;

/**
 * A utility behind an HTTP endpoint: POST {"source", "hypotheses", "references"} is answered by {"name", "revision", "licence",
 * "scores"}, scores about 0 to 1. Texts go to that address.
 * @throws AppError `backend.unreachable`, `backend.refused`, `ranking.badAnswer`
 */
export class HttpUtility implements Utility {
  readonly name = 'http';
  readonly #options: HttpUtilityOptions;
  #said: UtilityName | undefined;

  constructor(options: HttpUtilityOptions) {
    this.#options = options;
  }

  /** `http` alone until the endpoint has said its name. */
  get signature(): string {
    return this.#said === undefined ? this.name : `${this.name}|model:${this.#said.name}|revision:${this.#said.revision}`;
  }

  /** Asks for no scores: whether it answers, and what it is. */
  async load(signal: AbortSignal): Promise<UtilityName> {
    const { name, revision, licence } = await this.#ask({ source: '', hypotheses: [], references: [] }, signal);
    this.#said = { name, revision, licence };
    return this.#said;
  }

  async pairwise(input: UtilityInput, signal: AbortSignal): Promise<Matrix> {
    const { scores } = await this.#ask(input, signal);
    const [rows, cols] = [input.hypotheses.length, input.references.length];
    if (scores.length !== rows || scores.some((row) => row.length !== cols)) throw this.#bad(`it gave no ${rows} rows of ${cols} scores`);
    return { rows, cols, data: Float32Array.from(scores.flat(), (score) => score ?? NaN) };
  }

  async #ask(input: UtilityInput, signal: AbortSignal): Promise<v.InferOutput<typeof answerSchema>> {
    const { url, fetch, limitMs = defaultLimitMs } = this.#options;
    const limit = AbortSignal.timeout(limitMs);
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input), signal: AbortSignal.any([signal, limit]) });
      const text = await response.text();
      if (!response.ok) throw new AppError('backend.refused', { url, status: response.status, body: text.slice(0, 200) });
      const parsed = v.safeParse(answerSchema, text);
      if (!parsed.success) throw this.#bad(parsed.issues[0].message);
      return parsed.output;
    } catch (thrown) {
      if (thrown instanceof AppError || (isAbort(thrown) && signal.aborted)) throw thrown;
      const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
      const reason = limit.aborted ? `no answer for ${Math.round(limitMs / 1000)} s` : cause instanceof Error ? cause.message : String(cause);
      throw new AppError('backend.unreachable', { url, reason }, thrown);
    }
  }

  #bad(reason: string): AppError<'ranking.badAnswer'> {
    return new AppError('ranking.badAnswer', { url: this.#options.url, reason });
  }
}
