/** Checks of what ends a sentence, and of what comes in pairs. Pure. */
import type { Check, CheckInput, Finding } from './check.ts';

const closing = '["\'”’“‘」』）)»«]*$';
/** What ends a text, by kind, in the scripts of the languages that we know. */
const endings: readonly (readonly [kind: string, marks: RegExp])[] = [
  ['?', new RegExp(`[?？؟՞⁇⁈]${closing}`, 'u')], ['!', new RegExp(`[!！՜‼]${closing}`, 'u')], [':', /[:：]$/u],
  ['…', new RegExp(`(?:…|\\.\\.\\.|。。。)${closing}`, 'u')], ['.', new RegExp(`[.。．।։።።။។۔།]${closing}`, 'u')],
];

function kindOf(text: string, language: string): string {
  if (/^el(?:-|$)/u.test(language) && new RegExp(`[;\u037e]${closing}`, 'u').test(text.trim())) return '?';
  return endings.find(([, marks]) => marks.test(text.trim()))?.[0] ?? '';
}

/**
 * The mark that ends the translation: a question or a colon that got lost, or a full stop instead of them, in sentences; marks
 * of another language's than the target's (zh, ja, ar, fa, ur, el, hy), a missing space before them (fr) and a missing
 * opening one (es). Whether a sentence ends with a full stop at all is left to habit.
 */
export const endPunctuation: Check = (input) => [...lostEnd(input), ...foreignMarks(input)];

