/** A translated file whose messages branch otherwise than the source's, read as if they branched as those do. Pure. */
import { elementsOf } from './icuBranches.ts';
import { lacksForm, sentenceOf, type FlatPiece } from './icuFlat.ts';
import { baseStyle, contentOf, entryKey, styleOf } from './icuUnits.ts';
import type { Codec, MessageBranch, ParsedDocument, Segment, TextRange } from './segment.ts';
import { byKey } from './unitTarget.ts';
import { KnownCodes, outerOf, readUnit } from './units.ts';

interface Shape {
  readonly source: ParsedDocument;
  readonly codec: Codec;
  /** Of the translations: which of their branches a number like `=0` would take. */
  readonly language: string;
}

/**
 * The file with a segment for each branch of the source's messages: what its own message says there, whichever branches that has
 * (none, fewer, others, in another order). The first that is written gives the message the source's shape. What has the source's branches
 * already, and what the source lacks, stays as it is. Linear.
 */
export function inShapeOf(target: ParsedDocument, shape: Shape): ParsedDocument {
  if (shape.codec.bilingual === true || !shape.source.segments.some(({ unit }) => unit?.branch !== undefined)) return target;
  const there = byKey(target);
  const entries = groups(target.segments);
  const fitted = new Map<Segment, readonly Segment[]>();
  for (const [key, branches] of groups(shape.source.segments)) {
    const found = entries.get(key);
    const [first] = found ?? [];
    if (found === undefined || first === undefined || branches[0]?.unit?.branch === undefined || branches.every(({ unit }) => there.has(unit?.key ?? ''))) continue;
    for (const segment of found) fitted.set(segment, []);
    fitted.set(first, fit(branches, found, shape));
  }
  return fitted.size === 0 ? target : { ...target, segments: target.segments.flatMap((segment) => fitted.get(segment) ?? [segment]) };
}

/** Segments by the entry whose value they are, or are branches of. */
function groups(segments: readonly Segment[]): ReadonlyMap<string, readonly Segment[]> {
  const entries = new Map<string, Segment[]>();
  for (const segment of segments) {
    const key = segment.unit === undefined ? segment.id : entryKey(segment.unit);
    const group = entries.get(key);
    if (group === undefined) entries.set(key, [segment]);
    else group.push(segment);
  }
  return entries;
}

/** The source's message with the sentences of the translated one. */
function fit(branches: readonly Segment[], found: readonly Segment[], shape: Shape): readonly Segment[] {
  const [first] = found;
  const value = first?.unit;
  if (first === undefined || value === undefined) return [];
  const message = value.branch?.message ?? value.lead + first.source + value.trail;
  const frame = framesOf(branches);
  const quotes = value.branch === undefined && value.wrap !== undefined ? value.wrap : { before: '', after: '' };
  const sentences = branches.map((branch) => sentence(branch, { message, first }, shape));
  let text = quotes.before;
  const ranges = sentences.map(({ body, own }, index): TextRange => {
    text += frame.heads[index] ?? '';
    const start = text.length;
    text += message.trim() === '' ? own : body;
    return { start, end: text.length };
  });
  text += frame.tail + quotes.after;
  const range = { start: first.range.start, end: found.at(-1)?.range.end ?? first.range.end };
  return sentences.map(({ segment, branch }, index): Segment => {
    const anew = { text, range: ranges[index] ?? { start: 0, end: 0 } };
    return { ...segment, range, gap: { start: range.end, end: range.end }, ...(segment.unit === undefined ? {} : { unit: { ...segment.unit, branch: { ...branch, anew } } }) };
  });
}

interface Sentence {
  readonly segment: Segment;
  readonly branch: MessageBranch;
  /** What the translated message says there, as the file spells it. */
  readonly body: string;
  /** What the source says there. */
  readonly own: string;
}

function sentence(of: Segment, there: { readonly message: string; readonly first: Segment }, { codec, language }: Shape): Sentence {
  const { message, first } = there;
  const path = of.unit?.branch?.path ?? [];
  const elements = elementsOf(message);
  const words: readonly FlatPiece[] = [{ text: message, isCode: false }];
  const pieces = (elements === undefined ? undefined : sentenceOf(message, elements, path, language)) ?? words;
  const branch = { message, path, isAdded: elements !== undefined && lacksForm(elements, path) };
  const { wrap: _, ...value } = first.unit ?? { key: '' };
  const style = baseStyle(first.unit?.style) + styleOf(path);
  const unit = { ...value, ...contentOf(pieces, (piece) => piece), key: of.unit?.key ?? '', plural: of.unit?.plural, ordinal: of.unit?.ordinal, style, branch, range: first.range };
  const { source, protectedSpans, data } = readUnit(unit, new KnownCodes());
  const segment: Segment = { ...first, id: `${first.id} ${unit.key}`, source, protectedSpans, unit: data };
  return { segment, branch, body: codec.encode(source, segment), own: bodyOf(of, codec) };
}

/** A source's text as its file spells it, without what stands around it there. */
function bodyOf(segment: Segment, codec: Codec): string {
  const { before, after } = outerOf(segment);
  const encoded = codec.encode(segment.source, segment);
  return encoded.slice(before.length, encoded.length - after.length);
}

/** The message without its sentences. */
function framesOf(branches: readonly Segment[]): { readonly heads: readonly string[]; readonly tail: string } {
  const heads: string[] = [];
  let tail = '';
  let at = 0;
  for (const branch of branches) {
    const anew = branch.unit?.branch?.anew;
    const { before, after } = outerOf(branch);
    heads.push(anew === undefined ? tail + before : anew.text.slice(at, anew.range.start));
    tail = anew === undefined ? after : anew.text.slice(anew.range.end);
    at = anew?.range.end ?? 0;
  }
  return { heads, tail };
}
