/** Two texts compared word by word. Pure; used by the webview. */
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
