/** ICU messages: arguments, and the plural branches that a language needs. Pure. */
import { isPluralElement, isSelectElement, isTagElement, parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { pluralCategories } from '../text/plurals.ts';
import type { Check, CheckInput, Finding } from './check.ts';
import { difference } from './multiset.ts';

/** Only messages with plural or select branches: a lone `{name}` is a placeholder like any other. */
export function isIcuMessage(text: string): boolean {
  return /\{[^{}]*,\s*(?:plural|select|selectordinal)\s*,/u.test(text) && read(text) !== undefined;
}

/**
 * The message parses, has the arguments of the source, and no branch that its code cannot ask for. A branch of a select that is
 * left out falls to `other`.
 */
export function icuFindings({ source, translation }: CheckInput): readonly Finding[] {
  const [from, to] = [read(source), read(translation)];
  if (from === undefined) return [];
  if (to === undefined) return [{ check: 'placeholders', severity: 'error', detail: 'ICU' }];
  const [wanted, found] = [[...new Set(argumentsOf(from))], [...new Set(argumentsOf(to))]];
  const [cases, named] = [selectorsOf(from), selectorsOf(to)];
  const wrong = [...named].filter((name) => !cases.has(name) && !/^plural (?:=\d+|zero|one|two|few|many|other)$/u.test(name));
  const lost = [...cases].filter((name) => name.endsWith(' other') && !named.has(name));
  return [...difference(wanted, found), ...difference(found, wanted), ...wrong, ...lost].map((name) => ({ check: 'placeholders', severity: 'error', detail: `{${name}}` }));
}

/**
 * Arguments by which a message branches and of which its translation says nothing. An error where the source shows the number: it
 * is lost; else a warning: a language may need no branches there. For messages that are checked branch by branch, where a branch may
 * leave an argument out. Nothing for what is no message.
 */
export function lostArguments(source: string, translation: string): readonly Finding[] {
  const [from, to] = [read(source), read(translation)];
  if (from === undefined || to === undefined) return [];
  const [kept, shown] = [new Set(argumentsOf(to)), shownNumbers(from)];
  return [...selectingArguments(from)].filter((name) => !kept.has(name)).map((name) => ({ check: 'placeholders', severity: shown.has(name) ? 'error' : 'warning', detail: `{${name}}` }));
}

/** Every category of the target's language has its branch, and no branch is one that the language does not have. */
export const pluralForms: Check = ({ source, translation, targetLanguage }) => {
  if (!isIcuMessage(source)) return [];
  return branches(read(translation) ?? []).flatMap(({ type, names }): readonly Finding[] => {
    const needed = pluralCategories(targetLanguage, type);
    const missing = needed.filter((category) => !names.includes(category));
    const unknown = names.filter((name) => !name.startsWith('=') && name !== 'other' && !needed.some((category) => category === name));
    return [
      ...missing.map((detail): Finding => ({ check: 'pluralForms', severity: 'error', detail })),
      ...unknown.map((detail): Finding => ({ check: 'pluralForms', severity: 'hint', detail })),
    ];
  });
};

function read(text: string): readonly MessageFormatElement[] | undefined {
  try {
    return parse(text, { ignoreTag: true, requiresOtherClause: false });
  } catch {
    return undefined;
  }
}

function argumentsOf(elements: readonly MessageFormatElement[]): readonly string[] {
  return elements.flatMap((element): readonly string[] => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (isTagElement(element)) return argumentsOf(element.children);
    if (isPluralElement(element) || isSelectElement(element)) return [element.value, ...Object.values(element.options).flatMap(({ value }) => argumentsOf(value))];
    return [element.value];
  });
}

/** Of all plurals and selects, nested ones included. */
function selectingArguments(elements: readonly MessageFormatElement[]): ReadonlySet<string> {
  return new Set(elements.flatMap((element): readonly string[] => {
    if (isTagElement(element)) return [...selectingArguments(element.children)];
    if (!isPluralElement(element) && !isSelectElement(element)) return [];
    return [element.value, ...Object.values(element.options).flatMap(({ value }) => [...selectingArguments(value)])];
  }));
}

/** Arguments whose value a reader sees: named by themselves, or as `#` of the plural around it. */
function shownNumbers(elements: readonly MessageFormatElement[], plural?: string): ReadonlySet<string> {
  return new Set(elements.flatMap((element): readonly string[] => {
    if (element.type === TYPE.literal) return [];
    if (element.type === TYPE.pound) return plural === undefined ? [] : [plural];
    if (isTagElement(element)) return [...shownNumbers(element.children, plural)];
    if (!isPluralElement(element) && !isSelectElement(element)) return [element.value];
    const around = isPluralElement(element) ? element.value : plural;
    return Object.values(element.options).flatMap(({ value }) => [...shownNumbers(value, around)]);
  }));
}

/** `plural one` of any plural, `gender male` of a select by that argument. */
function selectorsOf(elements: readonly MessageFormatElement[]): ReadonlySet<string> {
  return new Set(elements.flatMap((element): readonly string[] => {
    if (isTagElement(element)) return [...selectorsOf(element.children)];
    if (!isPluralElement(element) && !isSelectElement(element)) return [];
    const name = isPluralElement(element) ? 'plural' : element.value;
    return Object.entries(element.options).flatMap(([selector, { value }]) => [`${name} ${selector}`, ...selectorsOf(value)]);
  }));
}

interface Branches {
  readonly type: 'cardinal' | 'ordinal';
  readonly names: readonly string[];
}

function branches(elements: readonly MessageFormatElement[]): readonly Branches[] {
  return elements.flatMap((element): readonly Branches[] => {
    if (isTagElement(element)) return branches(element.children);
    if (!isPluralElement(element) && !isSelectElement(element)) return [];
    const inner = Object.values(element.options).flatMap(({ value }) => branches(value));
    if (!isPluralElement(element)) return inner;
    return [{ type: element.pluralType ?? 'cardinal', names: Object.keys(element.options) }, ...inner];
  });
}
