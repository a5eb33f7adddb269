import type { ChrfOptions } from './chrfOptions.ts';

/** White space as Python's `str.split()` sees it; JavaScript's `\s` lacks U+001C to U+001F and U+0085 and adds U+FEFF. */
const whiteSpace = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const asciiPunctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** What chrF counts in a text. */
export interface ChrfText {
  readonly codePoints: Int32Array;
  /** Empty unless word n-grams are wanted. */
  readonly words: readonly string[];
}

/** Code points and words of a text under the options; no Unicode normalisation. Cost: linear. */
export function prepareChrfText(text: string, options: ChrfOptions): ChrfText {
  const line = options.lowercase ? text.toLowerCase() : text;
  const characters = options.whitespace ? line : line.replace(new RegExp(`[${whiteSpace}]+`, 'g'), '');
  return { codePoints: codePointsOf(characters), words: options.wordOrder > 0 ? chrfWords(line) : [] };
}

/** Words of chrF++: one ASCII punctuation mark is split off, the last if there is one, else the first ("(hi)": "(hi", ")"). */
function chrfWords(line: string): string[] {
  const words: string[] = [];
  for (const word of line.split(new RegExp(`[${whiteSpace}]+`))) {
    if (word === '') continue;
    const [first = '', second] = Array.from(word.slice(0, 4));
    const last = word.slice(-1);
    if (second === undefined) words.push(word);
    else if (asciiPunctuation.includes(last)) words.push(word.slice(0, -1), last);
    else if (asciiPunctuation.includes(first)) words.push(first, word.slice(1));
    else words.push(word);
  }
  return words;
}

function codePointsOf(text: string): Int32Array {
  const points = new Int32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    if (point > 0xffff) at++;
    points[length++] = point;
  }
  return points.subarray(0, length);
}
