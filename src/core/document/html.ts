/** HTML: running text, and the attributes that people read. Scripts, styles, code and every byte of markup stay. Pure. */
import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes } from 'parse5';
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParsedDocument, ParseOptions, ProtectedSpan, Segment, TextRange } from './segment.ts';
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
  encode(translation: string, segment: Segment): string {
    if (translation === segment.source) return translation;
    const line = translation.replace(/\s*[\r\n]\s*/gu, ' ').trim();
    const escaped = line.replace(/<(?![/!]?[A-Za-z])/gu, '&lt;').replace(/&(?!#\d+;|#x[0-9a-f]+;|[a-z][a-z0-9]*;)/giu, '&amp;');
    return segment.kind === 'caption' ? escaped.replaceAll('"', '&quot;') : escaped;
  },
  retarget(text: string, targetLanguage: string): string {
    return text.replace(/(<html\b[^>]*?\s(?:xml:)?lang\s*=\s*)(["'])[^"']*\2/iu, (_, before: string, quote: string) => `${before}${quote}${targetLanguage}${quote}`);
  },
};

const inline = new Set('a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small span strike strong sub sup time tt u var wbr input button'.split(' '));
const opaque = new Set('script style code pre kbd samp var textarea svg math template noscript iframe object'.split(' '));
const readAttributes = ['alt', 'title', 'placeholder', 'aria-label'];

/** Text between block elements; attributes of elements that no such text holds. In document order, disjoint. */
function htmlBlocks(text: string, path: string): readonly Block[] {
  const blocks: Block[] = [];
  const { childNodes } = parse(text, { sourceCodeLocationInfo: true });
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
    level = level.flatMap((node) => (defaultTreeAdapter.isElementNode(node) ? node.childNodes : []));
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
    if (!opaque.has(node.tagName)) walk(node.childNodes, { ...into, kind: kindOf(node.tagName, into.kind) });
  }
  flush();
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
    for (const match of text.slice(range.start, range.end).matchAll(/&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);/giu)) {
      spans.push({ range: { start: range.start + match.index, end: range.start + match.index + match[0].length }, kind: 'escape' });
    }
  } else if (!defaultTreeAdapter.isElementNode(node)) spans.push({ range, kind: 'html' });
  else if (opaque.has(node.tagName) || isKept(node)) spans.push({ range, kind: 'code' });
  else addElement(node, text, spans, whole);
}

function addElement(node: Element, text: string, spans: ProtectedSpan[], whole: TextRange[]): void {
  const location = node.sourceCodeLocation;
  const open = location?.startTag;
  if (location === undefined || location === null || open === undefined) return;
  const close = location.endTag;
  spans.push({ range: { start: open.startOffset, end: open.endOffset }, kind: 'html', ...(close === undefined ? {} : { side: 'open' as const }) });
  for (const child of node.childNodes) addSpans(child, text, spans, whole);
  if (close === undefined) return;
  spans.push({ range: { start: close.startOffset, end: close.endOffset }, kind: 'html', side: 'close' });
  whole.push({ start: open.startOffset, end: close.endOffset });
}

function addAttributes(node: Element, { text, blocks }: Collector): void {
  const description = node.tagName === 'meta' && node.attrs.some(({ name, value }) => name === 'name' && /^(?:description|keywords)$/iu.test(value));
  for (const name of description ? ['content'] : readAttributes) {
    const place = node.sourceCodeLocation?.attrs?.[name] ?? node.sourceCodeLocation?.attrs?.[name];
    const match = place === undefined ? null : /=\s*(["'])([^]*)\1$/u.exec(text.slice(place.startOffset, place.endOffset));
    if (place === undefined || match === null) continue;
    const raw = match[2] ?? '';
    const start = place.endOffset - 1 - raw.length + (raw.length - raw.trimStart().length);
    blocks.push({ range: { start, end: start + raw.trim().length }, kind: 'caption', spans: [], whole: [] });
  }
}
