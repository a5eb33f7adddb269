/** Placeholders and tags inside a string resource: what a translation must keep. Pure. */
import type { ProtectedSpan } from './segment.ts';

const tag = /<\/?[A-Za-z][A-Za-z0-9:_-]*(?:\s+[^<>\s=/]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?)*\s*\/?>/u.source;
const opaque = /<(ph|bpt|ept|it)\b[^<>]*>[^<]*<\/\1>/u.source;
const doubleBraces = /\{\{[^{}]*\}\}/u.source;
const shell = /\$\{[^{}]*\}|\$[A-Za-z_]+\$|%\{[^{}]*\}|#\{[^{}]*\}/u.source;
const python = /%\([A-Za-z_][\w.]*\)[#0 +-]*\d*(?:\.\d+)?[sdifgeExXrc]/u.source;
const printf = /%(?:\d+\$)?[#0+,'-]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|q|L|z|t|j)?[@sdiufFeEgGxXopcCSaAn](?![A-Za-z])|%%|%#@[^@]*@/u.source;
const braces = /\{[A-Za-z0-9_.$-]*(?:\s*,\s*(?:number|date|time|spellout|ordinal|duration)(?:\s*,[^{}]*)?)?\}|\{\d+[^{}]{0,24}\}/u.source;
const reference = /\$t\([^()]*\)|@:[\w.]+/u.source;
const entity = /&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);/u.source;
const newline = /[ \t]*(?:\r\n|\n|\r)[ \t\r\n]*/u.source;

const any = new RegExp([opaque, tag, doubleBraces, shell, python, printf, braces, reference, entity, newline].map((part) => `(?:${part})`).join('|'), 'uy');

/** Every one of them begins with such a character, but for blanks in front of a line break. Most texts have none. */
const hint = /[<{%$#&@\r\n]/gu;

/**
 * The spans of a string: those that the format itself knows (`given`, in order) and what the patterns find between them.
 * Opening and closing tags that match are pairs. Linear.
 */
export function inlineSpans(source: string, given: readonly ProtectedSpan[]): readonly ProtectedSpan[] {
  if (source.search(hint) < 0) return given;
  const spans: ProtectedSpan[] = [];
  let at = 0;
  for (const span of given) {
    collect(source, at, span.range.start, spans);
    spans.push(span);
    at = span.range.end;
  }
  collect(source, at, source.length, spans);
  return withSides(source, spans);
}

function collect(source: string, from: number, to: number, into: ProtectedSpan[]): void {
  if (to <= from) return;
  const piece = source.slice(from, to);
  let at = 0;
  hint.lastIndex = 0;
  for (let found = hint.exec(piece); found !== null; found = hint.exec(piece)) {
    let start = found.index;
    if (found[0] === '\n' || found[0] === '\r') while (start > at && isBlank(piece.charCodeAt(start - 1))) start--;
    any.lastIndex = start;
    const text = any.exec(piece)?.[0];
    if (text === undefined) continue;
    into.push({ range: { start: from + start, end: from + start + text.length }, kind: kindOf(text) });
    at = start + text.length;
    hint.lastIndex = at;
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
