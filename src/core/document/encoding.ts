/** Bytes of a file to text and back, without a loss that nobody asked for. Pure. */
import { AppError } from '../errors.ts';
import { placeOf, type Place } from './place.ts';

/** Largest file that is opened: what VS Code still keeps in one text model (decisions.md 7). */
export const maxDocumentBytes = 50 * 1024 * 1024;

export interface TextEncodingInfo {
  readonly label: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly bom: boolean;
}

export interface DecodedText {
  /** Without its BOM. */
  readonly text: string;
  readonly encoding: TextEncodingInfo;
}

export type NewlineKind = 'lf' | 'crlf' | 'mixed' | 'none';

/** Whether VS Code's text model keeps every byte of a file, and if not, why. */
export type WorkspaceEditSafety =
  | { readonly safe: true }
  | { readonly safe: false; readonly reason: 'tooLarge' | 'encoding' | 'nul' | 'bareCr' | 'mixedNewlines' };

const bomBytes: Readonly<Record<TextEncodingInfo['label'], readonly number[]>> = {
  'utf-8': [0xef, 0xbb, 0xbf],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
};

/**
 * UTF-8, or UTF-16 where a BOM says so. `encodeText` of the result gives the same bytes again. Linear.
 * @throws AppError `document.tooLarge`, `document.binary` (a NUL), `document.encoding` (invalid bytes), with the byte offset.
 */
export function decodeBytes(bytes: Uint8Array, path: string): DecodedText {
  if (bytes.length > maxDocumentBytes) throw new AppError('document.tooLarge', { path, bytes: bytes.length, limit: maxDocumentBytes });
  const encoding = detectEncoding(bytes);
  const start = encoding.bom ? bomBytes[encoding.label].length : 0;
  const nul = encoding.label === 'utf-8' ? bytes.indexOf(0) : undefined;
  if (nul !== undefined && nul >= 0) throw new AppError('document.binary', { path, offset: nul });
  const text = strictDecode(bytes.subarray(start), encoding.label);
  if (text === undefined) {
    const offset = encoding.label === 'utf-8' ? invalidUtf8(bytes, start) : invalidUtf16(bytes, start, encoding.label);
    throw new AppError('document.encoding', { path, offset, ...placeBefore(bytes.subarray(start, offset), encoding.label) });
  }
  const nulUnit = text.indexOf('\0');
  if (nulUnit >= 0) throw new AppError('document.binary', { path, offset: start + 2 * nulUnit });
  return { text, encoding };
}

/** The beginning of a file as text, to look for what its header says; bytes that are none, or are cut, become U+FFFD. */
export function decodeHead(bytes: Uint8Array): string {
  return new TextDecoder(detectEncoding(bytes).label).decode(bytes);
}

/**
 * The bytes of a text in an encoding. Linear.
 * @throws AppError `input.invalid` for an unpaired surrogate, which no encoding can hold.
 */
export function encodeText(text: string, encoding: TextEncodingInfo): Uint8Array {
  const lone = /\p{Surrogate}/u.exec(text);
  if (lone !== null) throw new AppError('input.invalid', { where: `character ${lone.index}`, reason: 'unpaired surrogate' });
  const bom = encoding.bom ? bomBytes[encoding.label] : [];
  const body = encoding.label === 'utf-8' ? new TextEncoder().encode(text) : encodeUtf16(text, encoding.label === 'utf-16le');
  if (bom.length === 0) return body;
  const bytes = new Uint8Array(bom.length + body.length);
  bytes.set(bom);
  bytes.set(body, bom.length);
  return bytes;
}

/** The line ends in use. A CR without LF counts as a kind of its own, so its presence makes a text `mixed`. */
export function newlineKind(text: string): NewlineKind {
  const { lf, crlf, cr } = countNewlines(text);
  if (lf + crlf + cr === 0) return 'none';
  if (crlf + cr === 0) return 'lf';
  return lf + cr === 0 ? 'crlf' : 'mixed';
}

/**
 * The conditions of decisions.md 7: decoding and encoding is the identity, one kind of newline, no bare CR, no NUL, at most
 * 50 MB. `decoded` is what `decodeBytes` made of `bytes`. Linear.
 */
export function workspaceEditSafety(bytes: Uint8Array, decoded: DecodedText): WorkspaceEditSafety {
  if (bytes.length > maxDocumentBytes) return { safe: false, reason: 'tooLarge' };
  if (decoded.text.includes('\0')) return { safe: false, reason: 'nul' };
  const { lf, crlf, cr } = countNewlines(decoded.text);
  if (cr > 0) return { safe: false, reason: 'bareCr' };
  if (lf > 0 && crlf > 0) return { safe: false, reason: 'mixedNewlines' };
  const again = encodeText(decoded.text, decoded.encoding);
  const identical = again.length === bytes.length && again.every((byte, index) => byte === bytes[index]);
  return identical ? { safe: true } : { safe: false, reason: 'encoding' };
}

function countNewlines(text: string): { readonly lf: number; readonly crlf: number; readonly cr: number } {
  const counts = { lf: 0, crlf: 0, cr: 0 };
  for (const [newline] of text.matchAll(/\r\n|\n|\r/g)) {
    counts[newline === '\n' ? 'lf' : newline === '\r' ? 'cr' : 'crlf']++;
  }
  return counts;
}

function detectEncoding(bytes: Uint8Array): TextEncodingInfo {
  for (const label of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    if (bomBytes[label].every((byte, index) => bytes[index] === byte)) return { label, bom: true };
  }
  return { label: 'utf-8', bom: false };
}

function strictDecode(bytes: Uint8Array, label: TextEncodingInfo['label']): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The place behind bytes that are valid: lines and columns as an editor counts them. */
function placeBefore(valid: Uint8Array, label: TextEncodingInfo['label']): Place {
  const text = new TextDecoder(label).decode(valid);
  return placeOf(text, text.length);
}

function encodeUtf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

/** Offset of the first byte that starts no well-formed sequence (Unicode 16, table 3-7). */
function invalidUtf8(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

/** Length of the well-formed sequence at an offset, 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Offset of the first unpaired surrogate, or of an odd last byte. */
function invalidUtf16(bytes: Uint8Array, from: number, label: TextEncodingInfo['label']): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = label === 'utf-16le';
  for (let at = from; at + 1 < bytes.length; at += 2) {
    const unit = view.getUint16(at, little);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = at + 3 < bytes.length ? view.getUint16(at + 2, little) : 0;
    if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) return at;
    at += 2;
  }
  return bytes.length - 1;
}
