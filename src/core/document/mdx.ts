/** MDX: Markdown whose imports, expressions and components stay. Pure. */
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { mdxjs } from 'micromark-extension-mdxjs';
import { AppError } from '../errors.ts';
import { frontMatterLength } from './markdownChunks.ts';
import { blocksOf, escapeStructure, refuseExcess, type Dialect } from './markdown.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParsedDocument, ParseOptions, Segment } from './segment.ts';
import { segmentBlocks, type Block } from './segmentBlocks.ts';

const dialect: Dialect = { syntax: [mdxjs()], tree: mdxFromMarkdown() };

export const mdx: Codec = {
  id: 'mdx',
  extensions: ['.mdx'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    refuseExcess(text, options.path);
    const segments = segmentBlocks(text, mdxBlocks(text, options.path), options.sourceLanguage);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'mdx', text, segments };
  },
  encode(translation: string, segment: Segment): string {
    return translation === segment.source ? translation : escapeStructure(translation.replace(/\s*[\r\n]\s*/gu, ' ').trim(), segment);
  },
};

/** Components and expressions may hold blank lines, so the text is parsed as a whole. */
function mdxBlocks(text: string, path: string): readonly Block[] {
  const start = frontMatterLength(text);
  try {
    return blocksOf(text.slice(0, start).replace(/[^\r\n]/gu, ' ') + text.slice(start), dialect);
  } catch (thrown) {
    const { offset, reason } = failure(thrown);
    throw syntaxError(text, offset, path, reason);
  }
}

/** What the parser of expressions throws: a `VFileMessage` with a place. */
function failure(thrown: unknown): { readonly offset: number; readonly reason: string } {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const place: unknown = thrown instanceof Error && 'place' in thrown ? thrown.place : undefined;
  const point: unknown = typeof place === 'object' && place !== null && 'start' in place ? place.start : place;
  const offset = typeof point === 'object' && point !== null && 'offset' in point && typeof point.offset === 'number' ? point.offset : 0;
  return { offset, reason: message };
}
