/** Checks of the text itself: numbers, spaces, punctuation, brackets, repeats, length. Pure. */
import { findLanguage } from '../text/languages.ts';
import { countGraphemes } from '../text/graphemes.ts';
import { inlineSpans } from '../document/inlineSpans.ts';
import type { Check, Finding } from './check.ts';

export const empty: Check = ({ source, translation }) => (
  source.trim() !== '' && translation.trim() === '' ? [{ check: 'empty', severity: 'error', detail: '' }] : []
);

/** Longer texts only: names, codes and single words are often the same. */
export const sameAsSource: Check = ({ source, translation, sourceLanguage, targetLanguage }) => {
  const words = bare(source).replace(/https?:\S+|[@#]\S+/gu, ' ').match(/\p{L}{2,}/gu) ?? [];
  const same = source.trim() === translation.trim() && sourceLanguage !== targetLanguage && words.length >= 4;
  return same ? [{ check: 'sameAsSource', severity: 'warning', detail: '' }] : [];
};

/**
 * Numbers of two or more digits, and decimals, as multisets: separators by language, full width and the numerals of Chinese
 * and Japanese count as well. A number that the translation spells out in words cannot be found, so small ones are left out.
 */
export const numbers: Check = ({ source, translation }) => {
  const wanted = numerals(bare(source)).filter((number) => number.length >= 2);
  if (wanted.length === 0) return [];
  const there = new Set(numerals(bare(translation)));
  const text = bare(translation).normalize('NFKC');
  const hasOwn = /[〇一二三四五六七八九十百千万億兆]|\d+(?:\.\d+)?\s*(?:万|億|兆|千|百)/u.test(text);
  const lost = wanted.filter((number) => !there.has(number) && !text.replace(/\D/gu, '').includes(number.replace('.', '')));
  if (hasOwn) return [];
  return [...new Set(lost)].map((detail): Finding => ({ check: 'numbers', severity: 'warning', detail }));
};

/** Digits without separators; a decimal point stays. */
function numerals(text: string): readonly string[] {
  return [...text.normalize('NFKC').replace(/https?:\S+|[@#\p{Script=Latin}_][\w.-]*/gu, ' ').matchAll(/\d+(?:[.,'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?/gu)].map(([match]) => {
    const plain = match.replace(/[,.'\u00a0\u202f ](?=\d{3}(?:\D|$))/gu, '');
    return plain.replace(',', '.').replace(/[' \u00a0\u202f]/gu, '');
  });
}

export const outerSpace: Check = ({ source, translation }) => {
  const ends = (text: string): readonly [string, string] => [/^\s*/u.exec(text)?.[0] ?? '', /\s*$/u.exec(text)?.[0] ?? ''];
  const [wanted, found] = [ends(source), ends(translation)];
  if (wanted[0] === found[0] && wanted[1] === found[1]) return [];
  return [{ check: 'outerSpace', severity: 'warning', detail: '', fix: wanted[0] + translation.trim() + wanted[1] }];
};

/** What ends a sentence, by kind, in the scripts of the languages that we know. */
const endings: readonly (readonly [kind: string, marks: RegExp])[] = [
  ['?', /[?？؟;՞]["'”’」』）)]*$/u], ['!', /[!！՜]["'”’」』）)]*$/u], [':', /[:：]$/u], ['…', /(?:…|\.\.\.|。。。)["'”’」』）)]*$/u], ['.', /[.。．।։።]["'”’」』）)]*$/u],
];

/** A question or a colon that got lost, in sentences. Full stops are left to the languages' own habits. */
export const endPunctuation: Check = ({ source, translation, targetLanguage }) => {
  const kind = (text: string): string => endings.find(([, marks]) => marks.test(text.trim()))?.[0] ?? '';
  const [wanted, found] = [kind(source), kind(translation)];
  if (wanted === found || wanted === '' || (source.match(/\p{L}+/gu) ?? []).length < 3) return [];
  const particle = /^(?:ja|ko|zh|th)/u.test(targetLanguage) && /[か吗呢까요]["'”’」』）)]*[。.]?$/u.test(translation.trim());
  const strict = (wanted === '?' && found === '.') || (wanted === ':' && found === '.');
  return strict && !particle ? [{ check: 'endPunctuation', severity: 'hint', detail: wanted }] : [];
};

const pairs: readonly (readonly [open: string, close: string])[] = [['(', ')'], ['[', ']'], ['{', '}'], ['（', '）'], ['「', '」'], ['『', '』'], ['【', '】'], ['《', '》'], ['“', '”'], ['«', '»'], ['〈', '〉']];

/** Brackets that are balanced in the source and are not in the translation. */
export const brackets: Check = ({ source, translation, targetLanguage }) => {
  if (!pairs.every(([open, close]) => count(source, open) === count(source, close))) return [];
  const german = /^(?:de|cs|sk|pl|hu|bg|da|hr|sl|lt|ro)/u.test(targetLanguage);
  const text = translation.replace(/(?:^|\s)[a-z0-9ivx]{1,3}[)）]/giu, ' ').replace(/[:;]-?[()]/gu, ' ');
  const broken = pairs.filter(([open, close]) => !(german && (open === '“' || open === '«')) && count(text, open) !== count(text, close));
  const mixed = (open: string): boolean => (open === '(' || open === '（') && count(text, '(') + count(text, '（') === count(text, ')') + count(text, '）');
  return broken.filter(([open]) => !mixed(open)).map(([open, close]) => ({ check: 'brackets', severity: 'warning', detail: open + close }));
};

/** The same word twice in a row that the source has not; languages that write with spaces. */
export const repeatedWord: Check = ({ source, translation, targetLanguage }) => {
  if (findLanguage(targetLanguage)?.usesWordSpaces === false) return [];
  const pattern = /(?<![\p{L}\p{M}\p{N}'’-])([\p{L}\p{M}]{2,}) \1(?![\p{L}\p{M}\p{N}'’-])/giu;
  if (pattern.test(source)) return [];
  return [...translation.matchAll(pattern)].map((match) => ({
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

/** How many graphemes a text weighs: one of Han or Kana is about two of an alphabet. */
function weight(text: string): number {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return countGraphemes(text) + 1.2 * wide;
}

/** Over the limit of the format, or far out of proportion (texts of some length only). */
export const length: Check = ({ source, translation, maxLength, targetLanguage }) => {
  const graphemes = maxLength === undefined ? 0 : countGraphemes(translation, targetLanguage);
  if (maxLength !== undefined && graphemes > maxLength) return [{ check: 'length', severity: 'error', detail: `${graphemes} > ${maxLength}` }];
  const [from, to] = [weight(bare(source)), weight(bare(translation))];
  if (from < 40 || to === 0) return [];
  const ratio = to / from;
  return ratio > 3 || ratio < 0.25 ? [{ check: 'length', severity: 'warning', detail: ratio.toFixed(2) }] : [];
};

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Without placeholders and tags. */
function bare(text: string): string {
  let result = '';
  let at = 0;
  for (const { range } of inlineSpans(text, [])) {
    result += `${text.slice(at, range.start)} `;
    at = range.end;
  }
  return result + text.slice(at);
}
