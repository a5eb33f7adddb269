/** How a text is shown to people: what stands apart from the reading direction around it, and what cannot be seen. Pure; used by the webview. */
import { inlineSpans } from '../document/inlineSpans.ts';
import type { TextRange } from '../document/segment.ts';

/** A stretch of a text. Those that are isolated read from left to right in themselves, whatever stands around them (UAX 9, isolates). */
export interface DisplayRun extends TextRange {
  readonly isolated: boolean;
}

const code = /`[^`\n]+`|https?:\/\/[^\s<>"'`、。，」』）]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu;

/**
 * A text in stretches that cover it: placeholders, tags, entities, inline code and addresses are isolated, so that in a text that
 * is written from right to left neither they nor their neighbours are torn apart. Nothing is added to the text. Linear.
 */
export function displayRuns(text: string): readonly DisplayRun[] {
  const runs: DisplayRun[] = [];
  let at = 0;
  const plain = (end: number): void => {
    for (const match of text.slice(at, end).matchAll(code)) {
      const start = at + match.index;
      runs.push({ start: runs.at(-1)?.end ?? 0, end: start, isolated: false }, { start, end: start + match[0].length, isolated: true });
    }
    runs.push({ start: runs.at(-1)?.end ?? 0, end, isolated: false });
  };
  for (const { range } of inlineSpans(text, [])) {
    if (text.slice(range.start, range.end).trim() === '') continue;
    plain(range.start);
    runs.push({ ...range, isolated: true });
    at = range.end;
  }
  plain(text.length);
  return runs.filter(({ start, end }) => start < end);
}

/** Letters and marks of scripts that are written from right to left, by their blocks. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A quoted text for a sentence that is written from left to right: in an isolate (FSI, PDI) where anything in it is written the other way. */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

/** Control characters that no text needs: shown at all times, by a picture (C0, DEL) or their number (C1, embeddings and overrides, the byte order mark). */
// eslint-disable-next-line no-control-regex -- these are what it finds
const stray = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\uFEFF]/gu;

/** A text with every character of which no text is in need replaced by a picture of it; what scripts need (joiners, marks, isolates, tabs, line ends) stays. */
export function visibleControls(text: string): string {
  return text.replace(stray, picture);
}

function picture(control: string): string {
  const number = control.charCodeAt(0);
  if (number < 0x20) return String.fromCharCode(0x2400 + number);
  if (number === 0x7f) return '\u2421';
  return `[U+${number.toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** A character that is not seen, and what stands for it where a person wants to see it. */
export interface HiddenCharacter extends TextRange {
  readonly sign: string;
  /** A blank has a width, over which its sign fits; others take none, and their sign is put before them. */
  readonly blank: boolean;
}

const names: Readonly<Record<string, string>> = {
  '\n': '↵', '\r': '␍', '\u00a0': 'NBSP', '\u00ad': 'SHY', '\u061c': 'ALM', '\u2007': 'FSP', '\u2009': 'THSP', '\u200b': 'ZWSP', '\u200c': 'ZWNJ', '\u200d': 'ZWJ', '\u200e': 'LRM', '\u200f': 'RLM',
  '\u202f': 'NNBSP', '\u2060': 'WJ', '\u2066': 'LRI', '\u2067': 'RLI', '\u2068': 'FSI', '\u2069': 'PDI',
};
const blanks: Readonly<Record<string, string>> = { ' ': '·', '\t': '→', '\u3000': '□' };
const hidden = /[ \t\n\r\u00a0\u00ad\u061c\u2000-\u200c\u200e\u200f\u2028\u2029\u202f\u205f-\u2064\u2066-\u2069\u3000]|\u200d|\p{Variation_Selector}/gu;

/** Blanks, joiners, directional marks and isolates, line ends: everything that is in a text and cannot be told from nothing or from another. Linear. */
export function hiddenCharacters(text: string): readonly HiddenCharacter[] {
  return [...text.matchAll(hidden)].map(({ 0: character, index: start }) => {
    const end = start + character.length;
    const over = blanks[character];
    return over === undefined ? { start, end, sign: names[character] ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`, blank: false } : { start, end, sign: over, blank: true };
  });
}
