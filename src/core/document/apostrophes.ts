/** Apostrophes in patterns of java.text.MessageFormat and ICU without branches: there one may begin a quotation instead of being printed. Pure. */
import { branchedMessage } from './icuBranches.ts';
import type { Unit } from './units.ts';

/**
 * Whose rule a pattern follows. `java`: every apostrophe alone begins a quotation, up to the next one. `icu` (its default mode):
 * only in front of a brace; readers that know tags take one in front of `<` and `>` for a quotation as well. Two are one in print.
 */
export type Quoting = 'java' | 'icu';

/** What the other values of a file tell of one. */
interface FileQuoting {
  /** Values with arguments by number double their apostrophes, and none of them leaves one alone. */
  readonly doubles: boolean;
  /** ICU messages with branches are among them. */
  readonly isIcu: boolean;
}

/** Quotations of nothing but braces, or of what looks like an argument: meant as such. */
const literal = /(?<!')'(?:[{}]+|\{[^{}']*\})'(?!')/gu;
const lone = { java: /(?<!')'(?!')/gu, icu: /(?<!')'(?=[{}<>])/gu } as const;
const pieces = {
  java: /''|'(?:[^']|'')*'?|\{\s*([\w.-]+)\s*(?:,[^{}']*)?\}|[{}]/gu,
  icu: /''|'(?=[{}<>])(?:[^']|'')*'?|\{\s*([\w.-]+)\s*(?:,[^{}']*)?\}|[{}]/gu,
} as const;

/** Ends of `style` of a text that is such a pattern. */
const marks: Readonly<Record<Quoting, string>> = { java: ' java', icu: ' message' };

/**
 * The values of a file whose apostrophes certainly have a meaning, with it in their style: those that double their own, or whose
 * neighbours with arguments by number all do, and those beside ICU messages with branches. Values with branches have none. Linear.
 * @param hasIcu false for a format whose readers may take an ICU message's apostrophes for themselves
 */
export function withQuoting(units: readonly Unit[], hasIcu: boolean): readonly Unit[] {
  const file = { doubles: doublesApostrophes(units), isIcu: hasIcu && units.some(({ text }) => branchedMessage(text) !== undefined) };
  return units.map((unit) => {
    const quoting = quotingOf(unit.text, file);
    return quoting === undefined ? unit : { ...unit, style: (unit.style ?? '') + marks[quoting] };
  });
}

/**
 * A translation as it must be written to be printed as it was typed: apostrophes that would begin a quotation are doubled. Those
 * that are two already stay, and so do quoted braces (`'{'`), unless an argument of the source would be lost in the quotation.
 * Three and more at once, and those inside of an argument, are left to the person. Total, idempotent, linear.
 */
export function fitApostrophes(text: string, source: string, quoting: Quoting | undefined): string {
  if (quoting === undefined || !text.includes("'") || /'''|\{\s*\w+\s*,[^{}]*'/u.test(text)) return text;
  const all = doubled(text, quoting);
  const kept = doubledOutside(text, quoting);
  if (kept === all) return all;
  const wanted = argumentsOf(source, quoting)?.join();
  return [kept, all].find((written) => argumentsOf(written, quoting)?.join() === wanted) ?? text;
}

/** Of a text with a style as `withQuoting` gives it. */
export function quotingIn(style = ''): Quoting | undefined {
  return style.endsWith(marks.java) ? 'java' : style.endsWith(marks.icu) ? 'icu' : undefined;
}

function quotingOf(value: string, file: FileQuoting): Quoting | undefined {
  if (!value.includes('{') || value.includes("'<")) return undefined;
  const own = ownApostrophes(value);
  const found = argumentsOf(value, own === 'alone' ? 'icu' : 'java') ?? [];
  if (isNumbered(found) && (own === 'doubled' || (own === 'none' && file.doubles))) return 'java';
  return found.length > 0 && (own === 'doubled' || file.isIcu) ? 'icu' : undefined;
}

/** What values with arguments by number agree on. */
function doublesApostrophes(units: readonly Unit[]): boolean {
  const found = units.filter(({ text }) => text.includes("'") && /\{\s*\d/u.test(text)).map(({ text }) => ownApostrophes(text));
  return found.includes('doubled') && !found.includes('alone');
}

/** Those of a text that are no quotes of braces. */
function ownApostrophes(text: string): 'doubled' | 'alone' | 'none' {
  const own = text.includes("'") ? text.replace(literal, '') : '';
  if (/(?<!')'(?:'')*(?!')/u.test(own)) return 'alone';
  return own.includes("'") ? 'doubled' : 'none';
}

function isNumbered(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => /^\d+$/u.test(name));
}

/** Names of the arguments that are not quoted, sorted; undefined for what is no pattern, or one with branches. */
function argumentsOf(text: string, quoting: Quoting): readonly string[] | undefined {
  const names: string[] = [];
  for (const [piece, name] of text.matchAll(pieces[quoting])) {
    if (name !== undefined) names.push(name);
    else if (!piece.startsWith("'")) return undefined;
  }
  return names.sort();
}

function doubled(text: string, quoting: Quoting): string {
  return text.replace(lone[quoting], "''");
}

/** What stands between quoted braces alone. Looking around a piece sees nothing of its neighbours, which no apostrophe ends or begins. */
function doubledOutside(text: string, quoting: Quoting): string {
  let result = '';
  let at = 0;
  for (const { index, 0: quoted } of text.matchAll(literal)) {
    result += doubled(text.slice(at, index), quoting) + quoted;
    at = index + quoted.length;
  }
  return result + doubled(text.slice(at), quoting);
}
