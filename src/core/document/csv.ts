/**
 * CSV and TSV. The header names the columns: `source` and `target`, or languages (`en`, `ja`), beside `key` and `comment`; or a
 * person does.
 * Bilingual, edited in place. Pure.
 */
import { AppError } from '../errors.ts';
import { findLanguage, sameLanguage } from '../text/languages.ts';
import { columnIndex, type ColumnName } from './columns.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText, TextRange } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const csv: Codec = {
  id: 'csv',
  extensions: ['.csv', '.tsv', '.tab'],
  bilingual: true,
  parse(text: string, options: ParseOptions): ParsedDocument {
    const rows = readEither(text, options.path);
    const columns = chosenColumns(text, rows.rows[0] ?? [], options);
    if (columns === undefined) throw syntaxError(text, 0, options.path, 'the first row must name a column "source" and a column "target", or one after each language, such as en and ja; or the setting interlinear.tableColumns (--columns) names them');
    const first = options.columns?.header === false ? 0 : 1;
    const segments = unitSegments(rows.rows.slice(first).flatMap((row, index) => unitOf(row, index + first, { ...columns, style: rows.delimiter + (rows.backslash ? '\\' : '') })), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'csv', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, escapeCell);
  },
};

interface Cell extends TextRange {
  readonly text: string;
  /** As it stands in the file, quotes included. */
  readonly raw: string;
  readonly quoted: boolean;
}

interface Columns {
  readonly key: number;
  readonly source: number;
  readonly target: number;
  readonly note: number;
}

/** As the person says, and for the rest as the header does. @throws AppError `document.syntax` for a column that is not there */
function chosenColumns(text: string, header: readonly Cell[], options: ParseOptions): Columns | undefined {
  const { columns: chosen = {}, path } = options;
  const names = header.map((cell) => cell.text);
  const indexOf = (column: ColumnName | undefined): number | undefined => {
    const index = column === undefined ? undefined : columnIndex(column, names);
    if (column !== undefined && index === undefined) throw syntaxError(text, 0, path, `the table has no column "${column}"`);
    return index;
  };
  const said = { source: indexOf(chosen.source), target: indexOf(chosen.target), key: indexOf(chosen.key), note: indexOf(chosen.comment) };
  const told = chosen.header === false ? undefined : chooseColumns(header, options);
  const source = said.source ?? told?.source;
  const target = said.target ?? told?.target ?? (options.targetLanguage === undefined ? -1 : undefined);
  if (source === undefined || target === undefined || source === target) return undefined;
  return { source, target, key: said.key ?? told?.key ?? -1, note: said.note ?? told?.note ?? -1 };
}

function chooseColumns(header: readonly Cell[], { sourceLanguage, targetLanguage }: ParseOptions): Columns | undefined {
  const names = header.map(({ text }) => text.trim().toLowerCase());
  const named = (...wanted: readonly string[]): number => names.findIndex((name) => wanted.includes(name));
  const inLanguage = (tag: string): number => names.findIndex((name) => findLanguage(name) !== undefined && sameLanguage(name, tag));
  const byName = named('source', 'source text', 'original', 'src');
  const source = byName >= 0 ? byName : inLanguage(sourceLanguage);
  const found = named('target', 'target text', 'translation', 'trg', 'tgt');
  const target = found >= 0 ? found : targetLanguage === undefined ? names.findIndex((name, index) => index !== source && findLanguage(name) !== undefined) : inLanguage(targetLanguage);
  const from = source >= 0 ? source : targetLanguage === undefined ? firstLanguage(names) : -1;
  if (from < 0 || (target < 0 && targetLanguage !== undefined)) return undefined;
  return { key: named('key', 'id', 'name', 'identifier'), source: from, target: target === from ? -1 : target, note: named('comment', 'note', 'description', 'context') };
}

function firstLanguage(names: readonly string[]): number {
  const found = names.findIndex((name) => findLanguage(name) !== undefined);
  return found >= 0 ? found : names.length - 1;
}

