/** Plural forms that are entries of their own (Android, i18next, Rails, .stringsdict): those that the target language has. Pure. */
import { isPluralCategory, pluralCategories, type PluralCategory } from '../text/plurals.ts';
import type { TextRange } from './segment.ts';
import type { Unit } from './units.ts';
import { lineBefore } from './xml.ts';

export interface PluralFile {
  readonly text: string;
  /** Absent: forms are those of the file. */
  readonly targetLanguage: string | undefined;
  /** Between two entries, apart from white space. */
  readonly comma: ',' | '';
  /** True where `zero` may stand in any language, for none at all. */
  readonly freeZero: boolean;
}

interface Form extends Unit {
  readonly plural: PluralCategory;
  readonly entry: TextRange;
}

/**
 * The units with the plural forms of the target language: a form that only it has follows in front of `other`, is made of it
 * and stands nowhere until it is written; one that it has not is left out when the `other` beside it is written.
 * Everything else stays. A group is what has one key but for the category, with `other` among it.
 */
export function fitPlurals(units: readonly Unit[], file: PluralFile): readonly Unit[] {
  const { targetLanguage } = file;
  if (targetLanguage === undefined) return units;
  const fitted: Unit[] = [];
  const keys = new Set(units.map(({ key }) => key));
  for (let at = 0; at < units.length;) {
    const group = groupAt(units, at);
    if (group.length === 0) {
      const unit = units[at++];
      if (unit !== undefined) fitted.push(unit);
      continue;
    }
    fitted.push(...fittedGroup(group, { needed: pluralCategories(targetLanguage, isOrdinal(group[0]) ? 'ordinal' : 'cardinal'), keys }, file));
    at += group.length;
  }
  return fitted;
}

function isForm(unit: Unit | undefined): unit is Form {
  return unit?.entry !== undefined && isPluralCategory(unit.plural ?? '') && unit.key.endsWith(unit.plural ?? '');
}

/** A form alone may be any entry whose name ends so: without a second one it needs a number to be for. */
function groupAt(units: readonly Unit[], at: number): readonly Form[] {
  const first = units[at];
  if (!isForm(first)) return [];
  const group: Form[] = [];
  for (let unit = units[at]; isForm(unit) && stemOf(unit) === stemOf(first); unit = units[at + group.length]) group.push(unit);
  const isCounted = group.length > 1 || /%|\{\{?\s*count/u.test(first.text);
  return isCounted && group.some(({ plural }) => plural === 'other') ? group : [];
}

/** i18next: `place_ordinal_one`. */
function isOrdinal(form: Form | undefined): boolean {
  return form !== undefined && stemOf(form).endsWith('_ordinal_');
}

function stemOf({ key, plural }: Form): string {
  return key.slice(0, -plural.length);
}

/** @param keys of the whole file: a form may stand somewhere else in it */
function fittedGroup(group: readonly Form[], { needed, keys }: { readonly needed: readonly PluralCategory[]; readonly keys: ReadonlySet<string> }, file: PluralFile): readonly Unit[] {
  const fits = ({ plural }: Form): boolean => needed.includes(plural) || (plural === 'zero' && file.freeZero);
  const at = group.findIndex(({ plural }) => plural === 'other');
  const other = group[at];
  if (other === undefined) return group;
  let from = at;
  while (from > 0 && !fits(group[from - 1] ?? other) && isBeside(group[from - 1], group[from], file)) from--;
  let to = at;
  while (to < group.length - 1 && !fits(group[to + 1] ?? other) && isBeside(group[to], group[to + 1], file)) to++;
  const [first, last] = [group[from] ?? other, group[to] ?? other];
  const whole = { start: first.entry.start, end: last.entry.end };
  const missing = needed.filter((category) => !keys.has(stemOf(other) + category));
  return [
    ...group.slice(0, from),
    ...missing.map((category) => added(other, category, { file, at: from < at ? whole.start : other.entry.start })),
    (from === at && to === at) || other.wrap !== undefined ? other : withoutNeighbours(other, whole, { file, isFirst: from < at, isLast: to > at }),
    ...group.slice(to + 1),
  ];
}

/** Nothing but white space and a comma between two entries: no comment is lost with them. */
function isBeside(one: Form | undefined, next: Form | undefined, { text, comma }: PluralFile): boolean {
  return one !== undefined && next !== undefined && text.slice(one.entry.end, next.entry.start).replace(comma, '').trim() === '';
}

/** Its place takes in the entries beside it that its language has no use for. */
function withoutNeighbours(other: Form, whole: TextRange, { file: { text }, isFirst, isLast }: { readonly file: PluralFile; readonly isFirst: boolean; readonly isLast: boolean }): Unit {
  return {
    ...other,
    range: { start: isFirst ? whole.start : other.range.start, end: isLast ? whole.end : other.range.end },
    entry: whole,
    wrap: { before: isFirst ? text.slice(other.entry.start, other.range.start) : '', after: isLast ? text.slice(other.range.end, other.entry.end) : '', gap: '' },
  };
}

function added(other: Form, plural: PluralCategory, { file: { text, comma }, at }: { readonly file: PluralFile; readonly at: number }): Unit {
  const { entry, range } = other;
  const head = text.slice(entry.start, range.start);
  const name = head.lastIndexOf('other');
  const line = lineBefore(text, entry.start);
  return {
    ...other,
    range: { start: at, end: at },
    entry: { start: at, end: at },
    key: stemOf(other) + plural,
    plural,
    existing: undefined,
    existingRaw: undefined,
    ...(other.state === undefined ? {} : { state: 'new' as const }),
    wrap: { before: head.slice(0, name) + plural + head.slice(name + 5), after: text.slice(range.end, entry.end), gap: comma + (line === '' && comma !== '' ? ' ' : line) },
  };
}
