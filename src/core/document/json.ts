/** JSON resources: nested or flat keys, i18next, ICU messages, ARB. Comments and trailing commas are allowed. Pure. */
import { printParseErrorCode, visit, type JSONPath } from 'jsonc-parser';
import { AppError } from '../errors.ts';
import { isPluralCategory } from '../text/plurals.ts';
import { withQuoting } from './apostrophes.ts';
import { icuUnits, messageLanguage, quoteIcu } from './icuUnits.ts';
import { syntaxError } from './place.ts';
import { fitPlurals } from './pluralEntries.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText, Wrap } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const json: Codec = {
  id: 'json',
  extensions: ['.json', '.jsonc', '.arb'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const segments = unitSegments(readJson(text, options), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'json', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, (text) => escapeJson(quoteIcu(text, segment.unit?.style)));
  },
  /** An ARB file names its own language. */
  retarget(text: string, targetLanguage: string): string {
    return text.replace(/("@@locale"\s*:\s*")[^"\\]*(")/u, (_, before: string, after: string) => before + targetLanguage.replaceAll('-', '_') + after);
  },
};

export function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A string value with its place. */
export interface JsonString {
  readonly path: JSONPath;
  readonly value: string;
  /** Inside the quotes. */
  readonly start: number;
  readonly end: number;
  /** Where its property (or its element) begins and ends. */
  readonly entry: number;
  readonly entryEnd: number;
  /** Of a `null` in a file of translations, which stands for no string. */
  readonly wrap?: Wrap;
}

/** The parser goes down by calling itself: beyond this no file is meant for people. */
const maxDepth = 500;

/**
 * All string values in order, with those of a file of translations that are `null`.
 * @throws AppError `document.syntax` for what is not JSON and for a key that an object has twice.
 */
export function jsonStrings(text: string, { path, isTranslation = false }: ParseOptions): readonly JsonString[] {
  const strings: JsonString[] = [];
  const keys: Set<string>[] = [];
  let property = -1;
  let depth = 0;
  const begin = (offset: number): void => {
    if (++depth > maxDepth) throw syntaxError(text, offset, path, `values are nested more than ${maxDepth} deep`);
  };
  visit(text, {
    onError: (code, offset) => { throw syntaxError(text, offset, path, readable(printParseErrorCode(code))); },
    onObjectBegin: (offset) => {
      begin(offset);
      keys.push(new Set());
    },
    onObjectEnd: () => {
      depth--;
      keys.pop();
    },
    onArrayBegin: begin,
    onArrayEnd: () => { depth--; },
    onObjectProperty: (name, offset) => {
      property = offset;
      if (keys.at(-1)?.has(name) === true) throw syntaxError(text, offset, path, `the key "${name}" is there twice`);
      keys.at(-1)?.add(name);
    },
    onLiteralValue: (value: unknown, offset, length, ...[, , pathOf]) => {
      const entry = property >= 0 ? property : offset;
      property = -1;
      if (typeof value === 'string') strings.push({ path: pathOf(), value, start: offset + 1, end: offset + length - 1, entry, entryEnd: offset + length });
      else if (value === null && isTranslation) strings.push({ path: pathOf(), value: '', start: offset, end: offset + length, entry, entryEnd: offset + length, wrap: { before: '"', after: '"', gap: '' } });
    },
  }, { allowTrailingComma: true });
  return strings;
}

function readable(code: string): string {
  return code.replace(/([a-z])([A-Z])/gu, '$1 $2').toLowerCase();
}

/** Keys that begin with @ are an ARB file's data about the messages. */
function readJson(text: string, options: ParseOptions): readonly Unit[] {
  const strings = jsonStrings(text, options);
  const isArb = options.path.toLowerCase().endsWith('.arb');
  const notes = new Map(strings.filter(({ path }) => isArb && path.length === 2 && path[1] === 'description').map(({ path, value }) => [String(path[0]), value]));
  const units = strings.filter(({ path }) => !isArb || !String(path[0]).startsWith('@')).map(({ path, value, start, end, entry, entryEnd, wrap }): Unit => {
    const key = path.map((part) => String(part).replace(/[\\.]/gu, '\\$&')).join('.');
    const note = notes.get(`@${key}`);
    const category = /_([a-z]+)$/u.exec(key)?.[1] ?? '';
    return {
      range: { start, end }, key, parent: JSON.stringify(path.slice(0, -1)), text: value, entry: { start: entry, end: entryEnd }, wrap,
      ...(note === undefined ? {} : { note }),
      ...(isPluralCategory(category) ? { plural: category } : {}),
    };
  });
  const context = { text, escape: escapeJson, language: messageLanguage(options), targetLanguage: options.targetLanguage };
  return fitPlurals(withQuoting(units, !isArb), { text, targetLanguage: options.targetLanguage, comma: ',', freeZero: true }).flatMap((unit) => icuUnits(unit, context) ?? [unit]);
}
