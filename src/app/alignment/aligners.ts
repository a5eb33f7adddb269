import type { EngineUser, LoadedScorer, Provider, ScoreProgress } from '../../protocol/engine.ts';
import { ModelAligner, type ModelAlignerOptions } from '../../scoring/modelAligner.ts';

/** What the user is told of aligners. */
export interface AlignerListener {
  /** The first time that one is used, and when something else runs it then. */
  onLoaded?(model: LoadedScorer): void;
  /** Texts that had more tokens than the model reads at once. */
  onWindowed?(texts: number): void;
}

export type AlignerChoice = Pick<ModelAlignerOptions, 'kind' | 'folder' | 'rule'>;

/** The user's alignment models in the engine. */
export class Aligners {
  readonly #engine: EngineUser;
  readonly #listener: AlignerListener;
  readonly #provider: () => Provider;
  readonly #known = new Map<string, ModelAligner>();

  /** @param provider what runs them, as the settings have it now */
  constructor(engine: EngineUser, listener: AlignerListener, provider: () => Provider) {
    this.#engine = engine;
    this.#listener = listener;
    this.#provider = provider;
  }

  /** The same aligner for the same choice. */
  aligner(choice: AlignerChoice): ModelAligner {
    const key = JSON.stringify(choice);
    const known = this.#known.get(key) ?? this.following(choice);
    this.#known.set(key, known);
    return known;
  }

  /** One whose work is followed: rows done and to do. */
  following(choice: AlignerChoice, onProgress?: (progress: ScoreProgress) => void): ModelAligner {
    return new ModelAligner(this.#engine, {
      ...choice,
      provider: this.#provider,
      onLoaded: (model) => { this.#listener.onLoaded?.(model); },
      onWindowed: (texts) => { this.#listener.onWindowed?.(texts); },
      ...(onProgress !== undefined && { onProgress }),
    });
  }
}
