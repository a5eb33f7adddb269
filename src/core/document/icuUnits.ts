/** ICU messages with plural and select branches: every branch that the target language has is a text of its own. Pure. */
import { TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { branchedMessage, fittedBranches, headOf, isBranching, maxBranches, ownBranches, placeOf, tailOf, type Branch, type Branching } from './icuBranches.ts';
import { choiceKind, flatTiles, type FlatPiece, type FlatTile } from './icuFlat.ts';
import type { MessageBranch, MessageChoice, ParseOptions, TextRange } from './segment.ts';
import type { Unit, UnitCode } from './units.ts';

/** One branch: what it says, and the piece of the message that it stands in. The pieces of all branches are the message. */
interface Tile {
  readonly path: readonly MessageChoice[];
  readonly elements: readonly MessageFormatElement[];
  /** In the message; empty for a branch that it lacks. */
  range: TextRange;
  /** The message's own syntax in front of the branch's text and behind it. */
  open: string;
  close: string;
}

/** What surrounds the branches: their sentence begins and ends with it. */
interface Around {
  readonly before: readonly MessageFormatElement[];
  readonly after: readonly MessageFormatElement[];
  readonly path: readonly MessageChoice[];
}

/** How a value stands in its file. */
export interface IcuContext {
  readonly text: string;
  /** Of the format, without ICU's quotes. */
  readonly escape: (text: string) => string;
  /** The message's. */
  readonly language: string;
  /** Absent: branches are those of the message. */
  readonly targetLanguage: string | undefined;
}

/** In which language a file's messages are. */
export function messageLanguage({ isTranslation = false, sourceLanguage, targetLanguage = sourceLanguage }: ParseOptions): string {
  return isTranslation ? targetLanguage : sourceLanguage;
}

/**
 * A value's branches as units. Each is a whole sentence: text beside the branches goes into every one of them, and of branchings
 * side by side every combination is one. Plural branches follow the target language's CLDR categories: one that it lacks is left
 * out, one that only it has is made of `other`. Arguments and `#` are codes. A branch has its place in the file where it can, and
 * is written without touching the others; else the message is written anew with the first that is. Undefined for what has no
 * branches, or none that can be told apart (`flatTiles`).
 */
export function icuUnits(unit: Unit, context: IcuContext): readonly Unit[] | undefined {
  const elements = branchedMessage(unit.text);
  return elements === undefined ? undefined : (unitsInPlace(unit, elements, context) ?? unitsAnew(unit, elements, context));
}

function unitsInPlace(unit: Unit, elements: readonly MessageFormatElement[], { text, escape, targetLanguage }: IcuContext): readonly Unit[] | undefined {
  const message = unit.text;
  if (escape(message) !== text.slice(unit.range.start, unit.range.end)) return undefined;
  const tiles = new Branches(message, targetLanguage).tiles(elements, { start: 0, end: message.length }, { before: [], after: [], path: [] });
  if (tiles === undefined || tiles.length < 1 || tiles.length > maxBranches || tiles[0]?.path.length === 0) return undefined;
  if (tiles.some(({ elements: own }) => hasSign(own))) return undefined;
  const at = (offset: number): number => unit.range.start + escape(message.slice(0, offset)).length;
  return tiles.map((tile): Unit => ({
    ...unit,
    ...contentOf(piecesOf(tile, message), escape),
    ...branchOf(unit, { path: tile.path, message }),
    range: { start: at(tile.range.start), end: at(tile.range.end) },
    wrap: { before: escape(tile.open), after: escape(tile.close), gap: '' },
  }));
}

/** A `#` that is a sign, beside one that is the number: nobody could tell them apart. */
function hasSign(elements: readonly MessageFormatElement[]): boolean {
  return elements.some(({ type }) => type === TYPE.pound) && elements.some((element) => element.type === TYPE.literal && element.value.includes('#'));
}

function unitsAnew(unit: Unit, elements: readonly MessageFormatElement[], { escape, language, targetLanguage }: IcuContext): readonly Unit[] | undefined {
  const message = unit.text;
  const tiles = flatTiles(message, elements, { own: language, target: targetLanguage });
  if (tiles === undefined) return undefined;
  const written = messageOf(tiles, escape);
  return tiles.map(({ path, pieces, isAdded }, index): Unit => ({
    ...unit,
    ...contentOf(pieces, escape),
    ...branchOf(unit, { path, message, isAdded, anew: { text: written.text, range: written.ranges[index] ?? { start: 0, end: 0 } } }),
  }));
}

/** A message as the file would spell it, and where its sentences stand in it. */
function messageOf(tiles: readonly FlatTile[], escape: (text: string) => string): { readonly text: string; readonly ranges: readonly TextRange[] } {
  let text = '';
  const ranges = tiles.map(({ open, close, pieces, path }): TextRange => {
    text += escape(open);
    const start = text.length;
    text += pieces.map((piece) => escape(piece.isCode ? piece.text : quoteIcu(piece.text, styleOf(path)))).join('');
    const range = { start, end: text.length };
    text += escape(close);
    return range;
  });
  return { text, ranges };
}

/** What names a branch: arguments in one order, as a translation may ask for them in another. */
function branchOf(unit: Unit, branch: MessageBranch): Pick<Unit, 'key' | 'branch' | 'plural' | 'ordinal' | 'style'> {
  const names = branch.path.map(({ argument, name }) => [argument, `${argument}=${name}`] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const plural = branch.path.findLast(({ kind }) => kind !== 'select');
  return {
    key: `${unit.key}{${names.map(([, name]) => name).join(',')}}`, branch, plural: plural?.name, style: (unit.style ?? '') + styleOf(branch.path),
    ...(plural?.kind.startsWith('ordinal') === true && { ordinal: true }),
  };
}

/** Ends of `style`: a text inside of a message, and one where `#` is the number. */
const icuStyle = ' icu';
const icuPluralStyle = ' icu#';

/** How a branch is quoted. */
export function styleOf(path: readonly MessageChoice[]): string {
  return (path.at(-1)?.kind ?? 'select') === 'select' ? icuStyle : icuPluralStyle;
}

/** Of the value that a branch stands in. */
export function baseStyle(style = ''): string {
  return style.replace(/ icu#?$/u, '');
}

/** The name of an entry, for a branch of the message that is its value. */
export function entryKey({ key, branch }: { readonly key: string; readonly branch?: MessageBranch | undefined }): string {
  return branch === undefined ? key : key.slice(0, key.lastIndexOf('{'));
}

/** Text as it stands in a branch: what ICU would take for its own is quoted. For units of other styles it is left alone. */
export function quoteIcu(text: string, style: string | undefined): string {
  if (style?.endsWith(icuPluralStyle) === true) return quoted(text, /[{}#']+/gu);
  return style?.endsWith(icuStyle) === true ? quoted(text, /[{}']+/gu) : text;
}

/** An apostrophe alone means itself, unless a sign that can be quoted, another one or the end comes next. A quotation begins with what it is for. */
function quoted(text: string, special: RegExp): string {
  return text.replace(special, (run, offset: number) => {
    const doubled = run.replaceAll("'", "''");
    if (/[^']/u.test(run)) return `'${doubled}'`;
    return run === "'" && /[^#<>|]/u.test(text.charAt(offset + 1)) ? run : doubled;
  });
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
    if (element === undefined) return [{ path: around.path, elements: [...around.before, ...elements, ...around.after], range, open: '', close: '' }];
    const index = elements.indexOf(element);
    const inner = { before: [...around.before, ...elements.slice(0, index)], after: [...elements.slice(index + 1), ...around.after] };
    // Inside of another plural the sign would be that one's number, inside of a select no number at all.
    if ([...inner.before, ...inner.after].some(({ type }) => type === TYPE.pound)) return undefined;
    const tiles: Tile[] = [];
    let end = range.start;
    for (const branch of this.#branchesOf(element) ?? []) {
      const found = this.#branchTiles(branch, { ...inner, path: [...around.path, { argument: element.value, kind: choiceKind(element), name: branch.name }] }, end);
      if (found === undefined) return undefined;
      tiles.push(...found);
      end = found.at(-1)?.range.end ?? end;
    }
    return closed(tiles, range, { head: headOf(this.#message, element), tail: tailOf(this.#message, element) });
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
   * The first and the last branch hold the message together, so an added one stands between two of the message's own: undefined
   * where there is one alone.
   */
  #branchesOf(element: Branching): readonly Branch[] | undefined {
    const fitted = fittedBranches(ownBranches(this.#message, element), element, this.#language);
    return fitted[0]?.isAdded === true || fitted.at(-1)?.isAdded === true ? undefined : fitted;
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

function piecesOf({ elements }: Tile, message: string): readonly FlatPiece[] {
  return elements.map((element) => {
    const { start, end } = placeOf(element);
    return element.type === TYPE.literal ? { text: element.value, isCode: false } : { text: message.slice(start, end), isCode: true };
  });
}

/** A branch's sentence: text without ICU's quotes, arguments and numbers as codes. */
export function contentOf(pieces: readonly FlatPiece[], escape: (text: string) => string): { readonly text: string; readonly codes: readonly UnitCode[] } {
  const codes: UnitCode[] = [];
  let text = '';
  for (const piece of pieces) {
    if (piece.isCode) codes.push({ range: { start: text.length, end: text.length + piece.text.length }, raw: escape(piece.text) });
    text += piece.text;
  }
  return { text, codes };
}
