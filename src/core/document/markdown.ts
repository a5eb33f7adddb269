/**
 * Markdown (CommonMark with GitHub's extensions and front matter): text that people read becomes segments; code, HTML
 * blocks, front matter, link targets and definitions stay as they are. Pure.
 */
import { fromMarkdown, type Extension, type Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes, Parents, Root } from 'mdast';
import { AppError } from '../errors.ts';
import { definedLabels, definitionsFor, frontMatterLength, markdownChunks } from './markdownChunks.ts';
import { inlineBlocks } from './markdownInline.ts';
import { excessIn } from './markdownLimits.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentKind, SegmentText, TextRange } from './segment.ts';
import { segmentBlocks, type Block } from './segmentBlocks.ts';

/** Characters that are parsed at a time, at least; measured to be fastest. */
const chunkSize = 4096;

/** Markdown and its dialects are parsed at well under 1 MB/s, so their limit is lower than that of plain text. In UTF-16 units. */
const maxMarkdownLength = 10 * 1024 * 1024;

export const markdown: Codec = {
  id: 'markdown',
  extensions: ['.md', '.markdown', '.mdown', '.mkd'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    refuseExcess(text, options.path);
    const segments = segmentBlocks(text, markdownBlocks(text, chunkSize), options.sourceLanguage);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'markdown', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return translation === segment.source ? translation : escapeStructure(translation.replace(/\s*[\r\n]\s*/gu, ' ').trim(), segment);
  },
};

/** @throws AppError `document.tooLarge`; `document.syntax` where a block holds more than can be parsed */
export function refuseExcess(text: string, path: string): void {
  if (text.length > maxMarkdownLength) throw new AppError('document.tooLarge', { path, bytes: text.length, limit: maxMarkdownLength });
  const excess = excessIn(text, frontMatterLength(text));
  if (excess !== undefined) throw syntaxError(text, excess.offset, path, excess.reason);
}

/** The blocks of a document, parsed in pieces of at least `size` characters; the result does not depend on it. */
export function markdownBlocks(text: string, size: number): readonly Block[] {
  const labels = definedLabels(text);
  return [...markdownChunks(text, frontMatterLength(text), size)]
    .flatMap(({ start, end }) => blocksOf(parsePiece(text.slice(start, end), definitionsFor(text.slice(start, end), labels)), start));
}

/** What a dialect adds to Markdown. */
export interface Dialect {
  readonly syntax: NonNullable<Options['extensions']>;
  readonly tree: readonly Extension[];
}

/** A piece of a document, as it is read inside the whole. */
export interface ParsedPiece {
  /** Definitions and the piece; what the nodes' offsets count in. */
  readonly text: string;
  /** Where the piece begins in it. */
  readonly prefix: number;
  /** The piece's outermost blocks. */
  readonly nodes: readonly Nodes[];
}

/** Parses a piece after the definitions that it refers to (see `definitionsFor`). */
export function parsePiece(piece: string, definitions: string, dialect?: Dialect): ParsedPiece {
  const text = definitions + piece;
  const nodes = parseTree(text, dialect).children.filter((node) => (node.position?.start.offset ?? 0) >= definitions.length);
  return { text, prefix: definitions.length, nodes };
}

/** The blocks of a piece that begins at `start` of its document, with the document's offsets. */
export function blocksOf({ text, prefix, nodes }: ParsedPiece, start: number): readonly Block[] {
  const blocks: Block[] = [];
  for (const node of nodes) collect(node, { text, blocks, kind: 'sentence' });
  return blocks.map((block) => shifted(block, start - prefix));
}

/** The tree with positions for every node. Transforms are left out: they make nodes that have none. */
function parseTree(text: string, dialect: Dialect = { syntax: [], tree: [] }): Root {
  return fromMarkdown(text, { extensions: [gfm(), ...dialect.syntax], mdastExtensions: [...gfmFromMarkdown().map(withoutTransforms), ...dialect.tree] });
}

function withoutTransforms({ transforms: _left, ...extension }: Extension): Extension {
  return extension;
}

function shifted({ range, kind, spans, whole }: Block, by: number): Block {
  const shift = ({ start, end }: TextRange): TextRange => ({ start: start + by, end: end + by });
  return { range: shift(range), kind, spans: spans.map((span) => ({ ...span, range: shift(span.range) })), whole: whole.map(shift) };
}

interface Collector {
  readonly text: string;
  readonly blocks: Block[];
  readonly kind: SegmentKind;
}

/** Walks the blocks. Inside a quote every block is of that kind: its lines begin with `>`. */
function collect(node: Nodes, into: Collector): void {
  switch (node.type) {
    case 'heading':
      into.blocks.push(...inlineBlocks(into.text, node.children, into.kind === 'quote' ? 'quote' : 'heading'));
      return;
    case 'paragraph':
      into.blocks.push(...inlineBlocks(into.text, node.children, into.kind));
      return;
    case 'tableCell':
      into.blocks.push(...inlineBlocks(into.text, node.children, 'tableCell'));
      return;
    case 'blockquote': collectChildren(node, { ...into, kind: 'quote' }); return;
    case 'listItem': collectChildren(node, { ...into, kind: into.kind === 'quote' ? 'quote' : 'listItem' }); return;
    case 'list': case 'table': case 'tableRow': case 'footnoteDefinition': case 'mdxJsxFlowElement': collectChildren(node, into); return;
    default: return;
  }
}

function collectChildren(node: Parents, into: Collector): void {
  for (const child of node.children) collect(child, into);
}

/** Starts of a line that would make it another block: heading, list, quote, fence, rule or underline, definition. */
const blockStart = /^(?:#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|~~~|```(?!.*`)|[-=*_]+(?=\s*$)|\[(?=[^\]]+\]:))/u;

/**
 * Keeps a translation in its block: a start that would begin another one is escaped, and so is a `|` in a table cell.
 * Emphasis and other inline markup stay as written. Applying it twice changes nothing more.
 */
export function escapeStructure(text: string, segment: SegmentText): string {
  if (segment.kind === 'tableCell') return text.replace(/(\\?)\|/gu, (pipe, escape: string) => (escape === '' ? '\\|' : pipe));
  if (text.startsWith('<') && !segment.source.startsWith('<')) return `\\${text}`;
  const escaped = blockStart.test(text) ? `\\${text}` : text;
  return escaped.replace(/^(\d{1,9})([.)])(?=\s|$)/u, '$1\\$2');
}
