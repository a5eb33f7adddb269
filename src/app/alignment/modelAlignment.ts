import type { Alignment } from '../../core/alignment/aligner.ts';
import { Tokenizer } from '../../core/text/tokens.ts';
import type { AlignmentParams, ModelAlignments } from '../../protocol/worker.ts';
import type { ModelAligner } from '../../scoring/modelAligner.ts';
import { Memory } from '../ranking/memory.ts';

/** Alignments that are kept, in floats, so that candidates which stream in are aligned once: 4 million are 16 MB. */
const keptProbabilities = 4_000_000;

/** A text and others to be aligned with it, of one pair of languages. */
export type AlignedTexts = Pick<AlignmentParams, 'source' | 'languages'> & { readonly targets: readonly string[] };

/** Alignments of whole texts by a model of the user's, cut into words as the statistical aligner's are. */
export class ModelAlignment {
  readonly #aligner: ModelAligner;
  readonly #tokenizer = new Tokenizer();
  readonly #kept = new Memory<Alignment>(keptProbabilities);

  constructor(aligner: ModelAligner) {
    this.#aligner = aligner;
  }

  /** Loads the model where that was not done, and names it. @throws AppError `engine.*` */
  async signature(signal: AbortSignal): Promise<string> {
    await this.#aligner.load(signal);
    return this.#aligner.signature;
  }

  /** All texts in one batch; a pair that was aligned before is not aligned again. @throws AppError `engine.*` */
  async align({ source, languages, targets }: AlignedTexts, signal: AbortSignal): Promise<ModelAlignments> {
    const key = (target: string): string => JSON.stringify([source, target, languages.source, languages.target]);
    const texts = [...new Set(targets)];
    const known = new Map(texts.map((text) => [text, this.#kept.get(key(text))]));
    const missing = texts.filter((text) => known.get(text) === undefined);
    const words = this.#words(source, languages.source);
    const pairs = missing.map((target) => ({ source: words, target: this.#words(target, languages.target), texts: { source, target } }));
    const found = missing.length === 0 ? [] : await this.#aligner.align(pairs, signal);
    missing.forEach((text, index) => {
      const alignment = found[index];
      known.set(text, alignment);
      if (alignment !== undefined) this.#kept.set(key(text), alignment, alignment.probabilities.data.length);
    });
    const alignments = texts.flatMap((text) => known.get(text) ?? []);
    return { texts, alignments, aligner: this.#aligner.label, confidence: this.#aligner.confidence };
  }

  #words(text: string, language: string): readonly string[] {
    return this.#tokenizer.wordTokens(text, language).map((token) => token.text);
  }
}
