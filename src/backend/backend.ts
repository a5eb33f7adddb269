import type { Sampling } from '../core/candidate.ts';
import type { PromptContext, PromptPart } from '../core/prompting/context.ts';
import type { BackendProbe } from './probe.ts';

/** What a backend is and can do, known after it was asked: never assumed. */
export interface BackendDescription {
  /** Shown to people: `embedded`, `http://127.0.0.1:8000`. */
  readonly name: string;
  readonly model: string;
  readonly revision: string;
  readonly adapter?: string;
  readonly promptFamily: string;
  /** What of a prompt's context its prompt has a place for. */
  readonly parts: readonly PromptPart[];
  /** Tokens of prompt and answer together, where it is known. */
  readonly contextLength?: number;
  /** Undefined: any language. */
  readonly languages?: { readonly sources: readonly string[]; readonly targets: readonly string[] };
  readonly defaults: Pick<Sampling, 'temperature' | 'topP' | 'topK' | 'maxTokens'>;
  /** How many `generate` calls it likes to have under way at once. */
  readonly parallelism: number;
  readonly logProbs: boolean;
  /** Whether `score` works: log P of texts that it did not write. */
  readonly scoresTexts: boolean;
  /** The embedded engine: what runs the model, and why it is not what was asked for. */
  readonly provider?: string;
  readonly providerNote?: string;
}

export interface GenerateRequest {
  /** Keys the random stream and names the segment in errors. */
  readonly segmentKey: string;
  /** Masked source text: placeholders as ⟦1⟧ (core/document/placeholders.ts). */
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly sampling: Sampling;
  /** Number of the first sample, 0 unless told: 8 with `n` 8 continues what a request for 8 has begun. */
  readonly firstSample?: number;
  readonly seed: number;
  /** What goes into the prompt besides the source; a family without a place for a part says so in the outcome. */
  readonly context?: PromptContext;
  /** Goes before what is queued: the reviewer is looking at this segment. */
  readonly urgent?: boolean;
}

/** One sample as the model wrote it, still masked. Every backend makes it by `generatedText`. */
export interface GeneratedText {
  readonly index: number;
  /** Without outer white space. */
  readonly text: string;
  readonly logProb?: number;
  readonly tokens?: number;
  readonly finish: 'stop' | 'length';
}

/**
 * The one place where a sample loses its outer white space: what is around a segment belongs to its document, and a model
 * that ends with a line break does not write another candidate than one that does not.
 */
export function generatedText(written: GeneratedText): GeneratedText {
  return { ...written, text: written.text.trim() };
}

export interface GenerateOutcome {
  readonly texts: readonly GeneratedText[];
  readonly promptHash: string;
  /** Parts of the context that this prompt family has no place for. */
  readonly unusedParts?: readonly PromptPart[];
  /** The auxiliary translation that the model wrote first (PMP-S). */
  readonly auxiliary?: { readonly language: string; readonly text: string };
}

export interface ScoreRequest {
  readonly segmentKey: string;
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  /** Translations y of the source x. */
  readonly completions: readonly string[];
  readonly context?: PromptContext;
}

/**
 * log P(y | x) in nats and the tokens of y, in the order of the request. Servers leave the end token out, the embedded
 * engine counts it in both: compare scores of one backend only.
 */
export interface ScoreOutcome {
  readonly logProbs: readonly number[];
  readonly tokens: readonly number[];
  readonly promptHash: string;
}

/** A question whose answer is JSON of a given shape. */
export interface StructuredRequest {
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[];
  /** JSON Schema that the answer must follow. */
  readonly schema: object;
  /** Letters, digits and underscores. */
  readonly name: string;
  readonly maxTokens: number;
}

/** "Give me candidates": one implementation a server family, and one for the engine. */
export interface Backend {
  /** Loads or probes on first use. @throws AppError `engine.*` or `backend.*` */
  describe(signal: AbortSignal): Promise<BackendDescription>;
  /** Candidates stream through `onText` as they finish; all of them are in the outcome. */
  generate(request: GenerateRequest, onText: (text: GeneratedText) => void, signal: AbortSignal): Promise<GenerateOutcome>;
  /** Where the backend can: scores texts that it did not have to write. @throws AppError `backend.cannot` */
  score?(request: ScoreRequest, signal: AbortSignal): Promise<ScoreOutcome>;
  /** Token ids of the prompt as the server lays it out and reads it. Undefined: it does not tell. @throws AppError `backend.*` */
  promptIds?(request: Omit<ScoreRequest, 'completions'>, signal: AbortSignal): Promise<readonly number[] | undefined>;
  /** The answer, parsed; whether it follows the schema is for the caller to check. @throws AppError `backend.*` */
  structured?(request: StructuredRequest, signal: AbortSignal): Promise<unknown>;
  /** What a server is and can do; asked anew each time. @throws AppError `backend.*` */
  probe?(signal: AbortSignal): Promise<BackendProbe>;
  /** Idempotent. */
  dispose(): Promise<void>;
}