function unitOf(row: readonly Cell[], index: number, columns: Columns & { readonly style: string }): readonly Unit[] {
  const source = row[columns.source];
  if (source === undefined) return [];
  const slot = columns.target < 0 ? source : (row[columns.target] ?? behindLast(row, source));
  // a row may end before the column of its translation
  const lacking = Math.max(0, columns.target + 1 - row.length);
  const key = row[columns.key]?.text ?? '';
  const note = row[columns.note]?.text ?? '';
  const first = row[0] ?? slot;
  return [{
    range: { start: slot.start, end: slot.end }, key: `${index + 1}${key === '' ? '' : `/${key}`}`, text: source.text,
    style: (slot.quoted ? 'quoted' : 'bare') + columns.style, entry: { start: first.start, end: (row.at(-1) ?? slot).end },
    ...(note === '' ? {} : { note }),
    ...(lacking === 0 ? {} : { before: columns.style.charAt(0).repeat(lacking) }),
    ...(columns.target < 0 || lacking > 0 ? {} : { existing: slot.text, existingRaw: slot.raw }),
  }];
}

function behindLast(row: readonly Cell[], source: Cell): Cell {
  const { end } = row.at(-1) ?? source;
  return { start: end, end, text: '', raw: '', quoted: false };
}

/** The delimiter that the first line has most of. */
function delimiterOf(text: string): string {
  const line = /^[^\r\n]*/u.exec(text)?.[0] ?? '';
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

interface Rows {
  readonly rows: readonly (readonly Cell[])[];
  readonly delimiter: string;
  /** True where quotes inside of quotes are escaped by a backslash, as some tools do. */
  readonly backslash: boolean;
}

/** RFC 4180, which doubles a quote inside of quotes; only a file that does not hold to it is read with backslashes. */
export function readEither(text: string, path: string): Rows {
  try {
    return readRows(text, path, false);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !text.includes('\\"')) throw thrown;
    return readRows(text, path, true);
  }
}

function readRows(text: string, path: string, backslash: boolean): Rows {
  const delimiter = delimiterOf(text);
  const bare = new RegExp(`[^${delimiter}\\r\\n]*`, 'uy');
  const rows: Cell[][] = [[]];
  for (let at = 0; at <= text.length;) {
    const isQuoted = text[at] === '"';
    const pattern = !isQuoted ? bare : backslash ? /"(?:[^"\\]|\\[^])*"/uy : /"(?:[^"]|"")*"/uy;
    pattern.lastIndex = at;
    const raw = pattern.exec(text)?.[0];
    if (raw === undefined) throw syntaxError(text, at, path, 'a quote is not closed');
    const end = at + raw.length;
    rows.at(-1)?.push({ start: at, end, text: isQuoted ? unquote(raw.slice(1, -1), backslash) : raw, raw, quoted: isQuoted });
    const next = text[end];
    if (next !== undefined && next !== delimiter && next !== '\r' && next !== '\n') throw syntaxError(text, end, path, 'text follows a closing quote');
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    if (next !== delimiter && next !== undefined) rows.push([]);
  }
  return { rows: rows.filter((row) => row.some((cell) => cell.text !== '')), delimiter, backslash };
}

function unquote(raw: string, backslash: boolean): string {
  return backslash ? raw.replace(/\\(["\\])/gu, '$1') : raw.replaceAll('""', '"');
}

function escapeCell(text: string, { unit }: SegmentText): string {
  const style = unit?.style ?? 'quoted,';
  const [, quoting, delimiter = ',', backslash] = /^(bare|quoted)(.)(\\?)$/su.exec(style) ?? [];
  if (quoting === 'bare' && !text.includes(delimiter) && !/["\r\n]/u.test(text)) return text;
  return `"${backslash === '\\' ? text.replace(/["\\]/gu, '\\$&') : text.replaceAll('"', '""')}"`;
}
