/** Two texts compared word by word, and control characters made visible. Pure; used by the webview. */
import { diffWords as wordChanges } from 'diff';

export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/**
 * What was removed from `before` and added in `after`, in words of the language (`Intl.Segmenter`): the parts that are not
 * `removed` spell `after` exactly, those not `added` spell `before` up to white space, since a change of white space alone
 * is none. O(n · d) for n words of which d differ.
 */
export function diffWords(before: string, after: string, language: string): readonly DiffPart[] {
  const intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' });
  return wordChanges(before, after, { intlSegmenter })
    .map(({ added, removed, value }): DiffPart => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text: value }));
}

/**
 * A text with every control character replaced by a picture of it: C0 and DEL by U+2400 to U+2421, others (C1, directional
 * marks, overrides and isolates, zero-width characters but the joiners that scripts and emoji need) by their number. Tabs and
 * line ends stay.
 */
export function visibleControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it replaces
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu, picture);
}

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
