/** The check of numbers: what a figure is worth, however a language writes it. Pure. */
import type { Check, CheckInput, Finding } from './check.ts';
import { bare } from './bare.ts';
import { hasNumberWord } from './numberWords.ts';

/** A translation as it is read for figures, and as it stands. */
interface Pair {
  readonly plain: string;
  readonly raw: string;
  readonly language: string;
}

interface Figure {
  /** As it stands in the text. */
  readonly text: string;
  readonly value: number;
  /** The word behind it says that it counts thousands or millions. */
  readonly scaled: boolean;
  /** Written in digits, not in the numerals of Chinese or Japanese alone. */
  readonly digits: boolean;
}

/** Zeros of decimal digits that NFKC leaves as they are (Arabic-Indic, Devanagari, Bengali, Thai, ...); nine more follow each. */
const zeros = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810] as const;

const scales = /^[\s\u00a0\u202f-]*(?:hundred|thousand|million|billion|trillion|lakh|crore|cent|mil\b|mill|mi?li|mrd|mld|mio\b|mln|md\b|bn\b|tausend|hundert|tis[ií]c|tys|tusen|ezer|miljo|mily|mii\b|bin\b|ribu|juta|triliun|ngh[iì]n|ng[aà]n|tri[eệ]u|t[yỷ]\b|тыс|млн|млрд|мил|тис|хил|χιλ|εκατ|δισ|ألف|آلاف|مليون|ملايين|مليار|هزار|میلیون|אלף|אלפים|מיליון|מיליארד|हज़ार|हजार|लाख|करोड़|হাজার|লাখ|พัน|หมื่น|แสน|ล้าน|[kmb]\b)/iu;
const ideographs = '〇零一二三四五六七八九';
const small: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 천: 1000, 백: 100 };
const large: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 만: 1e4, 億: 1e8, 亿: 1e8, 억: 1e8, 兆: 1e12, 조: 1e12 };
const pattern = /\d+(?:[.,'\u066b\u066c\u00a0\u202f ]\d{3}(?!\d))*(?:[.,\u066b]\d+)?(?:[十百千万萬億亿兆만억조천백]+(?:\d+(?:[.,]\d+)?[十百千万萬億亿兆만억조천백]*)*)?|[〇零一二三四五六七八九十百千万萬億亿兆]+/gu;
/** What is counted in these is written in other figures elsewhere. */
const imperial = /^[\s-]*(?:yards?|yd|feet|foot|ft|miles?|mph|inch(?:es)?|in\b|pounds?|lbs?|ounces?|oz|gallons?|acres?|°\s?F|degrees? F|fahrenheit|months?)/iu;

/**
 * Numbers of the source that the translation has not, by what they are worth: separators by language, digits of other scripts,
 * full width, the numerals of Chinese and Japanese, thousands and millions in words, clocks of twelve hours and years of decades
 * count as the same. A number of one digit may be a word there, and is missed only where another stands in its place.
 */
export const numbers: Check = (input) => {
  const [from, to] = [plain(input.source), plain(input.translation)];
  const [wanted, there] = [figures(from), figures(to)];
  const clock = [from, to].some((text) => /\d:\d\d|\d\s?[ap]\.?m\b|午後|下午|晚上|오후/iu.test(text));
  const lost = wanted.filter((figure) => !there.some((other) => isSame(figure, other, clock)) && !isFree(figure, from, { plain: to, raw: input.translation.normalize('NFKC'), language: input.targetLanguage }));
  const strange = there.filter((figure) => figure.digits && !wanted.some((other) => isSame(other, figure, clock)));
  const told = lost.filter(({ text }) => text.length >= 2 || strange.length > 0);
  return [...new Set(told.map(({ text }) => text))].map((detail): Finding => ({ check: 'numbers', severity: 'warning', detail }));
};

/** Without markup, addresses and names with figures in them (F4, x86, @user27). */
function plain(text: CheckInput['source']): string {
  const digits = bare(text).normalize('NFKC').replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = zeros.find((first) => first <= code && code < first + 10);
    return zero === undefined ? digit : String(code - zero);
  });
  return digits.replace(/https?:\S+|[@#\p{Script=Latin}_][\p{Script=Latin}\p{M}\d_.-]*\d[\p{Script=Latin}\d_.-]*/gu, ' ');
}

function figures(text: string): readonly Figure[] {
  return [...text.matchAll(pattern)].flatMap(({ 0: found, index }) => {
    const digits = /\d/u.test(found);
    const values = /[^\d.,'\u066b\u066c\u00a0\u202f ]/u.test(found) ? readings(found).map(worth) : [decimal(found)];
    return values.filter(Number.isFinite).map((value): Figure => ({ text: found.trim(), value, scaled: scales.test(text.slice(index + found.length)), digits }));
  });
}

/** `十四五` is fourteen or fifteen, `三四十` thirty or forty: neighbours where one digit stands else. */
function readings(found: string): readonly string[] {
  const [, before = '', low = '', high = '', after = ''] = /^(.*?)([一二三四五六七八九])([一二三四五六七八九])(.*)$/u.exec(found) ?? [];
  const isRange = ideographs.indexOf(high) === ideographs.indexOf(low) + 1 && /^[十百千万萬億亿兆]*$/u.test(before.slice(-1) + after.slice(0, 1)) && before + after !== '';
  return isRange ? [before + low + after, before + high + after] : [found];
}

/** Separators before groups of three go; what is left is a decimal mark. */
function decimal(found: string): number {
  return Number(found.replace(/[,.'\u066b\u066c\u00a0\u202f ](?=\d{3}(?:\D|$))/gu, '').replace(/[,\u066b]/u, '.').replace(/[' \u00a0\u202f]/gu, ''));
}

/** `1億2000万`, `二千三百`, `二〇二四`. */
function worth(found: string): number {
  let total = 0;
  let section = 0;
  let digit: number | undefined;
  for (const [part] of found.matchAll(/[\d.,]+|\D/gu)) {
    const own = ideographs.indexOf(part) - 1;
    if (/\d/u.test(part)) digit = decimal(part);
    else if (part in small) [section, digit] = [section + (digit ?? 1) * (small[part] ?? 1), undefined];
    else if (part in large) [total, section, digit] = [total * (section + (digit ?? 0) === 0 ? large[part] ?? 1 : 1) + (section + (digit ?? (section + total === 0 ? 1 : 0))) * (large[part] ?? 1), 0, undefined];
    else digit = (digit ?? 0) * 10 + Math.max(0, own);
  }
  return total + section + (digit ?? 0);
}

/** Powers of ten that languages have a word for: hundred, thousand, lakh, million, crore, billion, trillion. */
const scaleSteps: ReadonlySet<number> = new Set([2, 3, 5, 6, 7, 9, 12]);

function isSame(wanted: Figure, found: Figure, clock: boolean): boolean {
  const [a, b] = [wanted.value, found.value];
  if (Math.abs(a - b) < 1e-9 * Math.max(a, b, 1)) return true;
  if (clock && Math.abs(a - b) === 12 && Math.max(a, b) <= 24) return true;
  if (a === 0 || b === 0 || !(wanted.scaled || found.scaled)) return false;
  const power = Math.log10(a / b);
  return Math.abs(power - Math.round(power)) < 1e-9 && scaleSteps.has(Math.abs(Math.round(power)));
}

/** What is said in other words elsewhere: in words, as more than ten, in a name, other units, all for 100 %, ordinals, decades and short years, a price in two coins, 24/7, military time. */
function isFree({ text, value }: Figure, from: string, { plain: to, raw, language }: Pair): boolean {
  const rest = from.slice(from.indexOf(text) + text.length);
  if (imperial.test(rest) || /^\/7\b/u.test(rest) || (value === 100 && /^\s*(?:%|per ?cent)/u.test(rest)) || (value < 10 && /^(?:st|nd|rd|th)\b/u.test(rest))) return true;
  const runs: readonly string[] = raw.match(/\d+(?![\d.,]*[万萬億亿兆만억조])/gu) ?? [];
  if (runs.includes(text) || runs.includes(text.replace(/[.,'\u066c\u00a0\u202f ](?=\d{3})/gu, ''))) return true;
  if (hasNumberWord(to, value, language) || (value > 10 && value < 20 && /十[多几幾余餘来來数數]/u.test(raw))) return true;
  const values = figures(to).map((figure) => figure.value);
  const [whole = '', cents = ''] = text.split(/[.,]/u);
  if (cents.length === 2 && [whole, cents].every((part) => runs.includes(part))) return true;
  if (value < 100 && values.some((year) => year >= 1000 && year < 3000 && year % 100 === value)) return true;
  if (/^['’]?s\b/u.test(rest) && (values.includes(value % 100) || values.includes(Math.floor(value / 100) + 1))) return true;
  const [hour, minute] = [Math.floor(value / 100), value % 100];
  return /^(?:0\d|1\d|2[0-3]|\d)[0-5]\d$/u.test(text) && values.includes(hour) && (minute === 0 || values.includes(minute) || (minute === 30 && to.includes('半')));
}
