import type { Aligner, Alignment, TokenPair } from '../core/alignment/aligner.ts';
import type { SpanRule } from '../core/alignment/spanRules.ts';
import { AppError } from '../core/errors.ts';
import type { EngineCaller, EngineUser, LoadedScorer, ScoreProgress } from '../protocol/engine.ts';

export interface ModelAlignerOptions {
  readonly kind: 'embedding' | 'span';
  /** Model folder, absolute. */
  readonly folder: string;
  /** Of `span`. */
  readonly rule?: SpanRule;
  /** Once, when it is loaded: its licence is for the user to know. */
  readonly onLoaded?: (model: LoadedScorer) => void;
  /** Texts that had more tokens than the model reads at once. */
  readonly onWindowed?: (texts: number) => void;
  readonly onProgress?: (progress: ScoreProgress) => void;
}

/** What the engine must find in the folder. */
const modelKinds = { embedding: 'awesome', span: 'wspalign' } as const;

/** awesome-align (`embedding`) or WSPAlign (`span`) on a model of the user's, computed by the engine. @throws AppError `engine.*` */
export class ModelAligner implements Aligner {
  readonly confidence = 'high';
  readonly #engine: EngineUser;
  readonly #options: ModelAlignerOptions;
  #model: LoadedScorer | undefined;

  constructor(engine: EngineUser, options: ModelAlignerOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  get name(): ModelAlignerOptions['kind'] {
    return this.#options.kind;
  }

  /** For people: `embedding, mbert`. The kind alone until the model is loaded. */
  get label(): string {
    return this.#model === undefined ? this.name : `${this.name}, ${this.#model.name}`;
  }

  /** The kind alone until the model is loaded, then with its name and revision. */
  get signature(): string {
    const rule = this.name === 'span' ? `|links:${this.#options.rule ?? 'average'}` : '';
    return this.#model === undefined ? this.name : `${this.name}|model:${this.#model.name}|revision:${this.#model.revision}${rule}`;
  }

  /** Reads and checks the model: what is wrong with it is said before anything waits for it. */
  async load(signal: AbortSignal): Promise<void> {
    await this.#engine.use((engine) => this.#load(engine, signal), signal);
  }

  align(pairs: readonly TokenPair[], signal: AbortSignal): Promise<readonly Alignment[]> {
    return this.#engine.use(async (engine) => {
      const { handle } = await this.#load(engine, signal);
      const { rule, onProgress, onWindowed } = this.#options;
      const params = { model: handle, pairs, ...(rule !== undefined && { rule }) };
      const { alignments, windowed } = await engine.call('align', params, { signal, ...(onProgress !== undefined && { onProgress }) });
      if (windowed > 0) onWindowed?.(windowed);
      return alignments;
    }, signal);
  }

  /** At once when the engine has it; after a restart it is loaded again. */
  async #load(engine: EngineCaller, signal: AbortSignal): Promise<LoadedScorer> {
    const { folder, kind, onLoaded } = this.#options;
    const model = await engine.call('loadScorer', { folder }, { signal });
    const wanted = modelKinds[kind];
    if (model.kind !== wanted) throw new AppError('engine.modelInvalid', { path: folder, reason: `it is a ${model.kind} model, ${wanted} is needed` });
    if (this.#model === undefined) onLoaded?.(model);
    this.#model = model;
    return model;
  }
}
