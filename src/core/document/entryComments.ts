/** Comments that belong to an entry of a resource file: behind it in its line, and in the lines above it. Pure. */
import type { CodecId } from './segment.ts';

type Commented = 'json' | 'yaml' | 'strings' | 'properties' | 'xml';

const behind: Readonly<Partial<Record<Commented, RegExp>>> = {
  json: /[ \t]*(?:\/\/[^\r\n]*|\/\*(?:[^*\r\n]|\*(?!\/))*\*\/(?=[ \t]*(?:[\r\n]|$)))/uy,
  yaml: /[ \t]+#[^\r\n]*/uy,
  strings: /[ \t]*(?:\/\/[^\r\n]*|\/\*(?:[^*\r\n]|\*(?!\/))*\*\/(?=[ \t]*(?:[\r\n]|$)))/uy,
  xml: /[ \t]*<!--(?:[^-\r\n]|-(?!->))*-->(?=[ \t]*(?:[\r\n]|$))/uy,
};

/** A line of a comment; those that may go over several lines are known by their last. */
const lineAbove: Readonly<Record<Commented, RegExp>> = {
  json: /^\/\//u, yaml: /^#/u, strings: /^\/\//u, properties: /^[#!]/u, xml: /^<!--(?:[^-]|-(?!->))*-->$/u,
};
const blocks: Readonly<Partial<Record<Commented, { readonly open: string; readonly close: string }>>> = {
  json: { open: '/*', close: '*/' }, strings: { open: '/*', close: '*/' }, xml: { open: '<!--', close: '-->' },
};

function kindOf(codec: CodecId): Commented | undefined {
  switch (codec) {
    case 'json': case 'yaml': case 'strings': case 'properties': return codec;
    case 'android': case 'resx': case 'stringsdict': return 'xml';
    default: return undefined;
  }
}

/** Where an entry that ends at an offset ends with the comment behind it. */
export function endWithComment(text: string, offset: number, codec: CodecId): number {
  const pattern = behind[kindOf(codec) ?? 'properties'];
  if (pattern === undefined) return offset;
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}

/** Where an entry that begins at an offset, first in its line, begins with the comments right above it. A comment at the file's start is the file's. */
export function startWithComments(text: string, offset: number, codec: CodecId): number {
  const kind = kindOf(codec);
  let start = offset;
  for (let next = kind === undefined ? undefined : commentAbove(text, start, kind); next !== undefined; next = kind === undefined ? undefined : commentAbove(text, start, kind)) start = next;
  return text.slice(0, start).trim() === '' ? offset : start;
}

/** Where the comment begins that ends in the line above; undefined where there is none. */
function commentAbove(text: string, offset: number, kind: Commented): number | undefined {
  const above = /(?<=^|[\r\n])([ \t]*)([^\r\n]*?)[ \t]*(?:\r\n|\n|\r)[ \t]*$/u.exec(text.slice(Math.max(0, offset - maxLine), offset));
  if (above === null) return undefined;
  const from = Math.max(0, offset - maxLine) + above.index + (above[1]?.length ?? 0);
  const content = above[2] ?? '';
  if (lineAbove[kind].test(content)) return from;
  const block = blocks[kind];
  if (block === undefined || !content.endsWith(block.close)) return undefined;
  const open = text.lastIndexOf(block.open, from + content.length - block.close.length);
  const isFirst = open >= 0 && /(?:^|[\r\n])[ \t]*$/u.test(text.slice(Math.max(0, open - maxLine), open));
  return isFirst ? open : undefined;
}

/** Longer lines are no comments for people. */
const maxLine = 2000;
