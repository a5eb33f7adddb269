/** What a server said of itself and what asking it showed. Plain data: `interlinear backend URL --json` prints it. */

export type ServerKind = 'vllm' | 'sglang' | 'llama-server' | 'ollama' | 'lm-studio' | 'transformers' | 'generic';

export type Capability =
  | 'chat'
  | 'rawCompletions'
  | 'manyChoices'
  | 'seed'
  | 'logProbs'
  | 'promptLogProbs'
  | 'structuredOutput'
  | 'adapterLoading'
  | 'tokenize';

/** `unknown`: the question could not be put, `detail` says why. */
export interface CapabilityCheck {
  readonly state: 'yes' | 'no' | 'unknown';
  readonly detail: string;
}

export interface ServedModel {
  readonly id: string;
  /** Path or hub name that the server loaded it from. */
  readonly root?: string;
  /** The base model, if this is an adapter. */
  readonly parent?: string;
  readonly contextLength?: number;
}

/** A capability that is not there, and what that means for the person. */
export interface MissingCapability {
  readonly capability: Capability;
  readonly disables: string;
}

export interface BackendProbe {
  readonly url: string;
  readonly kind: ServerKind;
  readonly version?: string;
  readonly models: readonly ServedModel[];
  /** The one that was asked; undefined when the server offers none. */
  readonly model?: string;
  readonly promptFamily?: string;
  readonly contextLength?: number;
  /** Requests that the server works on at once, where it says so. */
  readonly slots?: number;
  readonly capabilities: Readonly<Record<Capability, CapabilityCheck>>;
  readonly missing: readonly MissingCapability[];
  /** Request fields that the server refused; they are not sent to it any more. */
  readonly refusedFields: readonly string[];
}
