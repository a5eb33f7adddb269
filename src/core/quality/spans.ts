/** Check of what running text protects: inline code, and where links and images lead. Pure. */
import type { ProtectedSpan, Segment, TextRange } from '../document/segment.ts';
import type { Finding } from './check.ts';
import { difference } from './multiset.ts';

export interface SpanLanguages {
  readonly source: string;
  readonly target: string;
}

type Spanned = Pick<Segment, 'source' | 'protectedSpans'>;

interface Kept {
  readonly kind: 'code' | 'link' | 'image';
  /** What has to come back. */
  readonly text: string;
  readonly range: TextRange;
}

/**
 * What a translation lost or changed of its source: an error, but for a target that was changed, which may be meant. The
 * language's own page (`guide.ja.md` for `guide.en.md`, `/ja/` for `/en/`) and another anchor in a page are no changes, and
 * addresses of the web have a check of their own. Linear.
 */
export function lostSpans(source: Spanned, translation: Spanned, languages: SpanLanguages): readonly Finding[] {
  const [wanted, found] = [keptIn(source), keptIn(translation)];
  return (['code', 'link', 'image'] as const).flatMap((kind) => {
    const ours = wanted.filter((kept) => kept.kind === kind);
    const theirs = found.filter((kept) => kept.kind === kind);
    const [keys, others] = [ours, theirs].map((list) => list.map(({ text }) => (kind === 'code' ? text : neutral(text, languages))));
    const lost = difference(keys ?? [], others ?? []);
    const extra = difference(others ?? [], keys ?? []);
    return lost.map((key, index): Finding => {
      const changed = theirs[others?.indexOf(extra[index] ?? '') ?? -1];
      const detail = ours[keys?.indexOf(key) ?? -1]?.text ?? key;
      return { check: 'placeholders', severity: kind === 'code' || changed === undefined ? 'error' : 'warning', detail, ...(changed === undefined ? {} : { range: changed.range }) };
    });
  });
}

function keptIn({ source, protectedSpans }: Spanned): readonly Kept[] {
  return protectedSpans.flatMap(({ range, kind, side }): readonly Kept[] => {
    const text = source.slice(range.start, range.end);
    if (kind === 'code') return [{ kind, text, range }];
    const target = side === 'close' && (kind === 'link' || kind === 'image') ? targetOf(text, range, kind) : undefined;
    return target === undefined || /^(?:https?|mailto):/iu.test(target.text) ? [] : [target];
  });
}

/** In `](target "title")`; a reference leads where its definition says. */
function targetOf(text: string, { start }: TextRange, kind: Extract<ProtectedSpan['kind'], 'link' | 'image'>): Kept | undefined {
  const match = /^\]\(\s*(?:<([^<>]*)>|([^\s()]+(?:\([^\s()]*\)[^\s()]*)*))/u.exec(text);
  const target = match?.[1] ?? match?.[2] ?? '';
  if (match === null || target === '') return undefined;
  const at = start + match[0].lastIndexOf(target);
  return { kind, text: target, range: { start: at, end: at + target.length } };
}

/** Without what names a language, and without the name of an anchor. */
function neutral(target: string, { source, target: language }: SpanLanguages): string {
  const names = [source, language].flatMap((name) => [name.replace(/[^\w-]/gu, '').replaceAll('-', '[-_]'), name.replace(/[^A-Za-z].*$/u, '')]).filter((name) => name !== '');
  return target.replace(/#.*$/u, '#').replace(new RegExp(`(^|[./_-])(?:${names.join('|')})(?=[./_-]|$)[./_-]?`, 'giu'), '$1');
}
