/**
 * Messages whose branchings stand side by side, as ICU's guide asks for them: every combination of branches is a whole sentence
 * of its own, `{a} cats and {b} dogs` in four of them for two plurals of English. Pure.
 */
import { isPluralElement, isSelectElement, TYPE, type MessageFormatElement, type PluralElement } from '@formatjs/icu-messageformat-parser';
import { fittedBranches, headOf, isBranching, maxBranches, ownBranches, placeOf, renamed, tailOf, type Branch, type Branching } from './icuBranches.ts';
import type { MessageChoice } from './segment.ts';

/** An element with the plural whose number it is, for a `#`. */
interface Item {
  readonly element: MessageFormatElement;
  readonly plural?: PluralElement | undefined;
}

/** A piece of a sentence: words, or syntax that stands in it as it is. */
export interface FlatPiece {
  readonly text: string;
  readonly isCode: boolean;
}

/** A combination of branches. */
export interface FlatTile {
  readonly path: readonly MessageChoice[];
  readonly pieces: readonly FlatPiece[];
  /** The syntax in front of the sentence and behind it: those of all tiles and their sentences are the message. */
  open: string;
  close: string;
  /** True for a form that the target language has and the message lacks. */
  readonly isAdded: boolean;
}

export interface FlatLanguages {
  /** Of the message: which of its branches a number like `=0` would take. */
  readonly own: string;
  /** Absent: branches are those of the message. */
  readonly target: string | undefined;
}

export function choiceKind(element: Branching): string {
  return isPluralElement(element) ? `${element.pluralType ?? 'cardinal'} ${element.offset}` : 'select';
}

/**
 * A message's sentences. An argument that branches twice is chosen once. Undefined for a message without branches, with too many
 * of them, or with one that a number could miss (without `other`), and where a `#` would be another plural's number or stand beside
 * a sign `#`, and cannot be spelled as an argument.
 */
export function flatTiles(message: string, elements: readonly MessageFormatElement[], languages: FlatLanguages): readonly FlatTile[] | undefined {
  const tiles = new Flattening(message, languages).tiles(itemsOf(elements), [], false);
  return tiles !== undefined && tiles.length <= maxBranches && (tiles[0]?.path.length ?? 0) > 0 ? tiles : undefined;
}

/** What a message says where its branches are chosen; an argument of which nothing is chosen takes its `other`. */
export function sentenceOf(message: string, elements: readonly MessageFormatElement[], path: readonly MessageChoice[], own: string): readonly FlatPiece[] | undefined {
  return new Flattening(message, { own, target: undefined }).sentence(itemsOf(elements), path);
}

/** Whether a message chooses by an argument of a path and has not the plural category that the path takes. */
export function lacksForm(elements: readonly MessageFormatElement[], path: readonly MessageChoice[]): boolean {
  return elements.some((element) => isBranching(element) && (
    path.some((choice) => isOf(choice, element) && isPluralElement(element) && !choice.name.startsWith('=') && element.options[choice.name] === undefined)
    || Object.values(element.options).some(({ value }) => lacksForm(value, path))
  ));
}

function itemsOf(elements: readonly MessageFormatElement[], branching?: Branching): readonly Item[] {
  const plural = branching !== undefined && isPluralElement(branching) ? branching : undefined;
  return elements.map((element) => (element.type === TYPE.pound ? { element, plural } : { element }));
}

class Flattening {
  readonly #message: string;
  readonly #languages: FlatLanguages;
  #count = 0;

  constructor(message: string, languages: FlatLanguages) {
    this.#message = message;
    this.#languages = languages;
  }

