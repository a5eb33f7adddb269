/** Xcode string catalogues (.xcstrings): all languages in one JSON file, edited in place. Pure. */
import { findNodeAtLocation, getNodeValue, parseTree, type Node } from 'jsonc-parser';
import { AppError } from '../errors.ts';
import { sameLanguage } from '../text/languages.ts';
import { escapeJson, jsonStrings } from './json.ts';
import { syntaxError } from './place.ts';
import { fitPlurals } from './pluralEntries.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText, Standing, UnitData, UnitState } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';
import { variedUnits, type Layout } from './xcstringsVariations.ts';

export const xcstrings: Codec = {
  id: 'xcstrings',
  extensions: ['.xcstrings'],
  bilingual: true,
  parse(text: string, options: ParseOptions): ParsedDocument {
    jsonStrings(text, options);
    const root = parseTree(text);
    const strings = root === undefined ? undefined : findNodeAtLocation(root, ['strings']);
    if (root === undefined || strings?.type !== 'object') throw syntaxError(text, 0, options.path, 'a string catalogue has an object "strings"');
    const source = stringAt(root, ['sourceLanguage']) ?? options.sourceLanguage;
    const catalogue = { text, source, target: options.targetLanguage ?? firstOther(strings, source) };
    const segments = unitSegments((strings.children ?? []).flatMap((property) => unitsOf(property, catalogue)), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'xcstrings', text, segments };
  },
  encode(translation: string, segment: SegmentText, standing: Standing = 'accepted'): string {
    const { unit } = segment;
    return encodeUnit(translation, standing === 'accepted' || unit === undefined ? segment : { ...segment, unit: { ...unit, ...inReview(unit) } }, escapeJson);
  },
  namedSource: (head) => /"sourceLanguage"\s*:\s*"([^"\\]*)"/u.exec(head)?.[1],
};

/** The state stands before the value or behind it. */
function inReview({ before, after }: UnitData): Pick<UnitData, 'before' | 'after'> {
  const at = before.lastIndexOf(translated);
  if (at >= 0) return { before: before.slice(0, at) + needsReview + before.slice(at + translated.length), after };
  return { before, after: after.replace(translated, needsReview) };
}

const translated = '"translated"';
const needsReview = '"needs_review"';

interface Catalogue {
  readonly text: string;
  readonly source: string;
  readonly target: string | undefined;
}

const states: Readonly<Record<string, UnitState>> = { new: 'new', stale: 'needsReview', needs_review: 'needsReview', translated: 'translated' };

function unitsOf(property: Node, catalogue: Catalogue): readonly Unit[] {
  const [name, value] = property.children ?? [];
  if (name === undefined || value?.type !== 'object' || catalogue.target === undefined) return [];
  if (findNodeAtLocation(value, ['shouldTranslate'])?.value === false) return [];
  const key = String(name.value);
  const localizations = findNodeAtLocation(value, ['localizations']);
  const from = languageIn(localizations, catalogue.source);
  const to = languageIn(localizations, catalogue.target);
  const comment = stringAt(value, ['comment']);
  const about = { entry: { start: property.offset, end: property.offset + property.length }, ...(comment === undefined ? {} : { note: comment }) };
  const units = stringUnits(to);
  if (units.length > 0) {
    const found = units.map(({ path, unit }): Unit => {
      const source = sourceText(from, path) ?? key;
      return { ...withoutCopy(existingUnit(unit, catalogue), source), ...about, key: [key, ...path].join('\u0000'), text: source, ...pluralOf(path, unit) };
    });
    return fitPlurals(found, { text: catalogue.text, targetLanguage: catalogue.target, comma: ',', freeZero: true });
  }
  const layout = layoutOf(value, localizations, catalogue);
  const place = { ...about, key, text: stringAt(from, ['stringUnit', 'value']) ?? key };
  if (from === undefined || isOneText(from)) return [{ ...place, ...newUnit(layout) }];
  return variedUnits(from, layout).map(({ path, unit }) => ({ ...about, ...unit, key: [key, ...path].join('\u0000') }));
}

function isOneText(from: Node): boolean {
  return (from.children ?? []).every(({ children: [name] = [] }) => name?.value === 'stringUnit');
}

function languageIn(localizations: Node | undefined, language: string): Node | undefined {
  return localizations?.children?.find((property) => sameLanguage(String(property.children?.[0]?.value), language))?.children?.[1];
}

interface Found {
  readonly path: readonly string[];
  readonly unit: Node;
}

/** All `stringUnit` objects of a language, with the path of variations that leads to each. */
function stringUnits(node: Node | undefined, path: readonly string[] = []): readonly Found[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap((property): readonly Found[] => {
    const [name, value] = property.children ?? [];
    if (value === undefined || name === undefined) return [];
    return name.value === 'stringUnit' ? [{ path, unit: value }] : stringUnits(value, [...path, String(name.value)]);
  });
}

