/** The header of a gettext template, filled in for a language as `msginit` does it. Pure. */
import { sameLanguage } from '../text/languages.ts';
import { integerCategories } from '../text/plurals.ts';
import { readPo } from './poEntries.ts';

/** Which form a whole number takes, as gettext's header says it in C and as a function. */
interface PluralRule {
  readonly forms: number;
  readonly expression: string;
  readonly select: (n: number) => number;
}

const few = (n: number): boolean => n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14);
const teen = (n: number): boolean => n % 100 >= 11 && n % 100 <= 19;
const fewInC = 'n%10>=2 && n%10<=4 && (n%100<12 || n%100>14)';
const teenInC = '(n%100>=11 && n%100<=19)';

/** Those that the languages of CLDR have. A language's own is the one that agrees with CLDR's categories, in their order. */
export const pluralRules: readonly PluralRule[] = [
  { forms: 1, expression: '0', select: () => 0 },
  { forms: 2, expression: '(n != 1)', select: (n) => (n === 1 ? 0 : 1) },
  { forms: 2, expression: '(n > 1)', select: (n) => (n > 1 ? 1 : 0) },
  { forms: 2, expression: '(n%10!=1 || n%100==11)', select: (n) => (n % 10 === 1 && n % 100 !== 11 ? 0 : 1) },
  { forms: 3, expression: '(n==1 ? 0 : n==2 ? 1 : 2)', select: (n) => (n === 1 ? 0 : n === 2 ? 1 : 2) },
  { forms: 3, expression: '(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2)', select: (n) => (n === 1 ? 0 : n >= 2 && n <= 4 ? 1 : 2) },
  { forms: 3, expression: `(n==1 ? 0 : ${fewInC} ? 1 : 2)`, select: (n) => (n === 1 ? 0 : few(n) ? 1 : 2) },
  { forms: 3, expression: `(n%10==1 && n%100!=11 ? 0 : ${fewInC} ? 1 : 2)`, select: (n) => (n % 10 === 1 && n % 100 !== 11 ? 0 : few(n) ? 1 : 2) },
  { forms: 3, expression: '(n==1 ? 0 : n==0 || (n%100>=1 && n%100<=19) ? 1 : 2)', select: (n) => (n === 1 ? 0 : n === 0 || (n % 100 >= 1 && n % 100 <= 19) ? 1 : 2) },
  { forms: 3, expression: `(n%10==0 || ${teenInC} ? 0 : n%10==1 ? 1 : 2)`, select: (n) => (n % 10 === 0 || teen(n) ? 0 : n % 10 === 1 ? 1 : 2) },
  { forms: 3, expression: `(n%10==0 || ${teenInC} ? 2 : n%10==1 ? 0 : 1)`, select: (n) => (n % 10 === 0 || teen(n) ? 2 : n % 10 === 1 ? 0 : 1) },
  { forms: 4, expression: '(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3)', select: (n) => (n % 100 === 1 ? 0 : n % 100 === 2 ? 1 : n % 100 === 3 || n % 100 === 4 ? 2 : 3) },
  { forms: 4, expression: '(n==1 || n==11 ? 0 : n==2 || n==12 ? 1 : (n>=3 && n<=10) || (n>=13 && n<=19) ? 2 : 3)', select: (n) => (n === 1 || n === 11 ? 0 : n === 2 || n === 12 ? 1 : (n >= 3 && n <= 10) || (n >= 13 && n <= 19) ? 2 : 3) },
  { forms: 5, expression: '(n==1 ? 0 : n==2 ? 1 : n>=3 && n<=6 ? 2 : n>=7 && n<=10 ? 3 : 4)', select: (n) => (n === 1 ? 0 : n === 2 ? 1 : n >= 3 && n <= 6 ? 2 : n >= 7 && n <= 10 ? 3 : 4) },
  { forms: 6, expression: '(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5)', select: (n) => (n === 6 ? 4 : n > 3 ? 5 : n) },
  { forms: 6, expression: '(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)', select: (n) => (n < 3 ? n : n % 100 >= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 ? 4 : 5) },
];

/** `nplurals=1; plural=0;`, or undefined for a language that CLDR does not know or that counts in yet another way. */
export function pluralForms(language: string): string | undefined {
  const tag = language.replaceAll('_', '-');
  if (!isKnown(tag)) return undefined;
  const categories: readonly string[] = integerCategories(tag);
  const rules = new Intl.PluralRules(tag);
  const numbers = Array.from({ length: 201 }, (_, number) => number);
  const found = pluralRules.find(({ forms, select }) => forms === categories.length && numbers.every((n) => categories[select(n)] === rules.select(n)));
  return found === undefined ? undefined : `nplurals=${found.forms}; plural=${found.expression};`;
}

function isKnown(tag: string): boolean {
  try {
    return Intl.PluralRules.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/**
 * A template as a file of a language, with as many empty plural forms as that has; what it says stays.
 * @throws AppError `document.syntax`
 */
export function filledTemplate(template: string, language: string, path: string): string {
  const text = filledHeader(template, language);
  const forms = Number(/nplurals=(\d+)/u.exec(text)?.[1] ?? 0);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  let filled = '';
  let at = 0;
  for (const { plural, strings } of readPo(text, path)) {
    const [first, last] = [strings[0], strings.at(-1)];
    if (plural === undefined || first === undefined || last === undefined || forms < 1 || strings.some((string) => string.text !== '')) continue;
    filled += text.slice(at, text.lastIndexOf('msgstr', first.start)) + Array.from({ length: forms }, (_, index) => `msgstr[${index}] ""`).join(newline);
    at = last.end;
  }
  return filled + text.slice(at);
}

/** The header with the comments above it, as it stands in the file; undefined where the file does not begin with one. */
export function headerOf(text: string): string | undefined {
  return /^(?:#[^\r\n]*(?:\r\n|\n|\r)|\s)*msgid[ \t]+""\s+msgstr(?:[ \t]+|\s+)(?:"[^\r\n]*"\s*)+/u.exec(text)?.[0];
}

/** What a template leaves open in its header, language, encoding and plural forms; those of another language, of its sources, are not the file's. */
function filledHeader(text: string, language: string): string {
  const header = headerOf(text);
  if (header === undefined) return text;
  const named = /^"Language:[ \t]*([\w-]+)/mu.exec(header)?.[1];
  const isForeign = named !== undefined && !sameLanguage(named, language);
  const filled = header
    .replace(/^#,[ \t]*fuzzy[ \t]*(?:\r\n|\n|\r)/mu, '')
    .replace(/^("Language:)[ \t]*([\w-]*)(?=\\n)/mu, (whole, field: string, said: string) => (said === '' || isForeign ? `${field} ${language.replaceAll('-', '_')}` : whole))
    .replace(/(charset=)CHARSET/u, '$1UTF-8')
    .replace(isForeign ? /nplurals=[^"\\]*(?=\\n)/u : /nplurals=INTEGER; plural=EXPRESSION;/u, (open) => pluralForms(language) ?? open);
  return filled + text.slice(header.length);
}
