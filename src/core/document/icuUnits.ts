/** ICU messages with plural and select branches: every branch that the target language has is a text of its own. Pure. */
import { isPluralElement, isSelectElement, parse, TYPE, type MessageFormatElement, type PluralElement, type SelectElement } from '@formatjs/icu-messageformat-parser';
import { pluralCategories } from '../text/plurals.ts';
import type { TextRange } from './segment.ts';
import type { Unit, UnitCode } from './units.ts';

type Branching = PluralElement | SelectElement;

/** More branches than people can read; such a message stays one text. */
const maxBranches = 48;

/** One branch: what it says, and the piece of the message that it stands in. The pieces of all branches are the message. */
interface Tile {
  readonly path: readonly string[];
  readonly elements: readonly MessageFormatElement[];
  /** In the message; empty for a branch that it lacks. */
  range: TextRange;
  /** The message's own syntax in front of the branch's text and behind it. */
  open: string;
  close: string;
  readonly plural: string | undefined;
}

/** What surrounds the branches: their sentence begins and ends with it. */
interface Around {
  readonly before: readonly MessageFormatElement[];
  readonly after: readonly MessageFormatElement[];
  readonly path: readonly string[];
  readonly plural: string | undefined;
}

/** How a value stands in its file. */
export interface IcuContext {
  readonly text: string;
  /** Of the format, without ICU's quotes. */
  readonly escape: (text: string) => string;
  /** Absent: branches are those of the message. */
  readonly targetLanguage: string | undefined;
}

/**
 * A value's branches as units. Each is a whole sentence: text beside the branches goes into every one of them. Plural branches
 * follow the target language's CLDR categories: one that it lacks is left out when its neighbour is written, one that only it
 * has is made of `other`. Arguments and `#` are codes. Undefined for what is no such message: without branches, with two sets of them side
 * by side, with a `#` beside an inner plural, or spelled with escapes of which the places cannot be told.
 */
