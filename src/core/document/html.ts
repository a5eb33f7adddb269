/** HTML: running text (of templates, drawings and what is shown without scripts too), and the attributes that people read. Scripts, styles, code and every byte of markup stay. Pure. */
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes } from 'parse5';
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, ProtectedSpan, SegmentText, TextRange } from './segment.ts';
import { segmentBlocks, type Block } from './segmentBlocks.ts';

type TreeNode = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

export const html: Codec = {
  id: 'html',
  extensions: ['.html', '.htm', '.xhtml'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const segments = segmentBlocks(text, htmlBlocks(text, options.path), options.sourceLanguage);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'html', text, segments };
  },
  /** Inline tags stay as written; `<` that begins no tag and `&` that begins no reference are escaped. */
  encode(translation: string, segment: SegmentText): string {
    if (translation === segment.source) return translation;
    const line = translation.replace(/\s*[\r\n]\s*/gu, ' ').trim();
    const escaped = line.replace(/<(?![/!]?[A-Za-z])/gu, '&lt;').replace(/&(?!#\d+;|#x[0-9a-f]+;|[a-z][a-z0-9]*;)/giu, '&amp;').replace(/<(?=\/(?:textarea|title)\b)/giu, '&lt;');
    return segment.kind === 'caption' ? escaped.replaceAll('"', '&quot;') : withQuotedValues(escaped, segment);
  },
  retarget(text: string, targetLanguage: string): string {
    return text.replace(/(<html\b[^>]*?\s(?:xml:)?lang\s*=\s*)(["'])[^"']*\2/iu, (_, before: string, quote: string) => `${before}${quote}${targetLanguage}${quote}`);
  },
};

const inline = new Set('a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small span strike strong sub sup time tt u var wbr input button tspan textPath'.split(' '));
const opaque = new Set('script style code pre kbd samp var math iframe object metadata'.split(' '));
const readAttributes = ['alt', 'title', 'placeholder', 'aria-label'];

/** Text between block elements; attributes of elements that no such text holds. In document order, disjoint. */
function htmlBlocks(text: string, path: string): readonly Block[] {
  const blocks: Block[] = [];
  const { childNodes } = parse(text, { sourceCodeLocationInfo: true, scriptingEnabled: false });
  const deep = tooDeep(childNodes);
  if (deep !== undefined) throw syntaxError(text, deep.sourceCodeLocation?.startOffset ?? 0, path, `elements are nested more than ${maxDepth} deep`);
  walk(childNodes, { text, blocks, kind: 'sentence' });
  return blocks.filter(({ range }) => range.end > range.start).sort((a, b) => a.range.start - b.range.start)
    .filter(({ range }, index, all) => index === 0 || (all[index - 1]?.range.end ?? 0) <= range.start);
}

/** The tree is walked by functions that call themselves: beyond this no file is meant for people. */
const maxDepth = 1000;

function tooDeep(roots: readonly TreeNode[]): TreeNode | undefined {
  let level = roots;
  for (let depth = 0; depth <= maxDepth; depth++) {
    level = level.flatMap((node) => (defaultTreeAdapter.isElementNode(node) ? childrenOf(node) : []));
    if (level.length === 0) return undefined;
  }
  return level[0];
}

interface Collector {
  readonly text: string;
  readonly blocks: Block[];
  readonly kind: Block['kind'];
}

function walk(nodes: readonly TreeNode[], into: Collector): void {
  let run: TreeNode[] = [];
  const flush = (): void => {
    addRun(run, into);
    run = [];
  };
  for (const node of nodes) {
    if (isInline(node)) {
      run.push(node);
      continue;
    }
    flush();
    if (!defaultTreeAdapter.isElementNode(node) || isKept(node)) continue;
    addAttributes(node, into);
    if (node.tagName === 'textarea') addLines(node, into);
    else if (!opaque.has(node.tagName)) walk(childrenOf(node), { ...into, kind: kindOf(node.tagName, into.kind) });
  }
  flush();
}

function childrenOf(node: Element): readonly TreeNode[] {
  return isTemplate(node) ? node.content.childNodes : node.childNodes;
}

function isTemplate(node: Element): node is DefaultTreeAdapterTypes.Template {
  return node.tagName === 'template' && 'content' in node;
}

/** The line breaks of a field's text are part of it: each line is a text of its own. */
function addLines({ childNodes }: Element, { text, blocks, kind }: Collector): void {
  for (const { sourceCodeLocation: location } of childNodes) {
    if (location === undefined || location === null) continue;
    for (const { 0: line, index } of text.slice(location.startOffset, location.endOffset).matchAll(/[^\s](?:[^\r\n]*[^\s])?/gu)) {
      const range = { start: location.startOffset + index, end: location.startOffset + index + line.length };
      const spans: ProtectedSpan[] = [];
      addReferences(text, range, spans);
      blocks.push({ range, kind, spans, whole: [] });
    }
  }
}

function kindOf(tag: string, kind: Block['kind']): Block['kind'] {
  if (/^h[1-6]$|^title$/u.test(tag)) return 'heading';
  return tag === 'li' || tag === 'dd' || tag === 'dt' ? 'listItem' : tag === 'td' || tag === 'th' ? 'tableCell' : kind;
}

/** An inline element that holds blocks is none. */
function isInline(node: TreeNode): boolean {
  if (defaultTreeAdapter.isTextNode(node) || defaultTreeAdapter.isCommentNode(node)) return true;
  return defaultTreeAdapter.isElementNode(node) && inline.has(node.tagName) && node.childNodes.every(isInline);
}

function isKept({ attrs }: Element): boolean {
  return attrs.some(({ name, value }) => (name === 'translate' && value === 'no') || (name === 'class' && /\bnotranslate\b/u.test(value)));
}

function isBlank(node: TreeNode): boolean {
  return defaultTreeAdapter.isCommentNode(node) || (defaultTreeAdapter.isTextNode(node) && node.value.trim() === '');
}

function addRun(nodes: readonly TreeNode[], into: Collector): void {
  const from = nodes.findIndex((node) => !isBlank(node));
  const visible = from < 0 ? [] : nodes.slice(from, nodes.findLastIndex((node) => !isBlank(node)) + 1);
  const start = visible[0]?.sourceCodeLocation?.startOffset;
  const end = visible.at(-1)?.sourceCodeLocation?.endOffset;
  if (start === undefined || end === undefined) return;
  const raw = into.text.slice(start, end);
  const range = { start: start + raw.length - raw.trimStart().length, end: start + raw.trimEnd().length };
  const spans: ProtectedSpan[] = [];
  const whole: TextRange[] = [];
  for (const node of visible) addSpans(node, into.text, spans, whole);
  into.blocks.push({ range, kind: into.kind, spans: spans.filter((span) => span.range.start >= range.start && span.range.end <= range.end), whole });
}

/** Tags, comments, references, and whole elements whose content is code. */
// The four are the walk's state; an object for them would hide that two are filled.
function addSpans(node: TreeNode, text: string, spans: ProtectedSpan[], whole: TextRange[]): void {
  const location = node.sourceCodeLocation;
  if (location === undefined || location === null) return;
  const range = { start: location.startOffset, end: location.endOffset };
  if (defaultTreeAdapter.isTextNode(node)) {
    addReferences(text, range, spans);
  } else if (!defaultTreeAdapter.isElementNode(node)) spans.push({ range, kind: 'html' });
  else if (opaque.has(node.tagName) || isKept(node)) spans.push({ range, kind: 'code' });
  else addElement(node, text, spans, whole);
}

function addReferences(text: string, { start, end }: TextRange, spans: ProtectedSpan[]): void {
  for (const match of text.slice(start, end).matchAll(/&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);/giu)) {
    spans.push({ range: { start: start + match.index, end: start + match.index + match[0].length }, kind: 'escape' });
  }
}

function addElement(node: Element, text: string, spans: ProtectedSpan[], whole: TextRange[]): void {
  const location = node.sourceCodeLocation;
  const open = location?.startTag;
  if (location === undefined || location === null || open === undefined) return;
  const close = location.endTag;
  addTag(node, text, spans, whole);
  for (const child of node.childNodes) addSpans(child, text, spans, whole);
  if (close === undefined) return;
  spans.push({ range: { start: close.startOffset, end: close.endOffset }, kind: 'html', side: 'close' });
  whole.push({ start: open.startOffset, end: close.endOffset });
}

/** A tag as a marker; what people read in its attributes is text between two, as what its element holds. */
function addTag(node: Element, text: string, spans: ProtectedSpan[], whole: TextRange[]): void {
  const tag = node.sourceCodeLocation?.startTag ?? node.sourceCodeLocation;
  if (tag === undefined || tag === null) return;
  const values = readValues(node, text);
  const side = node.sourceCodeLocation?.endTag === undefined ? {} : { side: 'open' as const };
  let start = tag.startOffset;
  for (const value of values) {
    spans.push({ range: { start, end: value.start }, kind: 'html' });
    addReferences(text, value, spans);
    start = value.end;
  }
  if (values.length > 0) whole.push({ start: tag.startOffset, end: tag.endOffset });
  spans.push({ range: { start, end: tag.endOffset }, kind: 'html', ...side });
}

/** Quotes of the kind that a value stands in are references there. */
function withQuotedValues(translation: string, { source, protectedSpans }: SegmentText): string {
  let text = translation;
  const passed = new Map<string, number>();
  for (const [index, { range, kind }] of protectedSpans.entries()) {
    const next = protectedSpans.slice(index + 1).find((span) => span.kind === 'html');
    const before = source.slice(range.start, range.end);
    const quote = kind === 'html' ? /=\s*(["'])$/u.exec(before)?.[1] : undefined;
    const from = text.indexOf(before, passed.get(before) ?? 0) + before.length;
    const to = next === undefined ? -1 : text.indexOf(source.slice(next.range.start, next.range.end), from);
    if (quote === undefined || from < before.length || to < from) continue;
    const value = text.slice(from, to).replaceAll(quote, quote === '"' ? '&quot;' : '&#39;');
    text = text.slice(0, from) + value + text.slice(to);
    passed.set(before, from + value.length);
  }
  return text;
}

/** What of an element's attributes people read, in the order of the file, where it is quoted and has a letter. */
function readValues(node: Element, text: string): readonly TextRange[] {
  return attributesOf(node).flatMap((name): readonly TextRange[] => {
    const place = node.sourceCodeLocation?.attrs?.[name];
    const match = place === undefined ? null : /=\s*(["'])([^]*)\1$/u.exec(text.slice(place.startOffset, place.endOffset));
    if (place === undefined || match === null || !/\p{L}/u.test(match[2] ?? '')) return [];
    const raw = match[2] ?? '';
    const start = place.endOffset - 1 - raw.length + (raw.length - raw.trimStart().length);
    return [{ start, end: start + raw.trim().length }];
  }).sort((a, b) => a.start - b.start);
}

/** Names of the attributes that people read. */
function attributesOf({ tagName, attrs }: Element): readonly string[] {
  const valueOf = (name: string): string => attrs.find((attribute) => attribute.name === name)?.value ?? '';
  if (tagName === 'meta') return /^(?:description|keywords|author|twitter:(?:title|description|image:alt)|og:(?:title|description|site_name|image:alt))$/iu.test(valueOf('name') || valueOf('property')) ? ['content'] : [];
  if (tagName === 'input' && /^(?:submit|button|reset)$/iu.test(valueOf('type'))) return ['value', ...readAttributes];
  return tagName === 'option' || tagName === 'optgroup' || tagName === 'track' ? ['label', ...readAttributes] : readAttributes;
}

function addAttributes(node: Element, { text, blocks }: Collector): void {
  for (const range of readValues(node, text)) blocks.push({ range, kind: 'caption', spans: [], whole: [] });
}
