import type { TokenPair } from './aligner.ts';
import type { AlignerModel } from './alignPair.ts';
import { buildCorpus } from './corpus.ts';
import type { Casing } from './corpus.ts';
import { defaultTraining, trainDirection } from './trainDirection.ts';
import type { TrainingOptions } from './trainDirection.ts';

export interface AlignerTraining {
  readonly options?: TrainingOptions;
  readonly casing?: Casing;
  /** Iterations done, of both directions together. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Trains both directions, one after the other. To use two cores give `buildCorpus(...)`'s sides to `trainDirection` in
 * two workers, the second with its sides swapped. @throws as `trainDirection`.
 */
export function trainAligner(pairs: readonly TokenPair[], training: AlignerTraining = {}): AlignerModel {
  const { options = defaultTraining, casing = 'asIs', onProgress, signal } = training;
  const corpus = buildCorpus(pairs, casing);
  const hooks = (before: number): Parameters<typeof trainDirection>[3] => ({
    onProgress: (done) => onProgress?.(before + done, 2 * options.iterations),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    casing,
    sourceWords: corpus.source.words,
    targetWords: corpus.target.words,
    forward: trainDirection(corpus.source, corpus.target, options, hooks(0)),
    backward: trainDirection(corpus.target, corpus.source, options, hooks(options.iterations)),
  };
}
