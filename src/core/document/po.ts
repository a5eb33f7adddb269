/** gettext PO and POT: bilingual, edited in place. Comments, order, wrapping and obsolete entries keep every byte. Pure. */
import { AppError } from '../errors.ts';
import { findLanguage, sameLanguage } from '../text/languages.ts';
import { integerCategories } from '../text/plurals.ts';
import { placeOf, syntaxError } from './place.ts';
import { filledTemplate, headerOf } from './poHeader.ts';
import { readPo, type PoEntry } from './poEntries.ts';
import type { Codec, Frame, ParsedDocument, ParseOptions, SegmentText, Standing } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const po: Codec = {
  id: 'po',
  extensions: ['.po', '.pot'],
  bilingual: true,
  parse(text: string, options: ParseOptions): ParsedDocument {
    const entries = readPo(text, options.path);
    const header = entries.find(({ context, id }) => context === undefined && id.text === '');
    checkCharset(text, header, options);
    const named = /^Language:[ \t]*([A-Za-z0-9_@-]+)/mu.exec(header?.strings[0]?.text ?? '')?.[1]?.replace(/@.*/u, '');
    if (named !== undefined) checkLanguage(text, header, named, options);
    const language = named ?? options.targetLanguage ?? '';
    const forms = formsOf(header, language);
    const tooMany = entries.find(({ strings }) => forms.declared !== undefined && strings.length > Math.max(1, forms.declared));
    if (tooMany !== undefined) throw syntaxError(text, tooMany.start, options.path, `a message has ${tooMany.strings.length} plural forms, but the header says nplurals=${forms.declared ?? 0}`);
    const units = entries.filter((entry) => entry !== header && entry.id.text !== '').flatMap((entry) => unitsOf(text, entry, forms));
    checkKeys(text, units, options);
    const segments = unitSegments(units, options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'po', text, segments };
  },
  encode(translation: string, segment: SegmentText, standing: Standing = 'accepted'): string {
    const { unit } = segment;
    return encodeUnit(translation, standing === 'accepted' || unit === undefined || unit.frame !== undefined ? segment : { ...segment, unit: { ...unit, before: fuzzyHead(unit.before) } }, escapePo);
  },
  namedSource: (head) => /^"X-Source-Language:[ \t]*([A-Za-z0-9_-]+)/mu.exec(headerOf(head) ?? '')?.[1],
  /** A template becomes a file of the language. */
  retarget(text: string, targetLanguage: string, path: string): string {
    return isTemplate(path) ? filledTemplate(text, targetLanguage, path) : text;
  },
};

/** The plural forms of a file: as its header declares them, else those of the language's whole numbers. */
interface Forms {
  readonly declared: number | undefined;
  /** Absent where neither header nor language tells. */
  readonly count: number | undefined;
  readonly categories: readonly string[];
}

function formsOf(header: PoEntry | undefined, language: string): Forms {
  const declared = /nplurals[ \t]*=[ \t]*(\d+)/u.exec(header?.strings[0]?.text ?? '')?.[1];
  const categories = language === '' ? [] : integerCategories(language);
  const count = declared === undefined ? (language === '' ? undefined : categories.length) : Number(declared);
  return { declared: declared === undefined ? undefined : Number(declared), count, categories: categories.length === count ? categories : [] };
}

/**
 * One unit a form that the language has, whether the entry has it or not. Where there are several they are written together,
 * as the entry is fuzzy until each has been looked at; forms that a template has and the language does not go then.
 */
function unitsOf(text: string, entry: PoEntry, { count, categories }: Forms): readonly Unit[] {
  const { context, id, plural, strings, fuzzy } = entry;
  const note = noteOf(entry);
  const key = `${context === undefined ? '' : `${context.text}\u0004`}${id.text}`;
  const wanted = plural === undefined ? strings.length : Math.max(1, count ?? strings.length);
  const end = strings.at(-1)?.end ?? entry.end;
  const frame = wanted === 1 ? undefined : frameOf(text, entry, wanted);
  return Array.from({ length: wanted }, (_, index): Unit => {
    const string = strings[index] ?? { text: '', start: end, end };
    const source = plural !== undefined && (index > 0 || wanted === 1) ? plural : id;
    const existing = string.text.trim() === '' ? {} : { existing: string.text, existingRaw: text.slice(string.start, string.end) };
    const category = categories[index];
    return {
      ...(frame === undefined ? { range: { start: entry.start, end }, before: headOf(text, entry, string.start) } : { range: { start: string.start, end: string.end }, frame: { ...frame, place: index } }),
      key: wanted > 1 ? `${key}\u0004${index}` : key,
      text: source.text,
      kind: 'string',
      state: fuzzy !== undefined ? 'needsReview' : string.text === '' ? 'new' : 'translated',
      entry: { start: entry.start, end: entry.end },
      ...existing,
      note,
      ...(plural === undefined || category === undefined ? {} : { plural: category }),
    };
  });
}

function frameOf(text: string, entry: PoEntry, wanted: number): Omit<Frame, 'place'> {
  const { start, strings } = entry;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const end = strings.at(-1)?.end ?? entry.end;
  const done = headOf(text, entry, strings[0]?.start ?? end);
  const unfinished = fuzzyHead(done);
  const behind = Array.from({ length: wanted - 1 }, (_, index) => {
    const [here, next] = [strings[index], strings[index + 1]];
    return here === undefined || next === undefined ? `${newline}msgstr[${index + 1}] ` : text.slice(here.end, next.start);
  });
  return {
    range: { start, end },
    head: { blank: done, new: unfinished, needsReview: unfinished, done },
    behind: [...behind, ''],
    own: Array.from({ length: wanted }, (_, index) => text.slice(strings[index]?.start, strings[index]?.end ?? 0) || '""'),
    empty: '""',
  };
}

/** What a translator has to know beside the text: its context, what people noted, and what an inexact translation was made of. */
function noteOf({ context, notes, previous }: PoEntry): string | undefined {
  const lines = [...(context === undefined || context.text === '' ? [] : [`msgctxt: ${context.text}`]), ...notes, ...previous];
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** The entry up to its first translation, without the fuzzy flag: accepting a text makes it a good one. */
function headOf(text: string, { start, fuzzy }: PoEntry, end: number): string {
  if (fuzzy === undefined) return text.slice(start, end);
  return text.slice(start, fuzzy.line.start) + fuzzy.without + text.slice(fuzzy.line.end, end);
}

/** The same with the flag. */
function fuzzyHead(head: string): string {
  const flagged = head.replace(/^#,[ \t]*/mu, '#, fuzzy, ');
  return flagged === head ? head.replace(/^(?=#\||msgctxt|msgid)/mu, `#, fuzzy${head.includes('\r\n') ? '\r\n' : '\n'}`) : flagged;
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

function isTemplate(path: string): boolean {
  return path.toLowerCase().endsWith('.pot');
}

/** A template says at most what its sources are in. */
function checkLanguage(text: string, header: PoEntry | undefined, named: string, { path, targetLanguage }: ParseOptions): void {
  if (targetLanguage === undefined || isTemplate(path) || findLanguage(named) === undefined || sameLanguage(named, targetLanguage)) return;
  const at = text.indexOf('Language:', header?.strings[0]?.start);
  throw syntaxError(text, at, path, `the header says that the file is to be translated into ${named}, not ${targetLanguage}`);
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

