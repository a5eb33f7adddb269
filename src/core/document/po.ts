/** gettext PO and POT: bilingual, edited in place. Comments, order, wrapping and obsolete entries keep every byte. Pure. */
import { AppError } from '../errors.ts';
import { pluralCategories } from '../text/plurals.ts';
import { placeOf, syntaxError } from './place.ts';
import { readPo, type PoEntry } from './poEntries.ts';
import type { Codec, ParsedDocument, ParseOptions, Segment } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const po: Codec = {
  id: 'po',
  extensions: ['.po', '.pot'],
  bilingual: true,
  parse(text: string, options: ParseOptions): ParsedDocument {
    const entries = readPo(text, options.path);
    const header = entries.find(({ context, id }) => context === undefined && id.text === '');
    checkCharset(text, header, options);
    const language = /^Language:[ \t]*([A-Za-z_@-]+)/mu.exec(header?.strings[0]?.text ?? '')?.[1]?.replace(/@.*/u, '') ?? options.targetLanguage ?? '';
    const units = entries.filter((entry) => entry !== header && entry.id.text !== '').flatMap((entry) => unitsOf(text, entry, language));
    checkKeys(text, units, options);
    const segments = unitSegments(units);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'po', text, segments };
  },
  encode(translation: string, segment: Segment): string {
    return encodeUnit(translation, segment, escapePo);
  },
};

/** One unit a form. An empty file of forms has those that its language needs, by CLDR category. */
function unitsOf(text: string, entry: PoEntry, language: string): readonly Unit[] {
  const { context, id, plural, strings, fuzzy } = entry;
  const key = `${context === undefined ? '' : `${context.text}\u0004`}${id.text}`;
  const categories = pluralCategories(language);
  return strings.map((string, index): Unit => {
    const source = plural !== undefined && (index > 0 || strings.length === 1) ? plural : id;
    const existing = string.text.trim() === '' ? {} : { existing: string.text, existingRaw: text.slice(string.start, string.end) };
    const category = categories.length === strings.length ? categories[index] : undefined;
    return {
      range: { start: index === 0 ? entry.start : string.start, end: string.end },
      before: index === 0 ? headOf(text, entry, string.start) : '',
      key: strings.length > 1 ? `${key}\u0004${index}` : key,
      text: source.text,
      kind: 'string',
      state: fuzzy !== undefined ? 'needsReview' : string.text === '' ? 'new' : 'translated',
      entry: { start: entry.start, end: entry.end },
      ...existing,
      ...(entry.notes.length === 0 ? {} : { note: entry.notes.join('\n') }),
      ...(plural === undefined || category === undefined ? {} : { plural: category }),
    };
  });
}

/** The entry up to its first translation, without the fuzzy flag: accepting a text makes it a good one. */
function headOf(text: string, { start, fuzzy }: PoEntry, end: number): string {
  if (fuzzy === undefined) return text.slice(start, end);
  return text.slice(start, fuzzy.line.start) + fuzzy.without + text.slice(fuzzy.line.end, end);
}

function checkKeys(text: string, units: readonly Unit[], { path }: ParseOptions): void {
  const seen = new Map<string, Unit>();
  for (const unit of units) {
    const first = seen.get(unit.key);
    if (first !== undefined) {
      const { line } = placeOf(text, first.entry?.start ?? 0);
      throw syntaxError(text, unit.entry?.start ?? 0, path, `the message "${unit.key.replaceAll('\u0004', ' / ')}" is there twice (first in line ${line})`);
    }
    seen.set(unit.key, unit);
  }
}

function checkCharset(text: string, header: PoEntry | undefined, { path }: ParseOptions): void {
  const charset = /charset=([^\s;\\]+)/u.exec(header?.strings[0]?.text ?? '')?.[1];
  if (charset === undefined || /^(?:utf-?8|us-ascii|ascii|charset)$/iu.test(charset)) return;
  const at = /[\u0080-\uffff]/u.exec(text)?.index;
  if (at !== undefined) throw syntaxError(text, text.indexOf(charset), path, `the header says that the file is ${charset}, but it is UTF-8`);
}

/** One line, or, where the text has line breaks, `""` and a line each, as msgcat writes it. */
function escapePo(text: string): string {
  const lines = text.split(/(?<=\n)(?=.)/su).map((line) => `"${quote(line)}"`);
  return lines.length > 1 ? ['""', ...lines].join('\n') : (lines[0] ?? '""');
}

const named: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

function quote(text: string): string {
  return text.replace(/[\\"\n\t\r]/gu, (character) => named[character] ?? character);
}

