/** Two texts compared word by word. Pure; used by the webview. */
import { diffWords as wordChanges } from 'diff';
import { displayRuns } from './display.ts';

export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/**
 * What was removed from `before` and added in `after`, in words of the language (`Intl.Segmenter`): the parts that are not
 * `removed` spell `after` exactly, those not `added` spell `before` up to white space, since a change of white space alone
 * is none. What reads as one piece (placeholders, tags, code, addresses: `displayRuns`) is one word and in one part. O(n · d) for n
 * words of which d differ.
 */
export function diffWords(before: string, after: string, language: string): readonly DiffPart[] {
  const intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' });
  const pieces = new Pieces(before + after);
  return wordChanges(pieces.hidden(before), pieces.hidden(after), { intlSegmenter })
    .map(({ added, removed, value }): DiffPart => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: pieces.shown(value) }));
}

/** Private characters, each a word of its own for every segmenter. */
const first = 0xe000;
const last = 0xf8ff;

/** Stretches that are not to be cut, as one character each: the same for equal ones. */
class Pieces {
  readonly #signs = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  readonly #taken: ReadonlySet<string>;
  #next = first;

  /** @param text whose own private characters stand for nothing */
  constructor(text: string) {
    this.#taken = new Set(text.match(/[\ue000-\uf8ff]/gu));
  }

  hidden(text: string): string {
    return displayRuns(text).map(({ start, end, isolated }) => (isolated ? this.#signOf(text.slice(start, end)) : text.slice(start, end))).join('');
  }

  shown(text: string): string {
    return text.replace(/[\ue000-\uf8ff]/gu, (sign) => this.#texts.get(sign) ?? sign);
  }

  /** The stretch itself where there are more of them than private characters. */
  #signOf(text: string): string {
    const known = this.#signs.get(text);
    if (known !== undefined) return known;
    while (this.#taken.has(String.fromCharCode(this.#next))) this.#next++;
    if (this.#next > last) return text;
    const sign = String.fromCharCode(this.#next++);
    this.#signs.set(text, sign);
    this.#texts.set(sign, text);
    return sign;
  }
}
