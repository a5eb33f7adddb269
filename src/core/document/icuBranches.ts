/** Branchings of ICU messages: plurals and selects, and how their branches are written. Pure. */
import { isPluralElement, isSelectElement, parse, type MessageFormatElement, type PluralElement, type SelectElement } from '@formatjs/icu-messageformat-parser';
import { pluralCategories } from '../text/plurals.ts';
import type { TextRange } from './segment.ts';

export type Branching = PluralElement | SelectElement;

/** More branches than people can read; such a message stays one text. */
export const maxBranches = 48;

/** A branch as it is written, with the elements of the one that it is made of. */
export interface Branch {
  readonly name: string;
  readonly elements: readonly MessageFormatElement[];
  /** From the end of the branch before it to its opening brace, that included; the message's own or made after another's. */
  readonly head: string;
  /** Its content. */
  readonly inside: TextRange;
  /** True for one that the target language has and the message lacks. */
  readonly isAdded: boolean;
}

/** Undefined for what is no message, and for most texts, which have no branches. */
export function branchedMessage(message: string): readonly MessageFormatElement[] | undefined {
  return /\{[^{}]*,\s*(?:plural|select|selectordinal)\s*,/u.test(message) ? elementsOf(message) : undefined;
}

export function elementsOf(message: string): readonly MessageFormatElement[] | undefined {
  try {
    return parse(message, { ignoreTag: true, requiresOtherClause: false, captureLocation: true });
  } catch {
    return undefined;
  }
}

export function isBranching(element: MessageFormatElement): element is Branching {
  return isPluralElement(element) || isSelectElement(element);
}

export function placeOf(element: { readonly location?: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } } | null }): TextRange {
  return { start: element.location?.start.offset ?? 0, end: element.location?.end.offset ?? 0 };
}

export function ownBranches(message: string, element: Branching): readonly Branch[] {
  let end = headEnd(message, element);
  return Object.entries(element.options).map(([name, option]): Branch => {
    const { start, end: last } = placeOf(option);
    const branch = { name, elements: option.value, head: message.slice(end, start + 1), inside: { start: start + 1, end: last - 1 }, isAdded: false };
    end = last;
    return branch;
  });
}

/** The branch under another name. */
export function renamed(branch: Branch, name: string): Branch {
  return { ...branch, name, head: branch.head.replace(/[^\s,{}]+(?=\s*\{$)/u, () => name) };
}

/**
 * The branches to write: those of a message that the language has, and beside `other` those that only the language has. All of them
 * where there is no language, and no `other`.
 */
export function fittedBranches(branches: readonly Branch[], element: Branching, language: string | undefined): readonly Branch[] {
  if (!isPluralElement(element) || language === undefined) return branches;
  const needed = pluralCategories(language, element.pluralType ?? 'cardinal');
  const kept = branches.filter(({ name }) => name.startsWith('=') || needed.some((category) => category === name));
  const other = kept.find(({ name }) => name === 'other');
  if (other === undefined) return branches;
  const missing = needed.filter((category) => !kept.some(({ name }) => name === category));
  const at = kept.indexOf(other);
  return kept.toSpliced(at === 0 ? Math.min(1, kept.length - 1) : at, 0, ...missing.map((name) => ({ ...renamed(other, name), isAdded: true })));
}

/** Where the first branch's name begins, white space in front of it included. */
function headEnd(message: string, element: Branching): number {
  const { start } = placeOf(element);
  const [first] = Object.values(element.options);
  const head = message.slice(start, first === undefined ? start : placeOf(first).start);
  return start + (/\s*[^\s,{}]+\s*$/u.exec(head)?.index ?? 0);
}

/** What a branching begins with: `{n, plural,`. */
export function headOf(message: string, element: Branching): string {
  return message.slice(placeOf(element).start, headEnd(message, element));
}

/** What a branching ends with: `}`. */
export function tailOf(message: string, element: Branching): string {
  const last = Object.values(element.options).at(-1);
  return last === undefined ? '' : message.slice(placeOf(last).end, placeOf(element).end);
}
