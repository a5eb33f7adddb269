/** Placeholders and tags inside a string resource: what a translation must keep. Pure. */
import type { ProtectedSpan } from './segment.ts';

const tag = /<\/?[A-Za-z][A-Za-z0-9:_-]*(?:\s+[^<>\s=/]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?)*\s*\/?>/u.source;
const opaque = /<(ph|bpt|ept|it)\b[^<>]*>[^<]*<\/\1>/u.source;
const doubleBraces = /\{\{[^{}]*\}\}/u.source;
const shell = /\$\{[^{}]*\}|\$[A-Za-z_]+\$|%\{[^{}]*\}|#\{[^{}]*\}/u.source;
const python = /%\([A-Za-z_][\w.]*\)[#0 +-]*\d*(?:\.\d+)?[sdifgeExXrc]/u.source;
const printf = /%(?:\d+\$)?[#0+,'-]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|q|L|z|t|j)?[@sdiufFeEgGxXopcCSaAn](?![A-Za-z])|%arg(?![A-Za-z])|%%|%#@[^@]*@/u.source;
const braces = /\{[A-Za-z0-9_.$-]*(?:\s*,\s*(?:number|date|time|spellout|ordinal|duration)(?:\s*,[^{}]*)?)?\}|\{\d+[^{}]{0,24}\}/u.source;
/** Of SubRip and SSA: `{\\an8}`. */
const override = /\{\\[^{}]*\}/u.source;
const reference = /\$t\([^()]*\)|@:[\w.]+/u.source;
const entity = /&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);/u.source;
const newline = /[ \t]*(?:\r\n|\n|\r)[ \t\r\n]*/u.source;

const any = new RegExp([opaque, tag, doubleBraces, shell, python, printf, braces, override, reference, entity, newline].map((part) => `(?:${part})`).join('|'), 'uy');

/** Every one of them begins with such a character, but for blanks in front of a line break. Most texts have none. */
const hints = new Uint8Array(128);
for (const character of '<{%$#&@\r\n') hints[character.charCodeAt(0)] = 1;

function nextHint(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (hints[text.charCodeAt(at)] === 1) return at;
  return -1;
}

/**
 * True where a stretch of a file has a letter in front of anything that may be markup or a placeholder: it is then outside of
 * all spans, whatever they are. False where only reading it tells.
 */
export function startsWithLetter(file: string, { from, to }: { readonly from: number; readonly to: number }): boolean {
  for (let at = from; at < to; at++) {
    const code = file.charCodeAt(at);
    if (hints[code] === 1) return false;
    const lower = code | 0x20;
    if (lower >= 0x61 && lower <= 0x7a ? code < 0x80 : code >= 0x80 && /\p{L}/u.test(file.charAt(at))) return true;
  }
  return false;
}

/**
 * The spans of a string: those that the format itself knows (`given`, in order) and what the patterns find between them.
 * Opening and closing tags that match are pairs. Linear.
 */
export function inlineSpans(source: string, given: readonly ProtectedSpan[]): readonly ProtectedSpan[] {
  const found: ProtectedSpan[] = [];
  let at = 0;
  for (const { range } of given) {
    collect(source, at, range.start, found);
    at = range.end;
  }
  collect(source, at, source.length, found);
  if (found.length === 0) return withSides(source, given);
  return withSides(source, given.length === 0 ? found : [...given, ...found].sort((a, b) => a.range.start - b.range.start));
}

function collect(source: string, from: number, to: number, into: ProtectedSpan[]): void {
  let at = nextHint(source, from);
  if (at < 0 || at >= to) return;
  const piece = to === source.length ? source : source.slice(0, to);
  let last = from;
  for (; at >= 0; at = nextHint(piece, at)) {
    let start = at;
    if (piece[at] === '\n' || piece[at] === '\r') while (start > last && isBlank(piece.charCodeAt(start - 1))) start--;
    any.lastIndex = start;
    const text = any.test(piece) ? piece.slice(start, any.lastIndex) : '';
    if (text === '') {
      at++;
      continue;
    }
    into.push({ range: { start, end: start + text.length }, kind: kindOf(text) });
    at = last = start + text.length;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function kindOf(text: string): ProtectedSpan['kind'] {
  if (text.startsWith('<')) return 'html';
  return text.startsWith('&') || text.trim() === '' ? 'escape' : 'placeholder';
}

/** Tags with a partner get their side; void and lone tags stay without one. */
function withSides(source: string, spans: readonly ProtectedSpan[]): readonly ProtectedSpan[] {
  const sides = new Map<ProtectedSpan, 'open' | 'close'>();
  const open: { readonly name: string; readonly span: ProtectedSpan }[] = [];
  for (const span of spans) {
    if (span.kind !== 'html' || span.side !== undefined) continue;
    const text = source.slice(span.range.start, span.range.end);
    const match = /^<(\/?)([^\s/>]+)/u.exec(text);
    const name = match?.[2] ?? '';
    const isWhole = match?.[1] === '' && text.endsWith(`</${name}>`);
    if (match === null || text.endsWith('/>') || isWhole) continue;
    if (match[1] === '') open.push({ name, span });
    else {
      const at = open.findLastIndex((candidate) => candidate.name === name);
      const [opener] = at < 0 ? [] : open.splice(at);
      if (opener !== undefined) sides.set(opener.span, 'open').set(span, 'close');
    }
  }
  return sides.size === 0 ? spans : spans.map((span) => {
    const side = sides.get(span);
    return side === undefined ? span : { ...span, side };
  });
}
