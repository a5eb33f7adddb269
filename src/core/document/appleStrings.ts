/** Apple .strings, in UTF-8 or UTF-16: `"key" = "value";` and comments. Pure. */
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const appleStrings: Codec = {
  id: 'strings',
  extensions: ['.strings'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const segments = unitSegments(readStrings(text, options), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'strings', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, (text) => text.replace(/[\\"]/gu, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r'));
  },
};

const blank = /\s+/uy;
/** A backslash at its end carries it on to the next line. */
const lineComment = /\/\/(?:\\(?:\r\n|[^])|[^\\\r\n])*/uy;
const blockComment = /\/\*[^]*?\*\//uy;
const quoted = /"((?:[^"\\]|\\[^])*)"/uy;
const bare = /[\w.$/:-]+/uy;
const signs = { '=': /=/uy, ';': /;/uy };

/** Reads token by token; comments and white space go by, and the last block comment is kept as a note. */
class StringsScanner {
  readonly #text: string;
  readonly #path: string;
  at = 0;
  note: string | undefined;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.at += match[0].length;
    return match;
  }

  skip(): void {
    while (this.at < this.#text.length) {
      if (this.take(blank) !== undefined || this.take(lineComment) !== undefined) continue;
      const comment = this.take(blockComment);
      if (comment === undefined) return;
      this.note = comment[0].slice(2, -2).trim();
    }
  }

  need(found: RegExpExecArray | undefined, what: string): RegExpExecArray {
    if (found === undefined) throw syntaxError(this.#text, this.at, this.#path, `${what} is expected`);
    this.skip();
    return found;
  }
}

function readStrings(text: string, { path }: ParseOptions): readonly Unit[] {
  const units: Unit[] = [];
  const keys = new Set<string>();
  const scanner = new StringsScanner(text, path);
  scanner.skip();
  while (scanner.at < text.length) {
    const start = scanner.at;
    const { note } = scanner;
    const key = scanner.need(scanner.take(quoted) ?? scanner.take(bare), 'a key');
    scanner.need(scanner.take(signs['=']), '"="');
    const value = scanner.need(scanner.take(quoted), 'a value in quotes');
    scanner.note = undefined;
    const end = scanner.need(scanner.take(signs[';']), '";"').index + 1;
    const name = unescape(key[1] ?? key[0]);
    if (keys.has(name)) throw syntaxError(text, start, path, `the key "${name}" is there twice`);
    keys.add(name);
    const raw = value[1] ?? '';
    units.push({ range: { start: value.index + 1, end: value.index + 1 + raw.length }, key: name, text: unescape(raw), entry: { start, end }, ...(note === undefined ? {} : { note }) });
  }
  return units;
}

const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescape(raw: string): string {
  return raw.replace(/\\(?:U([0-9A-Fa-f]{4})|([^]))/gu, (_, unicode?: string, other: string = '') => (
    unicode === undefined ? (named[other] ?? other) : String.fromCharCode(Number.parseInt(unicode, 16))
  ));
}