export function icuUnits(unit: Unit, { text, escape, targetLanguage }: IcuContext): readonly Unit[] | undefined {
  const message = unit.text;
  if (!/\{[^{}]*,\s*(?:plural|select|selectordinal)\s*,/u.test(message) || escape(message) !== text.slice(unit.range.start, unit.range.end)) return undefined;
  const elements = elementsOf(message);
  const tiles = elements === undefined ? undefined : new Branches(message, targetLanguage).tiles(elements, { start: 0, end: message.length }, { before: [], after: [], path: [], plural: undefined });
  if (tiles === undefined || tiles.length < 1 || tiles.length > maxBranches || tiles[0]?.path.length === 0) return undefined;
  const at = (offset: number): number => unit.range.start + escape(message.slice(0, offset)).length;
  return tiles.map((tile): Unit => ({
    ...unit,
    ...contentOf(tile, message, escape),
    range: { start: at(tile.range.start), end: at(tile.range.end) },
    key: `${unit.key}{${tile.path.join(',')}}`,
    wrap: { before: escape(tile.open), after: escape(tile.close), gap: '' },
    plural: tile.plural,
    ...(tile.plural !== undefined && /,\s*selectordinal\s*,/u.test(message) && { ordinal: true }),
    style: `${unit.style ?? ''}${tile.plural === undefined ? icuStyle : icuPluralStyle}`,
  }));
}

/** Ends of `style`: a text inside of a message, and one where `#` is the number. */
const icuStyle = ' icu';
const icuPluralStyle = ' icu#';

/** Text as it stands in a branch: what ICU would take for its own is quoted. For units of other styles it is left alone. */
export function quoteIcu(text: string, style: string | undefined): string {
  if (style?.endsWith(icuPluralStyle) === true) return quoted(text, /[{}#]/u);
  return style?.endsWith(icuStyle) === true ? quoted(text, /[{}]/u) : text;
}

/** An apostrophe alone means itself, unless a sign that can be quoted, another one or the end comes next. */
function quoted(text: string, special: RegExp): string {
  return text.replace(/[{}#'<>|]+/gu, (run, offset: number) => {
    const doubled = run.replaceAll("'", "''");
    if (special.test(run)) return `'${doubled}'`;
    return run === "'" && offset + 1 < text.length ? run : doubled;
  });
}

function elementsOf(message: string): readonly MessageFormatElement[] | undefined {
  try {
    return parse(message, { ignoreTag: true, requiresOtherClause: false, captureLocation: true });
  } catch {
    return undefined;
  }
}

function isBranching(element: MessageFormatElement): element is Branching {
  return isPluralElement(element) || isSelectElement(element);
}

function placeOf(element: { readonly location?: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } } | null }): TextRange {
  return { start: element.location?.start.offset ?? 0, end: element.location?.end.offset ?? 0 };
}

/** A branch as it is written, with the elements of the one that it is made of. */
interface Branch {
  readonly name: string;
  readonly elements: readonly MessageFormatElement[];
  /** From the end of the branch before it to its opening brace, that included; the message's own or made after `other`. */
  readonly head: string;
  /** Its content. */
  readonly inside: TextRange;
  readonly isAdded: boolean;
}

class Branches {
  readonly #message: string;
  readonly #language: string | undefined;

  constructor(message: string, language: string | undefined) {
    this.#message = message;
    this.#language = language;
  }

  /** Tiles of a stretch of the message, from its start to its end. */
  tiles(elements: readonly MessageFormatElement[], range: TextRange, around: Around): Tile[] | undefined {
    const [element, another] = elements.filter(isBranching);
    if (another !== undefined) return undefined;
    if (element === undefined) return [{ path: around.path, elements: [...around.before, ...elements, ...around.after], range, open: '', close: '', plural: around.plural }];
    const index = elements.indexOf(element);
    const inner = { before: [...around.before, ...elements.slice(0, index)], after: [...elements.slice(index + 1), ...around.after] };
    // Inside of another plural the sign would be that one's number.
    if (isPluralElement(element) && [...inner.before, ...inner.after].some(({ type }) => type === TYPE.pound)) return undefined;
    const tiles: Tile[] = [];
    let end = range.start;
    for (const branch of this.#branchesOf(element) ?? []) {
      const found = this.#branchTiles(branch, { ...inner, path: [...around.path, `${element.value}=${branch.name}`], plural: isPluralElement(element) ? branch.name : around.plural }, end);
      if (found === undefined) return undefined;
      tiles.push(...found);
      end = found.at(-1)?.range.end ?? end;
    }
    return closed(tiles, range, { head: this.#headOf(element), tail: this.#tailOf(element) });
  }

  #branchTiles({ elements, head, inside, isAdded }: Branch, around: Around, from: number): Tile[] | undefined {
    const tiles = this.tiles(elements, inside, around);
    const [first, last] = [tiles?.[0], tiles?.at(-1)];
    if (tiles === undefined || first === undefined || last === undefined) return undefined;
    first.open = head + first.open;
    last.close += '}';
    if (isAdded) for (const tile of tiles) tile.range = { start: from, end: from };
    else {
      first.range = { start: from, end: first.range.end };
      last.range = { start: last.range.start, end: inside.end + 1 };
    }
    return tiles;
  }

  /**
   * The branches to write: the message's own that the language has, and beside `other` those that only the language has. The
   * first and the last hold the message together, so an added one stands between two of the message's own: undefined where
   * there is one alone.
   */
  #branchesOf(element: Branching): readonly Branch[] | undefined {
    const all = this.#ownBranches(element);
    if (!isPluralElement(element) || this.#language === undefined) return all;
    const needed = pluralCategories(this.#language, element.pluralType ?? 'cardinal');
    const kept = all.filter(({ name }) => name.startsWith('=') || needed.some((category) => category === name));
    const other = kept.find(({ name }) => name === 'other');
    if (other === undefined) return all;
    const missing = needed.filter((category) => !kept.some(({ name }) => name === category));
    if (missing.length > 0 && kept.length < 2) return undefined;
    const added = missing.map((name): Branch => ({ ...other, name, head: other.head.replace(/other(?=\s*\{$)/u, name), isAdded: true }));
    const at = kept.indexOf(other);
    return kept.toSpliced(at === 0 ? 1 : at, 0, ...added);
  }

  #ownBranches(element: Branching): readonly Branch[] {
    let end = this.#headEnd(element);
    return Object.entries(element.options).map(([name, option]): Branch => {
      const { start, end: last } = placeOf(option);
      const branch = { name, elements: option.value, head: this.#message.slice(end, start + 1), inside: { start: start + 1, end: last - 1 }, isAdded: false };
      end = last;
      return branch;
    });
  }

  /** Where the first branch's name begins, white space in front of it included. */
  #headEnd(element: Branching): number {
    const { start } = placeOf(element);
    const [first] = Object.values(element.options);
    const head = this.#message.slice(start, first === undefined ? start : placeOf(first).start);
    return start + (/\s*[^\s,{}]+\s*$/u.exec(head)?.index ?? 0);
  }

  #headOf(element: Branching): string {
    return this.#message.slice(placeOf(element).start, this.#headEnd(element));
  }

  #tailOf(element: Branching): string {
    const last = Object.values(element.options).at(-1);
    return last === undefined ? '' : this.#message.slice(placeOf(last).end, placeOf(element).end);
  }
}

/** The tiles of all branches, the first and the last with what begins and ends the element. */
function closed(tiles: Tile[], range: TextRange, { head, tail }: { readonly head: string; readonly tail: string }): Tile[] | undefined {
  const [first, last] = [tiles[0], tiles.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  first.range = { start: range.start, end: first.range.end };
  first.open = head + first.open;
  last.range = { start: last.range.start, end: range.end };
  last.close += tail;
  return tiles;
}

/** A branch's sentence: text without ICU's quotes, arguments and numbers as codes. */
function contentOf({ elements }: Tile, message: string, escape: (text: string) => string): { readonly text: string; readonly codes: readonly UnitCode[] } {
  const codes: UnitCode[] = [];
  let text = '';
  for (const element of elements) {
    if (element.type === TYPE.literal) {
      text += element.value;
      continue;
    }
    const { start, end } = placeOf(element);
    const shown = message.slice(start, end);
    codes.push({ range: { start: text.length, end: text.length + shown.length }, raw: escape(shown) });
    text += shown;
  }
  return { text, codes };
}
