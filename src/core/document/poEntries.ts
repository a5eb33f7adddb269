/** The entries of a PO file with the place of everything that may be written. Pure. */
import { syntaxError } from './place.ts';
import type { TextRange } from './segment.ts';

/** One or more quoted strings in a row: their decoded text, from the first quote to behind the last. */
export interface PoString extends TextRange {
  readonly text: string;
}

export interface PoEntry extends TextRange {
  readonly context: PoString | undefined;
  readonly id: PoString;
  readonly plural: PoString | undefined;
  /** `msgstr`, or `msgstr[0]` and so on. */
  readonly strings: readonly PoString[];
  /** Comments of programmers (`#.`) and translators (`#`). */
  readonly notes: readonly string[];
  /** Lines that say what the message was before (`#|`), as they stand there. */
  readonly previous: readonly string[];
  /** The flag line, and what is left of it without the flag. */
  readonly fuzzy: { readonly line: TextRange; readonly without: string } | undefined;
}

interface Line extends TextRange {
  readonly text: string;
  /** Line end included. */
  readonly next: number;
}

interface Draft {
  /** Of its first line that is not blank. */
  start?: number;
  end: number;
  context?: PoString;
  id?: PoString;
  plural?: PoString;
  strings: PoString[];
  notes: string[];
  previous: string[];
  fuzzy?: PoEntry['fuzzy'];
}

/** @throws AppError `document.syntax` for an unclosed string, an unknown keyword, or an entry without msgid or msgstr. */
export function readPo(text: string, path: string): readonly PoEntry[] {
  const entries: PoEntry[] = [];
  let draft: Draft = newDraft();
  const fail = (offset: number, reason: string): never => { throw syntaxError(text, offset, path, reason); };
  const close = (): void => {
    if (draft.id !== undefined && draft.strings.length > 0) entries.push(entryOf(draft, draft.id));
    else if (draft.id !== undefined || draft.context !== undefined) fail(draft.start ?? 0, 'an entry has no msgstr');
    draft = newDraft();
  };
  let pending: { readonly keyword: string; string: PoString } | undefined;
  for (const line of linesOf(text)) {
    const content = line.text.trim();
    const keyword = /^\s*(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)(?=[\s"]|$)/u.exec(line.text);
    const isString = keyword === null && content.startsWith('"');
    if (pending !== undefined && !isString) {
      assign(draft, pending.keyword, pending.string);
      pending = undefined;
    }
    if (content === '') continue;
    if (content.startsWith('#~') && draft.id === undefined && draft.context === undefined) {
      draft = newDraft(); // flags and comments above an obsolete entry are its own
      continue;
    }
    if (draft.strings.length > 0 && (content.startsWith('#') || /^msg(?:ctxt|id)\b/u.test(content))) close();
    draft.start ??= line.start;
    if (content.startsWith('#')) comment(draft, line, content);
    else if (keyword !== null) {
      const name = keyword[1] ?? '';
      checkOrder(draft, name, (reason) => fail(line.start, reason));
      pending = { keyword: name, string: stringIn(line, keyword[0].length, fail) };
    } else if (isString && pending !== undefined) {
      const more = stringIn(line, 0, fail);
      pending.string = { text: pending.string.text + more.text, start: pending.string.start, end: more.end };
    } else fail(line.start + line.text.search(/\S/u), 'neither a comment, a keyword nor a string');
  }
  if (pending !== undefined) assign(draft, pending.keyword, pending.string);
  close();
  return entries;
}

function newDraft(): Draft {
  return { end: 0, strings: [], notes: [], previous: [] };
}

function checkOrder(draft: Draft, keyword: string, fail: (reason: string) => void): void {
  if (keyword === 'msgid' && draft.id !== undefined) fail('a msgid follows a msgid: the entry before has no msgstr');
  if (keyword === 'msgctxt' && draft.id !== undefined) fail('a msgctxt follows a msgid: the entry before has no msgstr');
  if (keyword !== 'msgctxt' && keyword !== 'msgid' && draft.id === undefined) fail(`${keyword} without a msgid`);
  const index = /^msgstr\[(\d+)\]$/u.exec(keyword)?.[1];
  if (index !== undefined && Number(index) !== draft.strings.length) fail(`${keyword} where msgstr[${draft.strings.length}] is expected`);
}

function assign(draft: Draft, keyword: string, string: PoString): void {
  draft.end = string.end;
  if (keyword === 'msgctxt') draft.context = string;
  else if (keyword === 'msgid') draft.id = string;
  else if (keyword === 'msgid_plural') draft.plural = string;
  else draft.strings.push(string);
}

function comment(draft: Draft, line: Line, content: string): void {
  const note = /^#(?:\.|(?=[ \t]|$))[ \t]*(.*)$/u.exec(content)?.[1] ?? '';
  if (note !== '') draft.notes.push(note);
  if (content.startsWith('#|')) draft.previous.push(content);
  if (!content.startsWith('#,') || !/\bfuzzy\b/u.test(content)) return;
  const others = content.slice(2).split(',').map((flag) => flag.trim()).filter((flag) => flag !== 'fuzzy' && flag !== '');
  draft.fuzzy = others.length === 0
    ? { line: { start: line.start, end: line.next }, without: '' }
    : { line: { start: line.start, end: line.end }, without: `#, ${others.join(', ')}` };
}

function entryOf({ start, end, context, plural, fuzzy, strings, notes, previous }: Draft, id: PoString): PoEntry {
  return { start: start ?? 0, end, id, context, plural, strings, notes, previous, fuzzy };
}

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  for (const newline of text.matchAll(/\r\n|\n|\r/gu)) {
    yield { start, end: newline.index, text: text.slice(start, newline.index), next: newline.index + newline[0].length };
    start = newline.index + newline[0].length;
  }
  if (start < text.length) yield { start, end: text.length, text: text.slice(start), next: text.length };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' };

function stringIn(line: Line, from: number, fail: (offset: number, reason: string) => never): PoString {
  const match = /^\s*"((?:[^"\\]|\\.)*)"\s*$/u.exec(line.text.slice(from));
  if (match === null) return fail(line.start + from, 'a string in quotes is expected; quotes inside are written \\"');
  const open = line.start + from + match[0].indexOf('"');
  const raw = match[1] ?? '';
  const text = raw.replace(/\\(?:x([0-9A-Fa-f]{2})|([0-7]{1,3})|(.))/gu, (_, hex?: string, octal?: string, other: string = '') => (
    hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : octal !== undefined ? String.fromCharCode(Number.parseInt(octal, 8)) : (escapes[other] ?? other)
  ));
  return { text, start: open, end: open + raw.length + 2 };
}