/** The source's text of the same variation, else of `other`, else any. */
function sourceText(from: Node | undefined, path: readonly string[]): string | undefined {
  const found = stringUnits(from);
  const other = [...path.slice(0, -1), 'other'];
  const match = [path, other].map((wanted) => found.find((candidate) => candidate.path.join('/') === wanted.join('/'))).find((candidate) => candidate !== undefined);
  return stringAt((match ?? found[0])?.unit, ['value']);
}

/** A plural form is an entry of its own: the property that its category names. */
function pluralOf(path: readonly string[], { parent }: Node): Pick<Unit, 'plural' | 'entry'> {
  const category = path.at(-2) === 'plural' ? path.at(-1) : undefined;
  const form = parent?.parent?.parent;
  return category === undefined || form === undefined ? {} : { plural: category, entry: { start: form.offset, end: form.offset + form.length } };
}

/** A new text that says what the source says is no translation: variations begin so. */
function withoutCopy(unit: ReturnType<typeof existingUnit>, source: string): ReturnType<typeof existingUnit> {
  return unit.state === 'new' && unit.existing === source ? { ...unit, existing: undefined, existingRaw: undefined } : unit;
}

/** The slot runs over `state` and `value`, in whichever order they stand. */
function existingUnit(unit: Node, { text }: Catalogue): Pick<Unit, 'range' | 'before' | 'after' | 'state' | 'existing' | 'existingRaw'> {
  const state = findNodeAtLocation(unit, ['state']);
  const value = findNodeAtLocation(unit, ['value']);
  if (value === undefined) return { range: { start: unit.offset + 1, end: unit.offset + 1 }, before: ' "value" : "', after: unit.children?.length === 0 ? '" ' : '",' };
  const [from, to] = [value.offset + 1, value.offset + value.length - 1];
  const existing = { existing: String(value.value), existingRaw: text.slice(from, to), state: states[String(state?.value)] ?? 'translated' };
  if (state === undefined) return { range: { start: from, end: to }, ...existing };
  const stateEnd = state.offset + state.length;
  if (stateEnd <= value.offset) return { range: { start: state.offset, end: to }, before: `"translated"${text.slice(stateEnd, from)}`, ...existing };
  return { range: { start: from, end: stateEnd }, after: `${text.slice(to, state.offset)}"translated"`, ...existing };
}

/** Where a language comes in that the string does not have yet, laid out as Xcode does. */
function layoutOf(value: Node, localizations: Node | undefined, { text, target = '' }: Catalogue): Layout {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const step = /\n([ \t]+)"/u.exec(text)?.[1] ?? '  ';
  const colon = /"\s:\s/u.test(text) ? ' : ' : ': ';
  const owner = localizations ?? value;
  const base = (indentOf(text, owner.offset) || step.repeat(localizations === undefined ? 2 : 3)) + step;
  const inner = localizations === undefined ? 1 : 0;
  const line = (depth: number): string => newline + base + step.repeat(depth + inner);
  const head = `${localizations === undefined ? `${line(-1)}"localizations"${colon}{` : ''}${line(0)}"${target}"${colon}{`;
  const tail = `${line(0)}}${localizations === undefined ? `${line(-1)}}` : ''}`;
  const layout = { colon, targetLanguage: target, line: (depth: number): string => line(depth + 1) };
  const last = owner.children?.at(-1);
  if (last !== undefined) return { ...layout, range: at(last.offset + last.length), before: `,${head}`, after: tail };
  const end = owner.offset + owner.length - 1;
  const blank = /\s*$/u.exec(text.slice(owner.offset + 1, end))?.[0] ?? '';
  return { ...layout, range: { start: end - blank.length, end }, before: head, after: `${tail}${newline}${indentOf(text, owner.offset)}` };
}

function newUnit({ range, before, after, colon, line }: Layout): Pick<Unit, 'range' | 'before' | 'after' | 'state'> {
  const opening = `${line(0)}"stringUnit"${colon}{${line(1)}"state"${colon}"translated",${line(1)}"value"${colon}"`;
  return { range, before: before + opening, after: `"${line(0)}}${after}`, state: 'new' };
}

function at(offset: number): { readonly start: number; readonly end: number } {
  return { start: offset, end: offset };
}

function indentOf(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/u.exec(line)?.[0] ?? '';
}

function stringAt(node: Node | undefined, path: string[]): string | undefined {
  const found = node === undefined ? undefined : findNodeAtLocation(node, path);
  const value: unknown = found === undefined ? undefined : getNodeValue(found);
  return typeof value === 'string' ? value : undefined;
}

function firstOther(strings: Node, source: string): string | undefined {
  for (const property of strings.children ?? []) {
    const value = property.children?.[1];
    const localizations = value === undefined ? undefined : findNodeAtLocation(value, ['localizations']);
    for (const language of localizations?.children ?? []) {
      const tag = String(language.children?.[0]?.value);
      if (!sameLanguage(tag, source)) return tag;
    }
  }
  return undefined;
}
