/**
 * Cuts Markdown between top-level blocks. The parser's time grows with the square of the number of blocks (measured: 1 MB
 * of short paragraphs takes more than 15 s), so long documents are parsed in pieces. Pure.
 */
import type { TextRange } from './segment.ts';

/** An item that starts a block whatever comes before it: not one that holds another item, code, HTML or nothing. */
const freshItem = /^(?:[-*+]|1[.)])[ \t]+(?!```|~~~)[^\s\d*+<#>-]/u;
const numberedItem = /^\d{1,9}[.)][ \t]+[^\s\d*+<#>-]/u;
const container = /^(?:>|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$))/u;
const plainQuote = /^>[ \t]?[^\s\d*+<#>-]/u;
const looksLikeItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/u;
const rule = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,})$/u;
const heading = /^#{1,6}(?:[ \t]|$)/u;
const fence = /^ {0,3}(`{3,}(?!.*`)|~{3,})/u;

/** Beyond so many readings (see below) the rest of a text stays whole. */
const maxReadings = 8;

/** Start and end of the HTML blocks that may hold blank lines (CommonMark 0.31, section 4.6, kinds 1 to 5). */
const htmlBlocks: readonly (readonly [start: RegExp, end: RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:\s|>|$)/iu, /<\/(?:script|pre|style|textarea)>/iu],
  [/^ {0,3}<!--/u, /-->/u],
  [/^ {0,3}<\?/u, /\?>/u],
  [/^ {0,3}<![A-Za-z]/u, />/u],
  [/^ {0,3}<!\[CDATA\[/u, /\]\]>/u],
];

/** Length of the front matter at the start of a text, its closing line included; 0 when there is none. */
export function frontMatterLength(text: string): number {
  return /^(---|\+\+\+)[ \t]*(?:\r\n|\n|\r)(?:.*(?:\r\n|\n|\r))*?\1[ \t]*(?:\r\n|\n|\r|$)/u.exec(text)?.[0].length ?? 0;
}

/**
 * Ranges of at least `size` characters (but the last), in order and without gaps, from `start` to the end of the text. A
 * range begins where no block of the one before can go on: at a line that is not indented, after a blank line, at a heading
 * or at an item of a list; never inside a fence or an HTML block. Linear.
 */
export function* markdownChunks(text: string, start: number, size: number): Generator<TextRange> {
  let readings: readonly Reading[] = [fresh];
  let from = start;
  for (const line of text.slice(start).matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    const at = start + line.index;
    const content = line[1] ?? '';
    if (at - from >= size && readings.every((reading) => mayBegin(reading, content))) {
      yield { start: from, end: at };
      from = at;
    }
    readings = distinct(readings.flatMap((reading) => after(reading, content)));
    if (readings.length > maxReadings) break;
  }
  if (from < text.length) yield { start: from, end: text.length };
}

/**
 * How the lines so far may be read. In a list an indented fence belongs to an item, where it ends with the item at the latest
 * and does not matter here, or to the document; without the items' exact indents both are possible. So it is with a fence
 * in what may be HTML. Then both are followed, and a cut must suit all readings.
 */
interface Reading {
  /** The fence or HTML block of the document that is open. */
  readonly open: { readonly kind: 'fence'; readonly marker: string } | { readonly kind: 'html'; readonly index: number } | undefined;
  readonly afterBlank: boolean;
  /** The last line is an item that is not empty, or goes on in one, indented. */
  readonly inItem: boolean;
  /** A list may be open. */
  readonly inList: boolean;
  /** An HTML block that ends at a blank line may be open. */
  readonly inHtml: boolean;
}

const fresh: Reading = { open: undefined, afterBlank: true, inItem: false, inList: false, inHtml: false };

/** After code or an empty item the parser may take a number or a nested item for text (micromark 4.0), so these begin nothing. */
function mayBegin({ open, afterBlank, inItem, inHtml }: Reading, line: string): boolean {
  if (open !== undefined || inHtml || !/^\S/u.test(line)) return false;
  if (heading.test(line) || freshItem.test(line) || (inItem && numberedItem.test(line))) return true;
  return afterBlank && (plainQuote.test(line) || !container.test(line));
}

/** The readings after one more line. */
function after(reading: Reading, line: string): readonly Reading[] {
  if (reading.open !== undefined) return [closes(reading.open, line) ? { ...reading, open: undefined, afterBlank: false, inItem: false } : reading];
  if (/^[ \t]*$/u.test(line)) return [{ ...reading, afterBlank: true, inItem: false, inHtml: false }];
  const indented = !/^\S/u.test(line);
  const item = looksLikeItem.test(line) && !rule.test(line) && mayBegin(reading, line);
  const next: Reading = {
    open: undefined,
    afterBlank: false,
    inItem: item || (indented && reading.inItem),
    inList: looksLikeItem.test(line) || (reading.inList && (indented || !mayBegin(reading, line))),
    inHtml: reading.inHtml || /^ {0,3}</u.test(line),
  };
  const open = opened(line);
  if (open === undefined) return [next];
  return reading.inHtml || (indented && next.inList) ? [next, { ...next, open }] : [{ ...next, open }];
}

function opened(line: string): Reading['open'] {
  const marker = fence.exec(line)?.[1];
  if (marker !== undefined) return { kind: 'fence', marker };
  const index = htmlBlocks.findIndex(([start]) => start.test(line));
  const end = htmlBlocks[index]?.[1];
  return end === undefined || end.test(line) ? undefined : { kind: 'html', index };
}

function closes(open: NonNullable<Reading['open']>, line: string): boolean {
  if (open.kind === 'html') return htmlBlocks[open.index]?.[1].test(line) ?? true;
  const run = /^ {0,3}(`+|~+)[ \t]*$/u.exec(line)?.[1];
  return run !== undefined && run.startsWith(open.marker);
}

/** Readings that agree go on as one, so there are never many. */
function distinct(readings: readonly Reading[]): readonly Reading[] {
  if (readings.length < 2) return readings;
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()];
}

/** Names of link and footnote definitions anywhere in a text, as written, by their normal form. Linear. */
export function definedLabels(text: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [, label = ''] of text.matchAll(/^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*\[((?:[^[\]\\\r\n]|\\.){1,999})\]:/gmu)) {
    const key = normalLabel(label);
    if (!labels.has(key)) labels.set(key, label);
  }
  return labels;
}

/**
 * Definitions for the labels that a piece may refer to, so that it parses as it does inside the whole text. A rule ends them,
 * or an indented piece would go on in the last. Never empty, as a parser takes U+FEFF at the very start for a BOM.
 */
export function definitionsFor(piece: string, labels: ReadonlyMap<string, string>): string {
  const used = new Set<string>();
  if (labels.size > 0) {
    for (const [, label = ''] of piece.matchAll(/\[((?:[^[\]\\]|\\.){1,999})(?=\])/gu)) {
      const defined = labels.get(normalLabel(label));
      if (defined !== undefined) used.add(`[${defined}]: x\n\n`);
    }
  }
  return used.size === 0 ? '\n' : `${[...used].join('')}***\n\n`;
}

/** Labels match without regard to case and white space (CommonMark 0.31, section 4.7). */
function normalLabel(label: string): string {
  return label.trim().replace(/\s+/gu, ' ').toLowerCase().toUpperCase();
}
