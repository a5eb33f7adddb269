/** Checks of the text itself: spaces, repeats, length. Pure. */
import { findLanguage } from '../text/languages.ts';
import { countGraphemes } from '../text/graphemes.ts';
import { bare, shownLength } from './bare.ts';
import type { Check } from './check.ts';

export const empty: Check = ({ source, translation }) => (
  source.trim() !== '' && translation.trim() === '' ? [{ check: 'empty', severity: 'error', detail: '' }] : []
);

/** Longer texts only: names, codes and single words are often the same. */
export const sameAsSource: Check = ({ source, translation, sourceLanguage, targetLanguage }) => {
  const text = bare(source).replace(/https?:\S+|[@#]\S+/gu, ' ');
  const isLong = findLanguage(sourceLanguage)?.usesWordSpaces === false ? (text.match(/\p{L}/gu)?.length ?? 0) >= 6 : (text.match(/\p{L}{2,}/gu)?.length ?? 0) >= 4;
  const same = source.trim() === translation.trim() && sourceLanguage !== targetLanguage && isLong;
  return same ? [{ check: 'sameAsSource', severity: 'warning', detail: '' }] : [];
};

export const outerSpace: Check = ({ source, translation }) => {
  const ends = (text: string): readonly [string, string] => [/^\s*/u.exec(text)?.[0] ?? '', /\s*$/u.exec(text)?.[0] ?? ''];
  const [wanted, found] = [ends(source), ends(translation)];
  if (wanted[0] === found[0] && wanted[1] === found[1]) return [];
  return [{ check: 'outerSpace', severity: 'warning', detail: '', fix: wanted[0] + translation.trim() + wanted[1] }];
};

/** Words that are two words: a reflexive pronoun before a preposition (`spojili se se svými`). */
const homographs: Readonly<Record<string, RegExp>> = { cs: /^se$/iu };

/** The same word twice in a row that the source has not; languages that write with spaces. */
export const repeatedWord: Check = ({ source, translation, targetLanguage }) => {
  if (findLanguage(targetLanguage)?.usesWordSpaces === false) return [];
  const pattern = /(?<![\p{L}\p{M}\p{N}'’-])([\p{L}\p{M}]{2,}) \1(?![\p{L}\p{M}\p{N}'’-])/giu;
  if (pattern.test(source)) return [];
  const free = homographs[findLanguage(targetLanguage)?.code ?? ''];
  return [...translation.matchAll(pattern)].filter(([, word = '']) => free?.test(word) !== true).map((match) => ({
    check: 'repeatedWord', severity: 'hint', detail: match[1] ?? '', range: { start: match.index, end: match.index + match[0].length },
  }));
};

export const doubleSpace: Check = ({ source, translation }) => {
  if (/\S[ \u3000]{2,}\S/u.test(source)) return [];
  const match = /\S([ \u3000]{2,})(?=\S)/u.exec(translation);
  if (match === null) return [];
  const start = match.index + 1;
  return [{
    check: 'doubleSpace', severity: 'hint', detail: '', range: { start, end: start + (match[1] ?? '').length },
    fix: translation.replace(/(\S)[ \u3000]{2,}(?=\S)/gu, '$1 '),
  }];
};

/**
 * Graphemes of a translation for one of its English source, of languages that are not about as long as English: medians over the
 * references of WMT24 (ja, zh, cs) and the resources of .NET's command line (14 sentences each, the others).
 */
const lengths: Readonly<Record<string, number>> = {
  ja: 0.47, zh: 0.33, yue: 0.33, ko: 0.56, de: 1.19, fr: 1.2, es: 1.12, it: 1.09, fi: 1.09,
};

/** Shorter texts may be anything: an abbreviation that is spelled out, a word that takes a sentence. English graphemes. */
const ratioFrom = 40;
/** How many times longer or shorter than its pair of languages lets expect a translation is told. */
const outOfProportion = 3.5;

function lengthOf(tag: string): number {
  return lengths[findLanguage(tag)?.code ?? ''] ?? 1;
}

/** Over the limit of the format, in graphemes, or far out of the proportion of its pair of languages (texts of some length only). */
export const length: Check = ({ source, translation, maxLength, sourceLanguage, targetLanguage }) => {
  const count = maxLength === undefined ? 0 : shownLength(translation, targetLanguage);
  if (maxLength !== undefined && count > maxLength) return [{ check: 'length', severity: 'error', detail: `${count} > ${maxLength}` }];
  const [from, to] = [countGraphemes(bare(source).trim()) / lengthOf(sourceLanguage), countGraphemes(bare(translation).trim()) / lengthOf(targetLanguage)];
  const ratio = to / from;
  if (from < ratioFrom || to === 0 || (ratio <= outOfProportion && ratio >= 1 / outOfProportion)) return [];
  return [{ check: 'length', severity: 'warning', detail: `× ${ratio.toFixed(2)}` }];
};
