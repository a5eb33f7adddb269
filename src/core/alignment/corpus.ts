import type { TokenPair } from './aligner.ts';

/** One language of a tokenised corpus. Typed arrays, so that a worker can be handed it without copying. */
export interface CorpusSide {
  /** Distinct words in order of first appearance; a word's id is its index. */
  readonly words: readonly string[];
  /** Word ids of all sentences, one after another. */
  readonly tokens: Int32Array;
  /** Sentence s is `tokens[starts[s]]` to `tokens[starts[s + 1]]`; one entry more than there are sentences. */
  readonly starts: Int32Array;
}

export interface Corpus {
  readonly source: CorpusSide;
  readonly target: CorpusSide;
}

/** How words are looked up: as they stand, or in lower case. */
export type Casing = 'asIs' | 'lower';

export function applyCasing(word: string, casing: Casing): string {
  return casing === 'lower' ? word.toLowerCase() : word;
}

/** Words that have ids already, in order; those of the corpus are added after them. */
export interface KnownWords {
  readonly source: readonly string[];
  readonly target: readonly string[];
}

const noWords: KnownWords = { source: [], target: [] };

/** Interns the words of sentence pairs; a pair with an empty side stays and teaches nothing. Cost: linear. */
export function buildCorpus(pairs: readonly TokenPair[], casing: Casing = 'asIs', known: KnownWords = noWords): Corpus {
  return {
    source: buildSide(pairs.map((pair) => pair.source), casing, known.source),
    target: buildSide(pairs.map((pair) => pair.target), casing, known.target),
  };
}

function buildSide(sentences: readonly (readonly string[])[], casing: Casing, known: readonly string[]): CorpusSide {
  const ids = new Map(known.map((word, id) => [word, id]));
  const starts = new Int32Array(sentences.length + 1);
  const tokens = new Int32Array(sentences.reduce((sum, sentence) => sum + sentence.length, 0));
  let at = 0;
  sentences.forEach((sentence, index) => {
    for (const token of sentence) {
      const word = applyCasing(token, casing);
      const id = ids.get(word) ?? ids.size;
      ids.set(word, id);
      tokens[at++] = id;
    }
    starts[index + 1] = at;
  });
  return { words: [...ids.keys()], tokens, starts };
}
