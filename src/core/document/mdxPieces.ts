/**
 * Parses MDX in pieces: like Markdown's parser, its takes time with the square of the number of blocks (measured: 1 MB of short
 * paragraphs takes 7 s). Components, expressions and imports may hold blank lines and whatever looks like a block, so a cut between
 * blocks of Markdown counts only where the piece before it parses and leaves nothing open. Pure.
 */
import type { Nodes } from 'mdast';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { mdxjs } from 'micromark-extension-mdxjs';
import { blocksOf, parsePiece, type Dialect, type ParsedPiece } from './markdown.ts';
import { definedLabels, definitionsFor, frontMatterLength, markdownChunks } from './markdownChunks.ts';
import { syntaxError } from './place.ts';
import type { TextRange } from './segment.ts';
import type { Block } from './segmentBlocks.ts';

const dialect: Dialect = { syntax: [mdxjs()], tree: mdxFromMarkdown() };

/** The longest piece, in UTF-16 units: it takes some seconds. What begins in a document must end within it. */
const maxPiece = 1024 * 1024;

const lineEnd = /\r\n|\n|\r/gu;
/** A line end, then a blank line. */
const blankAtEnd = /(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)$/u;

/** Where the parser stopped, in the document, and why. */
interface Failure {
  readonly offset: number;
  readonly reason: string;
}

/**
 * The blocks of a document, parsed in pieces of at least `size` characters; the blocks do not depend on it. A piece that is not
 * whole is parsed again with twice the length, so that the time is at most twice that of the longest component.
 * @throws AppError `document.syntax`
 */
export function mdxBlocks(text: string, path: string, size: number): readonly Block[] {
  const labels = definedLabels(text);
  const blocks: Block[] = [];
  let [start, least] = [frontMatterLength(text), size];
  let failure: Failure | undefined;
  for (const { end } of markdownChunks(text, start, size)) {
    if (end - start < least && end < text.length) continue;
    if (end - start > maxPiece) throw tooLong(text, path, failure ?? { offset: start, reason: '' });
    const parsed = parseRange(text, { start, end }, labels);
    if ('reason' in parsed) {
      failure = parsed;
      if (end === text.length) throw syntaxError(text, failure.offset, path, failure.reason);
    }
    if ('reason' in parsed || (end < text.length && isOpen(parsed))) {
      least = 2 * (end - start);
    } else {
      for (const block of blocksOf(parsed, start)) blocks.push(block);
      [start, least, failure] = [end, size, undefined];
    }
  }
  return blocks;
}

function tooLong(text: string, path: string, { offset, reason }: Failure): Error {
  const limit = `a component, an expression or a block may be at most ${maxPiece} characters long: close it, or divide it`;
  return syntaxError(text, offset, path, reason === '' ? limit : `${reason}; ${limit}`);
}

function parseRange(text: string, { start, end }: TextRange, labels: ReadonlyMap<string, string>): ParsedPiece | Failure {
  const piece = text.slice(start, end);
  const definitions = definitionsFor(piece, labels);
  try {
    return parsePiece(piece, definitions, dialect);
  } catch (thrown) {
    const { offset, reason } = failureOf(thrown, definitions + piece);
    const lines = lineCount(text.slice(0, start)) - lineCount(definitions);
    return { offset: start + Math.max(0, offset - definitions.length), reason: withLines(reason, lines) };
  }
}

/** Whether the last block may go on after the piece: a fence that nothing closes, or code of imports without a blank line after it. */
function isOpen({ nodes, text }: ParsedPiece): boolean {
  const last = nodes.at(-1);
  return last !== undefined && ((last.type === 'mdxjsEsm' && !blankAtEnd.test(text)) || endsInFence(last, text));
}

function endsInFence(node: Nodes, text: string): boolean {
  if (node.type === 'code') return !isClosed(text.slice(node.position?.start.offset, node.position?.end.offset));
  const last = 'children' in node ? node.children.at(-1) : undefined;
  return last !== undefined && endsInFence(last, text);
}

function isClosed(code: string): boolean {
  const [first = '', ...rest] = code.split(lineEnd);
  const marker = /^(?:`{3,}|~{3,})/u.exec(first)?.[0];
  const last = rest.at(-1)?.replace(/^[ \t>]+/u, '');
  return marker !== undefined && last?.startsWith(marker) === true;
}

function lineCount(text: string): number {
  return text.split(lineEnd).length;
}

/** The parser names lines of the piece (`(3:1-3:9)`); people look in the document. */
function withLines(reason: string, by: number): string {
  return reason.replace(/\b(\d+):(\d+)(?:-(\d+):(\d+))?(?=\))/gu, (_, ...[line, column, endLine, endColumn]: readonly (string | undefined)[]) => {
    const from = `${String(Number(line) + by)}:${column ?? ''}`;
    return endLine === undefined ? from : `${from}-${String(Number(endLine) + by)}:${endColumn ?? ''}`;
  });
}

/**
 * What the parser throws: a `VFileMessage` with a place; where a tag is not closed at the end, its place is only in the message.
 * @returns the offset in `text`
 */
function failureOf(thrown: unknown, text: string): Failure {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const place: unknown = thrown instanceof Error && 'place' in thrown ? thrown.place : undefined;
  const point: unknown = typeof place === 'object' && place !== null && 'start' in place ? place.start : place;
  if (typeof point === 'object' && point !== null && 'offset' in point && typeof point.offset === 'number') return { offset: point.offset, reason };
  const [, line = '1', column = '1'] = /\((\d+):(\d+)/u.exec(reason) ?? [];
  const before = [...text.matchAll(lineEnd)][Number(line) - 2];
  return { offset: (before === undefined ? 0 : before.index + before[0].length) + Number(column) - 1, reason };
}
