/**
 * Contract between a backend (extension host or CLI) and the engine process. Pure: no VS Code, no Node, no DOM.
 * The engine is the only process that loads onnxruntime; it loads it after `hello`, so a missing binding is an answer.
 */
import type { Alignment, TokenPair } from '../core/alignment/aligner.ts';
import type { SpanRule } from '../core/alignment/spanRules.ts';
import type { Sampling } from '../core/candidate.ts';
import type { Matrix } from '../core/matrix.ts';

export interface EngineHello {
  readonly version: string;
  readonly pid: number;
  /** `ok`, or why the native binding cannot be used. */
  readonly binding: { readonly state: 'ok'; readonly providers: readonly string[] } | { readonly state: 'missing'; readonly reason: string };
}

/** What the engine may use; it can be told anew at any time. */
export interface EngineSettings {
  /** Bytes that the files of all models in memory may have together; absent: half of this machine's memory. */
  readonly memoryBytes?: number;
  /** Milliseconds after which a model that nobody used is released; absent: five minutes. */
  readonly idleMs?: number;
  /** A file that keeps which model files were compared with their manifests; absent: that is forgotten with the process. */
  readonly checkedFiles?: string;
}

/** Execution providers of onnxruntime that may be asked for; which of them are there depends on the machine. */
export const providers = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const;
export type Provider = (typeof providers)[number];

/** How a model wants to be asked. */
export type ModelPrompt =
  /** A raw prompt with `{source}` where the text goes, which belongs to the model. */
  | { readonly kind: 'template'; readonly family: string; readonly template: string }
  /** As the prompt family is that one of the names tells; a chat goes through the model's own template (Jinja). */
  | { readonly kind: 'family'; readonly names: readonly string[]; readonly chatTemplate?: string; readonly bosToken: string; readonly eosToken: string };

/** What a model folder says of itself, after it was checked. */
export interface LoadedModel {
  readonly handle: number;
  readonly name: string;
  readonly revision: string;
  readonly prompt: ModelPrompt;
  /** Control tokens as they are written, such as `<|end|>`: a source text that holds one must not steer the model. */
  readonly specialTokens: readonly string[];
  /** Undefined: any. */
  readonly languages?: { readonly sources: readonly string[]; readonly targets: readonly string[] };
  readonly contextLength: number;
  readonly defaults: { readonly temperature: number; readonly topP: number; readonly topK: number; readonly maxTokens: number };
  /** What runs it. */
  readonly provider: Provider;
  /** Why it is not the provider that was asked for. */
  readonly providerNote?: string;
  readonly loadMs: number;
}

export interface GenerateParams {
  readonly model: number;
  /** The rendered prompt. */
  readonly prompt: string;
  /** Texts before which a sample ends, besides the model's own end tokens. */
  readonly stop?: readonly string[];
  readonly sampling: Sampling;
  /** Number of the first sample, 0 unless told: more of what was drawn before comes from the same streams. */
  readonly firstSample?: number;
  readonly seed: number;
  /** Keys the random stream together with the seed and the candidate's number: the same at any batch size. */
  readonly segmentKey: string;
}

/** One finished sample. `index` is its number, from `firstSample` on. */
export interface Sample {
  readonly index: number;
  readonly text: string;
  /** Sum of log P of its tokens under the model at T = 1, natural log. */
  readonly logProb: number;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
}