function lostEnd({ source, translation, sourceLanguage, targetLanguage }: CheckInput): readonly Finding[] {
  const [wanted, found] = [kindOf(source, sourceLanguage), kindOf(translation, targetLanguage)];
  if (wanted === found || wanted === '' || (source.match(/\p{L}+/gu) ?? []).length < 3) return [];
  const particle = /^(?:ja|ko|zh|th|yue|my|km)/u.test(targetLanguage) && /(?:[か吗呢么嗎까요죠なねよ]|くれ|ください|下さい|ไหม|มั้ย|หรือ)[。.]?["'”’」』）)]*[。.]?$/u.test(translation.trim());
  // Armenian puts its marks over the stressed word, and a Greek question ends as an English clause does
  const inside = /^hy/u.test(targetLanguage) && /[՞՜]/u.test(translation);
  const strict = (wanted === '?' && (found === '.' || found === '')) || (wanted === ':' && found === '.' && !/^(?:ja|zh|yue)(?:-|$)/u.test(targetLanguage));
  return strict && !particle && !inside ? [{ check: 'endPunctuation', severity: 'hint', detail: wanted }] : [];
}

interface Habit {
  readonly languages: RegExp;
  readonly wrong: RegExp;
  /** What the matched text becomes. */
  readonly right: (found: string) => string;
}

const wide: Readonly<Record<string, string>> = { '.': '。', '?': '？', '!': '！' };
/** Marks that are another language's; each with the one right form. */
const habits: readonly Habit[] = [
  { languages: /^(?:ja|zh|yue)(?:-|$)/u, wrong: /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー])[.](?=["'”’」』）)]*$)/u, right: (found) => wide[found] ?? found },
  { languages: /^(?:ar|fa|ur|ps|ug)(?:-|$)/u, wrong: /(?<=[\p{Script=Arabic}])[\s]*\?(?=["'”’)»]*$)/u, right: () => '؟' },
  { languages: /^el(?:-|$)/u, wrong: /(?<=\p{Script=Greek})\?(?=["'”’)»]*$)/u, right: () => ';' },
  { languages: /^hy(?:-|$)/u, wrong: /(?<=\p{Script=Armenian})\.(?=["'”’)»]*$)/u, right: () => '։' },
  { languages: /^fr(?!-CA)(?:-|$)/u, wrong: /(?<=[\p{L}\p{N}])[?!;](?=["'”’)»]*$)/u, right: (found) => `\u202f${found}` },
  { languages: /^fr(?:-|$)/u, wrong: /(?<=\p{L}):(?=["'”’)»]*$)/u, right: () => '\u00a0:' },
];

function foreignMarks({ source, translation, targetLanguage }: CheckInput): readonly Finding[] {
  if ((source.match(/\p{L}+/gu) ?? []).length < 2) return [];
  const findings = habits.flatMap(({ languages, wrong, right }): readonly Finding[] => {
    const match = languages.test(targetLanguage) ? wrong.exec(translation.trimEnd()) : null;
    if (match === null) return [];
    const [start, end] = [match.index, match.index + match[0].length];
    const fix = translation.slice(0, start) + right(match[0]) + translation.slice(end);
    return [{ check: 'endPunctuation', severity: 'hint', detail: right(match[0]), range: { start, end }, fix }];
  });
  return findings.length > 0 || !/^es(?:-|$)/u.test(targetLanguage) ? findings : unopened(translation);
}

/** Spanish opens questions and exclamations; where in the sentence is for a person to say. */
function unopened(translation: string): readonly Finding[] {
  return ([['?', '¿'], ['!', '¡']] as const).flatMap(([close, open]) => (
    translation.trim().endsWith(close) && !translation.includes(open) ? [{ check: 'endPunctuation', severity: 'hint', detail: open } as const] : []
  ));
}

const pairs: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'], ['[', ']'], ['{', '}'], ['（', '）'], ['［', '］'], ['「', '」'], ['『', '』'], ['【', '】'], ['《', '》'], ['〈', '〉'], ['〔', '〕'], ['“', '”'], ['«', '»'], ['„', '“'],
];
/** Languages that close with what others open with: „…“ and »…«. */
const lowQuotes = /^(?:de|cs|sk|bg|sl|hr|sr|is|lt|et|mk|ka|da|pl|hu|ro|fi|sv)(?:-|$)/u;

/** Round, square, curly, or a quotation: what stands for one another in two languages. */
function shapeOf(open: string): string {
  return /[“«„「『《〈]/u.test(open) ? '"' : /[[［【〔]/u.test(open) ? '[' : open === '{' ? '{' : '(';
}

/**
 * Brackets and quotation marks that are balanced in the source and are not in the translation: one too many, or closed before
 * they are opened. Where the source opens a quotation that ends in another text, the translation's may stay open as well.
 */
export const brackets: Check = ({ source, translation, targetLanguage }) => {
  const low = lowQuotes.test(targetLanguage);
  const used = pairs.filter(([open, close]) => (low ? !/[“«]/u.test(open) : open !== '„') && (open !== '„' || !/”/u.test(translation)) && !(low && close === '”'));
  const from = withoutEnumerators(source);
  const odd = new Set(used.filter((pair) => !isBalanced(from, pair)).map(([open]) => shapeOf(open)));
  if (count(source, '"') % 2 === 1) odd.add('"');
  const text = withoutEnumerators(translation);
  const broken = used.filter((pair) => !isBalanced(translation, pair) && !isBalanced(text, pair));
  const mixed = (open: string): boolean => /[(（]/u.test(open) && isBalanced(text.replaceAll('（', '(').replaceAll('）', ')'), ['(', ')']);
  const goesOn = (pair: readonly [string, string]): boolean => isBalanced(text + pair[1], pair) || isBalanced(pair[0] + text, pair);
  const isFree = (pair: readonly [string, string]): boolean => mixed(pair[0]) || (odd.has(shapeOf(pair[0])) && (shapeOf(pair[0]) !== '"' || goesOn(pair)));
  const findings = broken.filter((pair) => !isFree(pair)).map(([open, close]): Finding => ({ check: 'brackets', severity: 'warning', detail: open + close }));
  const straight = !odd.has('"') && count(translation, '"') % 2 === 1 && !/\d\s?"/u.test(translation);
  return straight ? [...findings, { check: 'brackets', severity: 'warning', detail: '"' }] : findings;
};

/** `a)`, `1)`, `iv)` at the start of a line or an item, and faces made of signs. */
function withoutEnumerators(text: string): string {
  return text.replace(/(^|[\s、。，,;；])(?:[a-z]|\d{1,2}|[ivx]{1,4})[)）]/giu, '$1 ').replace(/[:;=：；]-?[()（）]/gu, ' ');
}

function isBalanced(text: string, [open, close]: readonly [string, string]): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === open) depth++;
    else if (character === close && --depth < 0) return false;
  }
  return depth === 0;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
