/** Inline Markdown to blocks with protected spans. Pure. */
import type { Nodes, PhrasingContent } from 'mdast';
import type {} from 'mdast-util-mdx';
import type { ProtectedSpan, SegmentKind, TextRange } from './segment.ts';
import type { Block } from './segmentBlocks.ts';

/** Backslash escapes and character references, which must not be translated or lost. */
const escapes = /\\[!-/:-@[-`{-~]|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/g;

/**
 * The content of a paragraph, heading or cell as blocks: one, or several where hard breaks divide it. Markers that enclose
 * a whole block (`[all of it](url)`) stay outside of it.
 */
export function inlineBlocks(text: string, children: readonly PhrasingContent[], kind: SegmentKind): readonly Block[] {
  return lines(text, children).flatMap((nodes) => blockOf(text, nodes, kind));
}

/** Children between hard breaks. A break inside an emphasis or a link cannot divide it. */
function lines(text: string, children: readonly PhrasingContent[]): readonly (readonly PhrasingContent[])[] {
  const result: PhrasingContent[][] = [[]];
  for (const child of children) {
    if (child.type === 'break' || isLineBreakTag(text, child)) result.push([]);
    else result.at(-1)?.push(child);
  }
  return result;
}

function isLineBreakTag(text: string, node: Nodes): boolean {
  const range = node.type === 'html' ? rangeOf(node) : undefined;
  return range !== undefined && /^<br\s*\/?>$/iu.test(text.slice(range.start, range.end));
}

function blockOf(text: string, nodes: readonly PhrasingContent[], kind: SegmentKind): readonly Block[] {
  const visible = nodes.filter((node) => !isBlank(text, node));
  const [only] = visible;
  if (only === undefined) return [];
  const spans = new SpanCollector(text);
  if (visible.length === 1 && isContainer(only)) {
    const inner = containerInside(text, only);
    if (inner === undefined) return [];
    if ('children' in only) return blockOf(text, only.children, kind);
    spans.addEscapes(inner);
    return [spans.block(inner, 'caption')];
  }
  for (const node of visible) spans.add(node);
  const first = rangeOf(only);
  const last = rangeOf(visible.at(-1) ?? only);
  return first === undefined || last === undefined ? [] : [spans.block({ start: first.start, end: last.end }, kind)];
}

function isBlank(text: string, node: PhrasingContent): boolean {
  const range = rangeOf(node);
  return range === undefined || text.slice(range.start, range.end).trim() === '';
}

function rangeOf(node: Nodes): TextRange | undefined {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  return start === undefined || end === undefined ? undefined : { start, end };
}

type Container = Extract<PhrasingContent, { type: 'emphasis' | 'strong' | 'delete' | 'link' | 'linkReference' | 'image' | 'imageReference' }>;

function isContainer(node: PhrasingContent): node is Container {
  return ['emphasis', 'strong', 'delete', 'link', 'linkReference', 'image', 'imageReference'].includes(node.type);
}

/**
 * Where the text of an emphasis, link or image stands inside its markers; undefined when there is nothing in it that may
 * change: an autolink, an image without a description, a reference whose text is its name.
 */
function containerInside(text: string, node: Container): TextRange | undefined {
  const range = rangeOf(node);
  if (range === undefined || ('referenceType' in node && node.referenceType !== 'full')) return undefined;
  if (node.type === 'image' || node.type === 'imageReference') return descriptionRange(text, range);
  const first = node.children[0];
  const last = node.children.at(-1);
  const start = first === undefined ? undefined : rangeOf(first)?.start;
  const end = last === undefined ? undefined : rangeOf(last)?.end;
  if (start === undefined || end === undefined || start === range.start) return undefined;
  const autolink = node.type === 'link' && text[range.start] !== '[';
  return autolink ? undefined : { start, end };
}

/** The text between `![` and the bracket that closes it, brackets inside counted. */
function descriptionRange(text: string, { start, end }: TextRange): TextRange | undefined {
  let depth = 0;
  for (let at = start + 1; at < end; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '[') depth++;
    else if (character === ']' && --depth === 0) return at > start + 2 ? { start: start + 2, end: at } : undefined;
  }
  return undefined;
}

/** Collects the spans of one block from left to right. */
class SpanCollector {
  readonly #text: string;
  readonly #spans: ProtectedSpan[] = [];
  readonly #whole: TextRange[] = [];
  readonly #openTags: { readonly name: string; readonly start: number }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  block(range: TextRange, kind: SegmentKind): Block {
    return { range, kind, spans: this.#spans, whole: this.#whole };
  }

  add(node: PhrasingContent): void {
    const range = rangeOf(node);
    if (range === undefined) return;
    if (node.type === 'text') this.addEscapes(range);
    else if (node.type === 'html') this.#addTag(range);
    else if (isContainer(node)) this.#addContainer(node, range);
    else if (node.type === 'mdxJsxTextElement' && node.children.length > 0) this.#addComponent(node.children, range);
    else this.#spans.push({ range, kind: node.type === 'inlineCode' ? 'code' : 'placeholder' });
  }

  addEscapes(range: TextRange): void {
    for (const match of this.#text.slice(range.start, range.end).matchAll(escapes)) {
      const start = range.start + match.index;
      this.#spans.push({ range: { start, end: start + match[0].length }, kind: 'escape' });
    }
  }

  /** The tags of a component around text that is translated. */
  #addComponent(children: readonly PhrasingContent[], range: TextRange): void {
    const [first, last] = [children[0], children.at(-1)];
    const start = first === undefined ? undefined : rangeOf(first)?.start;
    const end = last === undefined ? undefined : rangeOf(last)?.end;
    if (start === undefined || end === undefined) return;
    this.#whole.push(range);
    this.#spans.push({ range: { start: range.start, end: start }, kind: 'html', side: 'open' });
    for (const child of children) this.add(child);
    this.#spans.push({ range: { start: end, end: range.end }, kind: 'html', side: 'close' });
  }

  #addContainer(node: Container, range: TextRange): void {
    const kind = node.type === 'link' || node.type === 'linkReference' ? 'link' : node.type === 'image' || node.type === 'imageReference' ? 'image' : 'emphasis';
    const inner = containerInside(this.#text, node);
    if (inner === undefined) {
      this.#spans.push({ range, kind });
      return;
    }
    this.#whole.push(range);
    this.#spans.push({ range: { start: range.start, end: inner.start }, kind, side: 'open' });
    if ('children' in node) for (const child of node.children) this.add(child);
    else this.addEscapes(inner);
    this.#spans.push({ range: { start: inner.end, end: range.end }, kind, side: 'close' });
  }

  /** A tag; with its end tag it encloses text that stays in one segment. */
  #addTag(range: TextRange): void {
    this.#spans.push({ range, kind: 'html' });
    const tag = /^<(\/?)([A-Za-z][\w-]*)/u.exec(this.#text.slice(range.start, range.end));
    const name = tag?.[2]?.toLowerCase();
    if (name === undefined) return;
    if (tag?.[1] === '') {
      this.#openTags.push({ name, start: range.start });
      return;
    }
    const index = this.#openTags.findLastIndex((open) => open.name === name);
    const open = this.#openTags[index];
    if (open === undefined) return;
    this.#openTags.length = index;
    this.#whole.push({ start: open.start, end: range.end });
  }
}
