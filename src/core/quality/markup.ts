/** Checks of what must survive a translation as it is. Pure. */
import { dateDirectives, isDatePattern } from '../document/dateFormat.ts';
import { textSpans } from '../document/messageSyntax.ts';
import type { ProtectedSpan } from '../document/segment.ts';
import type { Check, CheckInput, Finding } from './check.ts';
import { difference } from './multiset.ts';
import { icuFindings, isIcuMessage } from './icu.ts';

/** Placeholders, ICU arguments included: each as often as in the source. In a plural message a branch may leave some out. */
export const placeholders: Check = (input) => {
  if (isIcuMessage(input.source)) return icuFindings(input);
  if (isDatePattern(input.source)) return dateFindings(input);
  const [wanted, found] = [spanTexts(input, true, 'placeholder'), spanTexts(input, false, 'placeholder')];
  const findings = difference(wanted, found).map((detail): Finding => ({ check: 'placeholders', severity: 'error', detail, ...spellingFix(input, detail) }));
  return [...findings, ...difference(found, wanted).map((detail): Finding => ({ check: 'placeholders', severity: 'error', detail }))];
};

/** Each language has its own order and its own forms of a date: what is asked for is a pattern. */
function dateFindings({ source, translation }: CheckInput): readonly Finding[] {
  if (dateDirectives(translation).length > 0) return [];
  return [{ check: 'placeholders', severity: 'error', detail: dateDirectives(source).map(({ start, end }) => source.slice(start, end)).join(' ') }];
}

/**
 * An apostrophe that MessageFormat would take for a quote: alone, in a text whose source has arguments by number and doubles
 * its own. Quoted signs (`'{'`) are left alone. Only a warning: the text may be meant for another formatter.
 */
export const apostrophes: Check = ({ source, translation }) => {
  const isLone = /(?<!')'(?:'')*(?!')/u;
  if (!/\{\d+[^{}]*\}/u.test(source) || !source.includes("''") || isLone.test(source) || /'(?:[{}#|]+|\{[^{}']*\})'/u.test(translation)) return [];
  const match = isLone.exec(translation);
  if (match === null) return [];
  const range = { start: match.index, end: match.index + match[0].length };
  return [{ check: 'placeholders', severity: 'warning', detail: match[0], range, fix: translation.replace(new RegExp(isLone, 'gu'), (run) => `${run}'`) }];
};

/** Tags: each as often as in the source, and nested as tags must be. */
export const tags: Check = (input) => {
  const [wanted, found] = [spanTexts(input, true, 'html'), spanTexts(input, false, 'html')];
  const lost: readonly Finding[] = [...difference(wanted, found), ...difference(found, wanted)].map((detail) => ({ check: 'tags', severity: 'error', detail }));
  if (lost.length > 0 || found.length < 2) return lost;
  const broken = nestingError(found);
  return broken === undefined || nestingError(wanted) !== undefined ? [] : [{ check: 'tags', severity: 'error', detail: broken }];
};

/** Line breaks of a resource string, and escapes that are written out (`\n`). */
export const lineBreaks: Check = ({ source, translation }) => {
  const written = (text: string): number => text.match(/\\[ntr]/gu)?.length ?? 0;
  const breaks = (text: string): number => text.trim().match(/\r\n|\n|\r/gu)?.length ?? 0;
  if (written(source) !== written(translation)) return [{ check: 'lineBreaks', severity: 'error', detail: `\\n ${written(source)} → ${written(translation)}` }];
  if (breaks(source) === breaks(translation)) return [];
  return [{ check: 'lineBreaks', severity: 'hint', detail: `${breaks(source)} → ${breaks(translation)}` }];
};

export const addresses: Check = ({ source, translation }) => {
  const pattern = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu;
  const list = (text: string): readonly string[] => [...text.matchAll(pattern)].map(([match]) => match.replace(/[.,;:!?)\]]+$/u, ''));
  return difference(list(source), list(translation)).map((detail) => ({ check: 'addresses', severity: 'warning', detail }));
};

function spanTexts(input: CheckInput, ofSource: boolean, kind: ProtectedSpan['kind']): readonly string[] {
  const text = ofSource ? input.source : input.translation;
  return textSpans(text).filter((span) => span.kind === kind).map(({ range }) => text.slice(range.start, range.end).replace(/\s+/gu, ' '));
}

function nestingError(found: readonly string[]): string | undefined {
  const open: string[] = [];
  for (const tag of found) {
    const name = /^<\/?([^\s/>]+)/u.exec(tag)?.[1] ?? '';
    if (tag.endsWith('/>') || /^(?:br|img|hr|wbr|input|x|bx|ex|ph|sc|ec)$/iu.test(name)) continue;
    if (!tag.startsWith('</')) open.push(name);
    else if (open.pop() !== name) return tag;
  }
  return undefined;
}

/** Another spelling of the same placeholder (wide characters, spaces inside) has one right form. */
function spellingFix({ translation }: CheckInput, wanted: string): Pick<Finding, 'fix' | 'range'> {
  const loose = [...wanted.replace(/\s+/gu, '')].map((character) => {
    const wide = String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0);
    const plain = character.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
    return /[!-~]/u.test(character) ? `(?:${plain}|${wide})` : plain;
  }).join('\\s*');
  const match = new RegExp(loose, 'iu').exec(translation);
  if (match === null) return {};
  const end = match.index + match[0].length;
  return { range: { start: match.index, end }, fix: translation.slice(0, match.index) + wanted + translation.slice(end) };
}

