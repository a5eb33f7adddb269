/** How an entry that a translated file lacks comes into it: where its neighbours are, with what it stands in. Pure. */
import { AppError } from '../errors.ts';
import { endWithComment, startWithComments } from './entryComments.ts';
import { entryTree, type EntryNode } from './entryTree.ts';
import { framedText } from './frames.ts';
import { placedText } from './messageParts.ts';
import type { ParsedDocument, Segment, TextRange } from './segment.ts';
import { byKey, isAbsent } from './unitTarget.ts';
import { lineBefore } from './xml.ts';

export interface Insertion {
  readonly range: TextRange;
  readonly text: string;
}

interface Wanted {
  readonly source: ParsedDocument;
  readonly target: ParsedDocument;
  /** The place in the source that holds something else. */
  readonly range: TextRange;
  readonly text: string;
}

/**
 * The edit that puts an entry of `source`, with `encoded` as its value, into a translated file: beside the nearest of its
 * neighbours that is there; else with what it stands in, beside the neighbours of that; else at the end. An entry that stands
 * in others comes with these, without their other values. A list and a set of plural forms come whole: what is not yet
 * translated in them stays in the source language.
 * @throws AppError `document.noPlace` where the file has no such place.
 */
export function insertionOf(segment: Segment, encoded: string, source: ParsedDocument, target: { readonly parsed: ParsedDocument; readonly path: string }): Insertion {
  const { unit, range } = segment;
  const text = unit?.wrap === undefined || unit.wrap.gap === '' ? placedText(segment, encoded) : encoded.slice(0, -unit.wrap.gap.length);
  const frame = unit?.frame;
  const wanted: Wanted = { source, target: target.parsed, ...(frame === undefined ? { range, text } : { range: frame.range, text: framedText(source, segment, frame, encoded) }) };
  const found = besideSibling(segment, wanted) ?? inTree(wanted) ?? atEnd(segment, wanted);
  if (found === undefined) throw new AppError('document.noPlace', { path: target.path, key: unit?.key ?? segment.id });
  return found;
}

function copied({ source, range, text }: Wanted, from: TextRange): string {
  return source.text.slice(from.start, range.start) + text + source.text.slice(range.end, from.end);
}

function besideSibling(segment: Segment, wanted: Wanted): Insertion | undefined {
  const { source, target } = wanted;
  const { unit } = segment;
  if (unit?.entry === undefined) return undefined;
  // a form that the file itself lacks is nobody's neighbour
  const there = byKey({ ...target, segments: target.segments.filter((candidate) => !isAbsent(candidate)) });
  const at = source.segments.indexOf(segment);
  const nearest = (candidates: readonly Segment[]): TextRange | undefined => {
    const found = candidates.find((candidate) => candidate.unit?.parent === unit.parent && there.has(candidate.unit?.key ?? ''));
    return there.get(found?.unit?.key ?? '')?.unit?.entry;
  };
  return beside(copied(wanted, unit.entry), target, { before: nearest(source.segments.slice(0, at).reverse()), after: () => nearest(source.segments.slice(at + 1)) });
}

interface Neighbours {
  readonly before: TextRange | undefined;
  readonly after: () => TextRange | undefined;
}

function beside(entry: string, target: ParsedDocument, { before, after }: Neighbours): Insertion | undefined {
  const { text, codec } = target;
  if (before !== undefined) {
    const line = separator(text, before.start, codec);
    if (codec === 'json') return behindProperty(entry, line, target, { ...before, end: metadataEnd(target, before) });
    const end = endWithComment(text, before.end, codec);
    return { range: { start: end, end }, text: line + entry };
  }
  const next = after();
  if (next === undefined) return undefined;
  const start = startWithComments(text, next.start, codec);
  return { range: { start, end: start }, text: entry + (codec === 'json' ? ',' : '') + separator(text, start, codec) };
}

/** Behind the comma and the comment that stand behind a property in its line; a comma that is not there comes before the comment. */
function behindProperty(entry: string, line: string, { text }: ParsedDocument, { end }: TextRange): Insertion {
  const comma = /[ \t]*,/uy;
  comma.lastIndex = end;
  const isFollowed = comma.test(text);
  const from = isFollowed ? comma.lastIndex : end;
  const to = endWithComment(text, from, 'json');
  if (isFollowed) return { range: { start: to, end: to }, text: `${line}${entry},` };
  return { range: { start: from, end: to }, text: `,${text.slice(from, to)}${line}${entry}` };
}

