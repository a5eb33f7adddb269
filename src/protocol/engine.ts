/**
 * Contract between a backend (extension host or CLI) and the engine process. Pure: no VS Code, no Node, no DOM.
 * The engine is the only process that loads onnxruntime; it loads it after `hello`, so a missing binding is an answer.
 */
import type { Sampling } from '../core/candidate.ts';

export interface EngineHello {
  readonly version: string;
  readonly pid: number;
  /** `ok`, or why the native binding cannot be used. */
  readonly binding: { readonly state: 'ok'; readonly providers: readonly string[] } | { readonly state: 'missing'; readonly reason: string };
}

/** What a model folder says of itself (`manifest.json`), after its files were checked. */
export interface LoadedModel {
  readonly handle: number;
  readonly name: string;
  readonly revision: string;
  readonly promptFamily: string;
  /** Raw prompt with `{source}` where the text goes. */
  readonly promptTemplate: string;
  /** Control tokens as they are written, such as `<|end|>`: a source text that holds one must not steer the model. */
  readonly specialTokens: readonly string[];
  readonly sourceLanguages: readonly string[];
  readonly targetLanguages: readonly string[];
  readonly contextLength: number;
  readonly defaults: { readonly temperature: number; readonly topP: number; readonly topK: number; readonly maxTokens: number };
  readonly provider: string;
  readonly loadMs: number;
}

export interface GenerateParams {
  readonly model: number;
  /** The rendered prompt. */
  readonly prompt: string;
  readonly sampling: Sampling;
  readonly seed: number;
  /** Keys the random stream together with the seed and the candidate's number: the same at any batch size. */
  readonly segmentKey: string;
}

/** One finished sample. `index` is its number in 0..n-1. */
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

/** What the engine offers. */
export interface EngineContract {
  readonly calls: {
    /** First call after the fork: who are you, and does the binding load? */
    readonly hello: { params: null; result: EngineHello; progress: never };
    /** Loads a model folder, or answers at once when it is loaded. */
    readonly load: { params: { readonly folder: string }; result: LoadedModel; progress: never };
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
    readonly unload: { params: { readonly model: number }; result: null; progress: never };
  };
  readonly events: Record<string, never>;
}

/** The backend offers nothing to the engine. */
export interface EngineClientContract {
  readonly calls: Record<string, never>;
  readonly events: Record<string, never>;
}
