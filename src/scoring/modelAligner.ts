import type { Aligner, Alignment, TokenPair } from '../core/alignment/aligner.ts';
import type { SpanRule } from '../core/alignment/spanRules.ts';
import type { EngineUser, ScoreProgress } from '../protocol/engine.ts';
import { ScorerModel, type ScorerModelOptions } from './scorerModel.ts';

export interface ModelAlignerOptions extends ScorerModelOptions {
  readonly kind: 'embedding' | 'span';
  /** Of `span`. */
  readonly rule?: SpanRule;
  /** Texts that had more tokens than the model reads at once. */
  readonly onWindowed?: (texts: number) => void;
  readonly onProgress?: (progress: ScoreProgress) => void;
}

/** What the engine must find in the folder. */
const modelKinds = { embedding: 'awesome', span: 'wspalign' } as const;

/** awesome-align (`embedding`) or WSPAlign (`span`) on a model of the user's, computed by the engine. @throws AppError `engine.*` */
export class ModelAligner implements Aligner {
  readonly confidence = 'high';
  readonly #model: ScorerModel;
  readonly #options: ModelAlignerOptions;

  constructor(engine: EngineUser, options: ModelAlignerOptions) {
    this.#model = new ScorerModel(engine, modelKinds[options.kind], options);
    this.#options = options;
  }

  get name(): ModelAlignerOptions['kind'] {
    return this.#options.kind;
  }

  /** For people: `embedding, mbert`. The kind alone until the model is loaded. */
  get label(): string {
    return this.#model.loaded === undefined ? this.name : `${this.name}, ${this.#model.loaded.name}`;
  }

  /** The kind alone until the model is loaded, then with its name and revision. */
  get signature(): string {
    const rule = this.name === 'span' && this.#model.loaded !== undefined ? `|links:${this.#options.rule ?? 'average'}` : '';
    return `${this.name}${this.#model.signature}${rule}`;
  }

  /** Reads and checks the model: what is wrong with it is said before anything waits for it. */
  async load(signal: AbortSignal): Promise<void> {
    await this.#model.load(signal);
  }

  align(pairs: readonly TokenPair[], signal: AbortSignal): Promise<readonly Alignment[]> {
    return this.#model.use(async (engine, model) => {
      const { rule, onProgress, onWindowed } = this.#options;
      const params = { model, pairs, ...(rule !== undefined && { rule }) };
      const { alignments, windowed } = await engine.call('align', params, { signal, ...(onProgress !== undefined && { onProgress }) });
      if (windowed > 0) onWindowed?.(windowed);
      return alignments;
    }, signal);
  }
}
