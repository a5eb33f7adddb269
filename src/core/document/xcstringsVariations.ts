/** The variations of a string that a language has not begun, laid out as Xcode writes them. Pure. */
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import { isPluralCategory, pluralCategories } from '../text/plurals.ts';
import { escapeJson } from './json.ts';
import type { Frame } from './segment.ts';
import { hasLetter, KnownCodes, readUnit, type Unit } from './units.ts';

/** How a catalogue is laid out, and where the new language comes into it. */
export interface Layout {
  /** What stands between a key and its value. */
  readonly colon: string;
  readonly targetLanguage: string;
  /** A line break and the indent of a depth below the language. */
  readonly line: (depth: number) => string;
  readonly range: Frame['range'];
  /** Up to the `{` of the language, and from its `}` on. */
  readonly before: string;
  readonly after: string;
}

type Shape =
  | { readonly kind: 'text'; readonly path: readonly string[]; readonly text: string }
  | { readonly kind: 'raw'; readonly raw: string }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [name: string, shape: Shape])[] };

/** A text, with the variations that lead to it. */
export interface VariedUnit {
  readonly path: readonly string[];
  readonly unit: Pick<Unit, 'range' | 'before' | 'after' | 'state' | 'text' | 'plural' | 'frame'>;
}

/**
 * A unit for each text of a language that is to have what the source has: its devices and substitutions, and of plural forms
 * those that its own numbers have. All are written with the first, the others as new ones that say what the source says.
 * @param from the source language's localization
 */
export function variedUnits(from: Node, layout: Layout): readonly VariedUnit[] {
  const builder = new Builder(layout);
  builder.object(shapeOf(from, [], layout.targetLanguage), 0);
  return builder.units();
}

function shapeOf(node: Node, path: readonly string[], targetLanguage: string): Extract<Shape, { readonly kind: 'object' }> {
  const properties = (node.children ?? []).flatMap(({ children: [name, value] = [] }) => (name === undefined || value === undefined ? [] : [[String(name.value), value] as const]));
  const named = new Map(properties);
  const inner = (name: string, value: Node): readonly [string, Shape] => {
    if (name === 'stringUnit') return [name, { kind: 'text', path, text: textOf(value) }];
    return [name, value.type === 'object' ? shapeOf(value, [...path, name], targetLanguage) : { kind: 'raw', raw: JSON.stringify(getNodeValue(value)) }];
  };
  const other = named.get('other');
  if (path.at(-1) !== 'plural' || other === undefined) return { kind: 'object', entries: properties.map(([name, value]) => inner(name, value)) };
  const wanted = new Set<string>([...pluralCategories(targetLanguage), 'other', ...(named.has('zero') ? ['zero'] : [])]);
  return { kind: 'object', entries: [...wanted].sort().map((category) => inner(category, named.get(category) ?? other)) };
}

function textOf(stringUnit: Node): string {
  const value: unknown = findNodeAtLocation(stringUnit, ['value'])?.value;
  return typeof value === 'string' ? value : '';
}

interface Place {
  readonly path: readonly string[];
  readonly text: string;
  readonly before: string;
  readonly own: string;
}

/** Gathers what stands before, between and behind the texts. */
class Builder {
  readonly #layout: Layout;
  readonly #pieces: string[] = [];
  readonly #places: Place[] = [];
  #piece: string;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#piece = layout.before;
  }

  object({ entries }: Extract<Shape, { readonly kind: 'object' }>, depth: number): void {
    const { colon, line } = this.#layout;
    entries.forEach(([name, shape], index) => {
      this.#piece += `${index === 0 ? '' : ','}${line(depth)}${JSON.stringify(name)}${colon}`;
      if (shape.kind === 'raw') {
        this.#piece += shape.raw;
        return;
      }
      this.#piece += '{';
      if (shape.kind === 'object') this.object(shape, depth + 1);
      else this.#text(shape, depth + 1);
      this.#piece += `${line(depth)}}`;
    });
  }

  #text({ path, text }: Extract<Shape, { readonly kind: 'text' }>, depth: number): void {
    const { colon, line } = this.#layout;
    this.#pieces.push(this.#piece + line(depth));
    this.#piece = '';
    const upToValue = (state: string): string => `"state"${colon}"${state}",${line(depth)}"value"${colon}"`;
    const { source, protectedSpans } = readUnit({ range: this.#layout.range, key: '', text }, new KnownCodes());
    const state = hasLetter({ source, protectedSpans }) ? 'new' : 'translated';
    this.#places.push({ path, text, before: upToValue('translated'), own: `${upToValue(state)}${escapeJson(text)}"` });
  }

  units(): readonly VariedUnit[] {
    const { range, after } = this.#layout;
    const [head, ...behind] = [...this.#pieces, this.#piece + after];
    const frame = { range, head: { blank: head, new: head, needsReview: head, done: head }, behind, own: this.#places.map(({ own }) => own) };
    return this.#places.map(({ path, text, before }, place) => {
      const category = path.at(-2) === 'plural' ? path.at(-1) : undefined;
      const plural = category !== undefined && isPluralCategory(category) ? { plural: category } : {};
      return { path, unit: { range: { start: range.end, end: range.end }, before, after: '"', state: 'new', text, frame: { ...frame, place }, ...plural } };
    });
  }
}
