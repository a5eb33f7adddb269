/** SubRip and WebVTT: cue texts; times, settings, notes and styles stay. Pure. */
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText, TextRange } from './segment.ts';
import { encodeUnit, unitSegments, type Unit, type UnitCode } from './units.ts';

export const srt: Codec = {
  id: 'srt',
  extensions: ['.srt'],
  parse: (text, options) => parseCues(text, options, { id: 'srt', timing: /^\d{1,2}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,2}:\d\d:\d\d[,.]\d{1,3}(?:[ \t].*)?$/u, header: undefined }),
  encode: encodeSrt,
};

export const vtt: Codec = {
  id: 'vtt',
  extensions: ['.vtt'],
  parse: (text, options) => parseCues(text, options, { id: 'vtt', timing: /^(?:\d{2,}:)?\d\d:\d\d\.\d{3}[ \t]+-->[ \t]+(?:\d{2,}:)?\d\d:\d\d\.\d{3}(?:[ \t].*)?$/u, header: /^WEBVTT(?:[ \t]|$)/u }),
  encode: encodeVtt,
};

interface Format {
  readonly id: 'srt' | 'vtt';
  readonly timing: RegExp;
  readonly header: RegExp | undefined;
}

interface Line extends TextRange {
  readonly text: string;
}

function parseCues(text: string, options: ParseOptions, format: Format): ParsedDocument {
  const blocks = blocksOf(text);
  const [first] = blocks[0] ?? [];
  if (format.header !== undefined && !format.header.test(first?.text ?? '')) throw syntaxError(text, 0, options.path, 'a WebVTT file begins with WEBVTT');
  const style = /\r\n?/u.exec(text)?.[0] ?? '\n';
  const units = blocks.slice(format.header === undefined ? 0 : 1).flatMap((lines, index) => cueOf(lines, index, { text, options, format, style }));
  const segments = unitSegments(units, options);
  if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
  return { codec: format.id, text, segments };
}

/** Lines between blank ones. */
function blocksOf(text: string): readonly (readonly Line[])[] {
  const blocks: Line[][] = [[]];
  let start = 0;
  const add = (end: number): void => {
    const line = { start, end, text: text.slice(start, end) };
    if (line.text.trim() !== '') blocks.at(-1)?.push(line);
    else if (blocks.at(-1)?.length !== 0) blocks.push([]);
  };
  for (const newline of text.matchAll(/\r\n|\n|\r/gu)) {
    add(newline.index);
    start = newline.index + newline[0].length;
  }
  add(text.length);
  return blocks.filter((block) => block.length > 0);
}

interface CueContext {
  readonly text: string;
  readonly options: ParseOptions;
  readonly format: Format;
  /** What ends the file's lines. */
  readonly style: string;
}

/** A blank line inside a SubRip cue divides it; what follows without a time is text of the cue before and is left alone. */
function cueOf(lines: readonly Line[], index: number, { text, options, format, style }: CueContext): readonly Unit[] {
  const [first] = lines;
  if (first === undefined || (format.id === 'vtt' && /^(?:NOTE|STYLE|REGION)(?:[ \t]|$)/u.test(first.text))) return [];
  const at = lines.findIndex((line) => line.text.includes('-->'));
  const time = lines[at];
  if (time === undefined && index > 0) return [];
  if (time === undefined || at > 1 || !format.timing.test(time.text.trim())) throw syntaxError(text, (time ?? first).start, options.path, 'a cue needs a time such as 00:00:01,000 --> 00:00:02,000'.replaceAll(',', format.id === 'vtt' ? '.' : ','));
  const last = lines.at(-1);
  const content = lines[at + 1];
  const key = `${index}/${time.text.trim()}`;
  if (content === undefined || last === undefined) return [{ range: { start: time.end, end: time.end }, key, text: '', kind: 'caption', style, wrap: { before: style, after: '', gap: '' } }];
  const range = { start: content.start, end: last.end };
  const raw = text.slice(range.start, range.end).replace(/\r\n?/gu, '\n');
  return [{ range, key, ...(format.id === 'vtt' ? vttContent(raw) : { text: raw }), kind: 'caption', style }];
}

const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' };

/** WebVTT, 6.4: cue text is plain text, character references, and tags with classes, voices, languages and times. */
function vttContent(raw: string): Pick<Unit, 'text' | 'codes'> {
  const codes: UnitCode[] = [];
  let text = '';
  for (const [piece] of raw.matchAll(/<[^<>]*>|[^<]+|</gu)) {
    if (piece.length > 1 && piece.startsWith('<')) codes.push({ range: { start: text.length, end: text.length + piece.length }, raw: piece });
    text += piece.startsWith('<') ? piece : piece.replace(/&(\w+);/gu, (whole, name: string) => references[name] ?? whole);
  }
  return { text, codes };
}

/** A blank line would end the cue. */
function encodeSrt(translation: string, segment: SegmentText): string {
  return encodeUnit(translation, segment, (text) => onLines(text, segment));
}

/** Nor may `-->` stand in it. */
function encodeVtt(translation: string, segment: SegmentText): string {
  return encodeUnit(translation, segment, (text) => onLines(text, segment).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('-->', '--&gt;'));
}

function onLines(text: string, { unit }: SegmentText): string {
  return text.replace(/(?:[ \t]*(?:\r\n|\n|\r))+/gu, unit?.style ?? '\n');
}