/** An ARB file says of a message what it is in the property behind it: `"@key": {...}`. */
function metadataEnd(target: ParsedDocument, range: TextRange): number {
  const siblings = entryTree(target)?.children ?? [];
  const at = siblings.findIndex((node) => node.range.start === range.start);
  const next = siblings[at + 1];
  return at >= 0 && next?.name === `@${siblings[at]?.name ?? ''}` ? next.range.end : range.end;
}

/** A line of its own where the neighbour has one; PO entries are a blank line apart. */
function separator(text: string, neighbour: number, codec: ParsedDocument['codec']): string {
  const line = lineBefore(text, neighbour);
  if (line !== '') return codec === 'po' ? line + line : line;
  return codec === 'json' ? ' ' : codec === 'po' ? newlineOf(text) + newlineOf(text) : newlineOf(text);
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function inTree(wanted: Wanted): Insertion | undefined {
  const [from, to] = [entryTree(wanted.source), entryTree(wanted.target)];
  return from === undefined || to === undefined ? undefined : inNode(wanted, from, to);
}

/** As deep in the target as it has what the entry stands in. */
function inNode(wanted: Wanted, from: EntryNode, to: EntryNode): Insertion | undefined {
  const child = childWith(from, wanted.range);
  if (to.inner === undefined) return undefined;
  const names = new Map(to.children.map((node) => [node.name, node]));
  const there = names.get(child?.name ?? '');
  if (there !== undefined) return child?.inner === undefined ? undefined : inNode(wanted, child, there);
  // a form that only the translated language has is no entry of the source: its text is all of it
  const entry = child === undefined ? wanted.text : entryWith(wanted, child);
  const isBefore = ({ range }: EntryNode): boolean => range.end <= (child?.range ?? wanted.range).start;
  const nearest = (nodes: readonly EntryNode[]): TextRange | undefined => names.get(nodes.find(({ name }) => names.has(name))?.name ?? '')?.range;
  const after = nearest(from.children.filter((node) => node !== child && !isBefore(node)));
  const before = nearest(from.children.filter(isBefore).reverse()) ?? (after === undefined ? to.children.at(-1)?.range : undefined);
  return beside(entry, wanted.target, { before, after: () => after }) ?? inEmpty(wanted, entry, { from, inner: to.inner });
}

/** What is put between two entries stands in neither. */
function childWith({ children }: EntryNode, { start, end }: TextRange): EntryNode | undefined {
  return children.find(({ range }) => (start === end ? range.start < start && start < range.end : range.start <= start && start <= range.end));
}

/** An entry's text with the wanted one in it, and nothing else that it holds. */
function entryWith(wanted: Wanted, node: EntryNode): string {
  const { text } = wanted.source;
  const child = node.inner === undefined ? undefined : childWith(node, wanted.range);
  if (node.inner === undefined || child === undefined) return copied(wanted, node.range);
  const tail = text.slice(node.inner.end, node.range.end);
  const head = text.slice(node.range.start, node.inner.start) + lineBefore(text, child.range.start);
  return head + entryWith(wanted, child) + (tail === '' ? '' : lineBefore(text, node.inner.end)) + tail;
}

/** Into brackets with nothing between them: laid out as in the source. */
function inEmpty({ source, target }: Wanted, entry: string, { from, inner }: { readonly from: EntryNode; readonly inner: TextRange }): Insertion {
  const isBlank = target.text.slice(inner.start, inner.end).trim() === '';
  const first = lineBefore(source.text, from.children[0]?.range.start ?? 0);
  const last = lineBefore(source.text, from.inner?.end ?? source.text.length);
  return { range: { start: inner.start, end: isBlank ? inner.end : inner.start }, text: first + entry + (isBlank ? last : newlineOf(target.text)) };
}

/** Formats that are a list of entries, one below the other. */
const flat = new Set<ParsedDocument['codec']>(['strings', 'properties', 'po']);

function atEnd({ unit }: Segment, wanted: Wanted): Insertion | undefined {
  const { text, codec } = wanted.target;
  if (unit?.entry === undefined || !flat.has(codec)) return undefined;
  const newline = newlineOf(text === '' ? wanted.source.text : text);
  const start = text.trimEnd().length;
  const gap = start === 0 ? '' : codec === 'po' ? newline + newline : newline;
  return { range: { start, end: text.length }, text: gap + copied(wanted, unit.entry) + newline };
}
