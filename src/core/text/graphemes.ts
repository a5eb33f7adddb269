/** Length as people count it. Pure. */

const segmenters = new Map<string, Intl.Segmenter>();

/** What a person takes for single characters (UAX 29): an emoji with its modifiers, a letter with its marks, a syllable of Devanagari. Linear. */
export function graphemes(text: string, language?: string): readonly string[] {
  const key = language ?? '';
  const segmenter = segmenters.get(key) ?? new Intl.Segmenter(language, { granularity: 'grapheme' });
  segmenters.set(key, segmenter);
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

export function countGraphemes(text: string, language?: string): number {
  return /^[\u0020-\u007e]*$/u.test(text) ? text.length : graphemes(text, language).length;
}
