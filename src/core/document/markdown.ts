/**
 * Markdown (CommonMark with GitHub's extensions and front matter): text that people read becomes segments; code, HTML
 * blocks, front matter, link targets and definitions stay as they are. Pure.
 */
import { fromMarkdown, type Extension } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes, Parents } from 'mdast';
import { AppError } from '../errors.ts';
import { inlineBlocks } from './markdownInline.ts';
import type { Codec, ParsedDocument, ParseOptions, Segment, SegmentKind } from './segment.ts';
import { segmentBlocks, type Block } from './segmentBlocks.ts';

/** The syntax tree takes about 150 times the text's size in memory, so Markdown has a lower limit than plain text. */
export const maxMarkdownLength = 8 * 1024 * 1024;

export const markdown: Codec = {
  id: 'markdown',
  extensions: ['.md', '.markdown', '.mdown', '.mkd'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    if (text.length > maxMarkdownLength) throw new AppError('document.tooLarge', { path: options.path, bytes: text.length, limit: maxMarkdownLength });
    const blocks: Block[] = [];
    collect(parseTree(text), { text, blocks, kind: 'sentence' });
    const segments = segmentBlocks(text, blocks, options.sourceLanguage);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'markdown', text, segments };
  },
  encode(translation: string, segment: Segment): string {
    return translation === segment.source ? translation : escapeStructure(translation.replace(/\s*[\r\n]\s*/gu, ' ').trim(), segment);
  },
};

/** The tree with positions for every node. Transforms are left out: they make nodes that have none. */
export function parseTree(text: string): Nodes {
  return fromMarkdown(text, {
    extensions: [gfm(), frontmatter(['yaml', 'toml'])],
    mdastExtensions: [...gfmFromMarkdown().map(withoutTransforms), frontmatterFromMarkdown(['yaml', 'toml'])],
  });
}

function withoutTransforms({ transforms: _left, ...extension }: Extension): Extension {
  return extension;
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
    case 'root': case 'list': case 'table': case 'tableRow': case 'footnoteDefinition': collectChildren(node, into); return;
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
function escapeStructure(text: string, segment: Segment): string {
  if (segment.kind === 'tableCell') return text.replace(/(\\?)\|/gu, (pipe, escape: string) => (escape === '' ? '\\|' : pipe));
  if (text.startsWith('<') && !segment.source.startsWith('<')) return `\\${text}`;
  const escaped = blockStart.test(text) ? `\\${text}` : text;
  return escaped.replace(/^(\d{1,9})([.)])(?=\s|$)/u, '$1\\$2');
}
