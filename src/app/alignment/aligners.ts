import { forkPeer } from '../../backend/childPort.ts';
import { EngineSupervisor } from '../../backend/supervisor.ts';
import type { LoadedScorer, ScoreProgress } from '../../protocol/engine.ts';
import { ModelAligner, type ModelAlignerOptions } from '../../scoring/modelAligner.ts';

/** What the user is told of aligners. */
export interface AlignerListener {
  /** The first time that one is used: its licence is for the user to know. */
  onLoaded?(model: LoadedScorer): void;
  /** Texts that had more tokens than the model reads at once. */
  onWindowed?(texts: number): void;
}

export type AlignerChoice = Pick<ModelAlignerOptions, 'kind' | 'folder' | 'rule'>;

/** The user's alignment models, in an engine process of their own; nothing is started before one is asked. */
export class Aligners {
  readonly #engine: EngineSupervisor;
  readonly #listener: AlignerListener;
  readonly #known = new Map<string, ModelAligner>();

  /** @param engineScript the engine's bundle */
  constructor(engineScript: string, listener: AlignerListener) {
    this.#engine = new EngineSupervisor({ spawn: () => forkPeer({ modulePath: engineScript }) });
    this.#listener = listener;
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
      onLoaded: (model) => { this.#listener.onLoaded?.(model); },
      onWindowed: (texts) => { this.#listener.onWindowed?.(texts); },
      ...(onProgress !== undefined && { onProgress }),
    });
  }

  /** Ends the engine process. Idempotent. */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }
}
