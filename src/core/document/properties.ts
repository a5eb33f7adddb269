/** Java .properties: escapes, continuation lines, ISO 8859-1 files that spell other characters `\uXXXX`. Pure. */
import { AppError } from '../errors.ts';
import { withQuoting } from './apostrophes.ts';
import { icuUnits, messageLanguage, quoteIcu } from './icuUnits.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';

export const properties: Codec = {
  id: 'properties',
  extensions: ['.properties'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const units = withQuoting(readProperties(text, options), true);
    const segments = unitSegments(units.flatMap((unit) => icuUnits(unit, { text, escape: (piece) => escapePiece(piece, unit.style), language: messageLanguage(options), targetLanguage: options.targetLanguage }) ?? [unit]), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'properties', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    const style = segment.unit?.style;
    return encodeUnit(translation, segment, (text) => (segment.unit?.branch === undefined ? escapeProperties(text, style) : escapePiece(quoteIcu(text, style), style)));
  },
};

/** A logical line: natural lines joined by a backslash at their ends. */
const logical = /(?:[^\\\r\n]|\\(?:\r\n|[^]))*/uy;
const keyPart = /^(?:[^\\=: \t\f\r\n]|\\(?:\r\n[ \t\f]*|[\r\n][ \t\f]*|[^]))*/u;

function readProperties(text: string, { path }: ParseOptions): readonly Unit[] {
  const units: Unit[] = [];
  /** Java takes the last of two equal keys and says nothing. */
  const keys = new Map<string, number>();
  const style = /\\u[0-9A-Fa-f]{4}/u.test(text) && !/[\u0080-\uffff]/u.test(text) ? 'ascii' : 'unicode';
  let note: string[] = [];
  for (let at = 0; at < text.length;) {
    const skipped = /[ \t\f]*/uy;
    skipped.lastIndex = at;
    const start = at + (skipped.exec(text)?.[0].length ?? 0);
    const isComment = text[start] === '#' || text[start] === '!';
    logical.lastIndex = start;
    const line = isComment ? (/[^\r\n]*/u.exec(text.slice(start))?.[0] ?? '') : (logical.exec(text)?.[0] ?? '');
    const end = start + line.length;
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    if (isComment) note.push(line.slice(1).trim());
    if (line === '' || isComment) {
      if (!isComment) note = [];
      continue;
    }
    const bad = /\\u(?![0-9A-Fa-f]{4})/u.exec(line);
    if (bad !== null && !/\\\\u/u.test(line)) throw syntaxError(text, start + bad.index, path, '\\u is not followed by four hexadecimal digits');
    const unit = unitOf(line, start, style);
    const count = (keys.get(unit.key) ?? 0) + 1;
    keys.set(unit.key, count);
    units.push({ ...unit, ...(count === 1 ? {} : { key: `${unit.key}#${count}` }), ...(note.length === 0 ? {} : { note: note.join('\n') }) });
    note = [];
  }
  return units;
}

function unitOf(line: string, start: number, style: string): Unit {
  const key = keyPart.exec(line)?.[0] ?? '';
  const separator = /^[ \t\f]*[=:]?[ \t\f]*/u.exec(line.slice(key.length))?.[0] ?? '';
  const from = key.length + separator.length;
  return {
    range: { start: start + from, end: start + line.length },
    key: unescape(key), text: unescape(line.slice(from)), style, entry: { start, end: start + line.length },
    ...(separator === '' ? { wrap: { before: '=', after: '', gap: '' } } : {}),
  };
}

const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

function unescape(raw: string): string {
  return raw.replace(/\\(?:(?:\r\n|[\r\n])[ \t\f]*|u([0-9A-Fa-f]{4})|([^]))/gu, (_, unicode?: string, other?: string) => (
    unicode !== undefined ? String.fromCharCode(Number.parseInt(unicode, 16)) : other === undefined ? '' : (named[other] ?? other)
  ));
}

/** A value must not begin with white space. */
function escapeProperties(text: string, style: string | undefined): string {
  return escapePiece(text, style).replace(/^ /u, '\\ ');
}

function escapePiece(text: string, style: string | undefined): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll('\f', '\\f');
  if (style?.startsWith('ascii') !== true) return escaped;
  return escaped.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}