export interface GenerateStats {
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export type ScorerKind = 'comet' | 'cometkiwi' | 'awesome' | 'wspalign';

/** A model that scores or aligns texts, after its files were checked. */
export interface LoadedScorer {
  readonly handle: number;
  readonly kind: ScorerKind;
  readonly name: string;
  readonly revision: string;
  /** As its manifest says; CometKiwi and WSPAlign are for non-commercial use. */
  readonly licence: string;
  /** What runs it. */
  readonly provider: Provider;
  /** Why it is not the provider that was asked for. */
  readonly providerNote?: string;
  readonly loadMs: number;
}

/** What the manifest of a metric's folder says, with its files compared with it; nothing of it is loaded. */
export interface DescribedScorer extends Pick<LoadedScorer, 'kind' | 'name' | 'revision' | 'licence'> {
  /** All files together. */
  readonly bytes: number;
}

/** What becomes of a text with more tokens than a metric reads at once: it is read in windows, or cut as unbabel-comet cuts it. */
export type LongTexts = 'windows' | 'cut';

export interface ScoreTextsParams {
  readonly model: number;
  readonly source: string;
  readonly texts: readonly string[];
  /** `windows` where it is absent. */
  readonly long?: LongTexts;
}

export interface UtilityScores {
  readonly matrix: Matrix;
  /** Texts, the source among them, that have more tokens than the model reads at once. */
  readonly long: number;
  readonly stats: { readonly encodeMs: number; readonly pairsMs: number };
}

export interface QualityScores {
  readonly scores: Float32Array;
  /** Texts that, with the source, have more tokens than the model reads at once. */
  readonly long: number;
}

export interface AlignParams {
  readonly model: number;
  readonly pairs: readonly TokenPair[];
  /** For `wspalign`; `average` where it is absent. */
  readonly rule?: SpanRule;
}

export interface Alignments {
  readonly alignments: readonly Alignment[];
  /** Texts that have more tokens than the model reads at once and were read in windows. */
  readonly windowed: number;
}

/** Texts that have been encoded, of all that will be; or bytes that have been checked. */
export interface ScoreProgress {
  readonly done: number;
  readonly total: number;
}

/** What the engine offers. */
export interface EngineContract {
  readonly calls: {
    /** First call after the fork: who are you, and does the binding load? */
    readonly hello: { params: null; result: EngineHello; progress: never };
    /** What it may use from now on; models that are in memory stay until others need their room. */
    readonly configure: { params: EngineSettings; result: null; progress: never };
    /** Loads a model folder, or answers at once when it is loaded. A provider that cannot be used falls back to the CPU and says so. */
    readonly load: { params: { readonly folder: string; readonly provider?: Provider }; result: LoadedModel; progress: never };
    /** Draws samples; each is sent as progress as soon as it ends, the result comes last. */
    readonly generate: { params: GenerateParams; result: { readonly samples: readonly Sample[]; readonly stats: GenerateStats }; progress: Sample };
    /** Sum of log P(completion | prompt) for each completion, as in `Sample`: natural log, T = 1, end token included. */
    readonly score: {
      params: { readonly model: number; readonly prompt: string; readonly completions: readonly string[] };
      result: { readonly logProbs: readonly number[]; readonly tokens: readonly number[] };
      progress: never;
    };
    /** Token ids of a text, for the checks before training and for budgets. */
    readonly tokenize: { params: { readonly model: number; readonly text: string }; result: readonly number[]; progress: never };
    /** Reads a folder with a metric and compares size and sha256 of every file with its manifest; progress counts bytes. */
    readonly describeScorer: { params: { readonly folder: string }; result: DescribedScorer; progress: ScoreProgress };
    /** The same for a folder with a metric or an aligner. */
    readonly loadScorer: { params: { readonly folder: string; readonly provider?: Provider }; result: LoadedScorer; progress: never };
    /** U of each text (rows) with each text as the reference (columns). */
    readonly utilities: { params: ScoreTextsParams; result: UtilityScores; progress: ScoreProgress };
    /** Quality of each text without a reference. */
    readonly quality: { params: ScoreTextsParams; result: QualityScores; progress: ScoreProgress };
    /** Alignments of all pairs; `awesome` needs one pass a distinct text, `wspalign` one a word. */
    readonly align: { params: AlignParams; result: Alignments; progress: ScoreProgress };
    readonly unload: { params: { readonly model: number }; result: null; progress: never };
  };
  readonly events: Record<string, never>;
}

/** An engine that can be asked; who owns the process knows more of it. */
export interface EngineCaller {
  call<N extends keyof EngineContract['calls']>(
    name: N,
    params: EngineContract['calls'][N]['params'],
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (value: EngineContract['calls'][N]['progress']) => void },
  ): Promise<EngineContract['calls'][N]['result']>;
}

/** Runs a task when its turn comes, and again only in ways that `backend/` describes. */
export interface EngineUser {
  use<T>(task: (engine: EngineCaller) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** The backend offers nothing to the engine. */
export interface EngineClientContract {
  readonly calls: Record<string, never>;
  readonly events: Record<string, never>;
}
