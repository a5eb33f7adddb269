/** A token of a text, with its place in it. White space belongs to no token. */
export interface WordToken {
  readonly text: string;
  /** UTF-16 offsets; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** False for punctuation and symbols, which do not count in coverage (decisions.md 18). Placeholders are words. */
  readonly isWord: boolean;
}

/** Stands for protected markup in a text that is translated: one token whatever the language's rules. */
const placeholder = /\u27e6\d+\u27e7/gu;

/** Cuts texts into tokens by the Unicode rules and dictionaries of `Intl.Segmenter`, which it keeps one a language. */
export class Tokenizer {
  readonly #segmenters = new Map<string, Intl.Segmenter>();

  /** Tokens of `text` in the language of a BCP 47 tag; an unknown tag gets the root rules. Cost: linear. */
  wordTokens(text: string, languageTag: string): WordToken[] {
    const segmenter = this.#segmenter(languageTag);
    const tokens: WordToken[] = [];
    let from = 0;
    for (const match of text.matchAll(placeholder)) {
      appendWords(tokens, text.slice(from, match.index), from, segmenter);
      from = match.index + match[0].length;
      tokens.push({ text: match[0], start: match.index, end: from, isWord: true });
    }
    appendWords(tokens, text.slice(from), from, segmenter);
    return tokens;
  }

  #segmenter(languageTag: string): Intl.Segmenter {
    const known = this.#segmenters.get(languageTag);
    if (known !== undefined) return known;
    const created = createSegmenter(languageTag);
    this.#segmenters.set(languageTag, created);
    return created;
  }
}

/** The tokens of one text. Keep a `Tokenizer` where many texts are cut: making a segmenter costs about as much as a page. */
export function wordTokens(text: string, languageTag: string): WordToken[] {
  return new Tokenizer().wordTokens(text, languageTag);
}

function appendWords(tokens: WordToken[], text: string, offset: number, segmenter: Intl.Segmenter): void {
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (segment.trim() === '') continue;
    const start = offset + index;
    tokens.push({ text: segment, start, end: start + segment.length, isWord: isWordLike === true });
  }
}

function createSegmenter(languageTag: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(languageTag, { granularity: 'word' });
  } catch (error) {
    if (error instanceof RangeError) return new Intl.Segmenter('und', { granularity: 'word' });
    throw error;
  }
}