  tiles(items: readonly Item[], path: readonly MessageChoice[], isAdded: boolean): FlatTile[] | undefined {
    // Selects outside of plurals, as the guide asks for: `#` is a number in a plural's own branches alone.
    const select = items.findIndex(({ element }) => isSelectElement(element));
    const index = select >= 0 ? select : items.findIndex(({ element }) => isPluralElement(element));
    const element = items[index]?.element;
    if (element === undefined || !isBranching(element)) return this.#leaf(items, path, isAdded);
    if (element.options['other'] === undefined) return undefined;
    const within = (branch: readonly MessageFormatElement[]): readonly Item[] => [...items.slice(0, index), ...itemsOf(branch, element), ...items.slice(index + 1)];
    const chosen = path.find((choice) => isOf(choice, element));
    if (chosen !== undefined) {
      const found = this.#pick(element, chosen.name);
      return found === undefined ? undefined : this.tiles(within(found), path, isAdded);
    }
    const branches = this.#branchesOf(element, items);
    const tiles: FlatTile[] = [];
    for (const [at, branch] of branches.entries()) {
      const choice: MessageChoice = { argument: element.value, kind: choiceKind(element), name: branch.name };
      const inner = this.tiles(within(branch.elements), [...path, choice], isAdded || branch.isAdded);
      const [first, last] = [inner?.[0], inner?.at(-1)];
      if (inner === undefined || first === undefined || last === undefined) return undefined;
      first.open = (at === 0 ? headOf(this.#message, element) : '') + branch.head + first.open;
      last.close += at === branches.length - 1 ? `}${tailOf(this.#message, element)}` : '}';
      tiles.push(...inner);
    }
    return tiles;
  }

  sentence(items: readonly Item[], path: readonly MessageChoice[]): readonly FlatPiece[] | undefined {
    const index = items.findIndex(({ element }) => isBranching(element));
    const element = items[index]?.element;
    if (element === undefined || !isBranching(element)) return this.#pieces(items, path);
    const found = this.#pick(element, path.find((choice) => isOf(choice, element))?.name ?? 'other');
    return found === undefined ? undefined : this.sentence([...items.slice(0, index), ...itemsOf(found, element), ...items.slice(index + 1)], path);
  }

  #leaf(items: readonly Item[], path: readonly MessageChoice[], isAdded: boolean): FlatTile[] | undefined {
    this.#count++;
    const pieces = this.#count > maxBranches ? undefined : this.#pieces(items, path);
    return pieces === undefined ? undefined : [{ path, pieces, open: '', close: '', isAdded }];
  }

  #pieces(items: readonly Item[], path: readonly MessageChoice[]): readonly FlatPiece[] | undefined {
    const hasSign = items.some(({ element }) => element.type === TYPE.literal && element.value.includes('#'));
    const innermost = hasSign ? undefined : path.at(-1);
    const pieces = items.map(({ element, plural }): FlatPiece | undefined => {
      if (element.type === TYPE.literal) return { text: element.value, isCode: false };
      const { start, end } = placeOf(element);
      if (plural === undefined || (innermost !== undefined && isOf(innermost, plural))) return { text: this.#message.slice(start, end), isCode: true };
      return plural.offset === 0 ? { text: `{${plural.value}, number}`, isCode: true } : undefined;
    });
    return pieces.every((piece) => piece !== undefined) ? pieces : undefined;
  }

  /** Those of the target language, with the numbers and values that another branching of the same argument names. */
  #branchesOf(element: Branching, items: readonly Item[]): readonly Branch[] {
    const own = ownBranches(this.#message, element);
    const isPlural = isPluralElement(element);
    const names = new Set(items.flatMap((item) => [...namesOf(item.element, element)]).filter((name) => !isPlural || name.startsWith('=')));
    for (const { name } of own) names.delete(name);
    const [model] = own;
    const added = model === undefined ? [] : [...names].flatMap((name): readonly Branch[] => {
      const elements = this.#pick(element, name);
      return elements === undefined ? [] : [{ ...renamed(model, name), elements }];
    });
    return [...added, ...fittedBranches(own, element, this.#languages.target)];
  }

  /** The branch that a choice takes; undefined where there is none. */
  #pick(element: Branching, name: string): readonly MessageFormatElement[] | undefined {
    const { options } = element;
    const isNumber = isPluralElement(element) && name.startsWith('=') && options[name] === undefined;
    const wanted = isNumber ? categoryOf(Number(name.slice(1)) - element.offset, this.#languages.own, element.pluralType ?? 'cardinal') : name;
    return (options[wanted] ?? options['other'])?.value;
  }
}

function isOf({ argument, kind }: MessageChoice, element: Branching): boolean {
  return argument === element.value && kind === choiceKind(element);
}

function categoryOf(number: number, language: string, type: 'cardinal' | 'ordinal'): string {
  try {
    return new Intl.PluralRules(language.replaceAll('_', '-'), { type }).select(number);
  } catch {
    return 'other';
  }
}

/** What the branchings of the same argument and kind name, in an element and all that stands in it. */
function namesOf(element: MessageFormatElement, like: Branching): readonly string[] {
  if (!isBranching(element)) return [];
  const isLike = element.value === like.value && choiceKind(element) === choiceKind(like);
  return Object.entries(element.options).flatMap(([name, { value }]) => [...(isLike ? [name] : []), ...value.flatMap((inner) => namesOf(inner, like))]);
}
