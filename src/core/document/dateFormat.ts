/** Patterns of dates and times as strftime takes them (Rails, Python, C): `%Y-%m-%d`, `%B %d`. Pure. */
import type { TextRange } from './segment.ts';

const directive = /%[-_0^#]?[A-Za-z](?![A-Za-z])|%%/gu;
/** With a meaning in strftime and none in printf. */
const ofDatesAlone = /^%[-_0^#]?[BbHhIjkMmPRTVWYyZz]$/u;
const ofDates = /^%(?:[-_0^#]?[AaBbDdeFHhIjklLMmNPpRrSTUVWwYyZz]|%)$/u;
/** Java writes true and false by `%b`, hashes by `%h`. */
const alsoOfJava = /^%[BbHh]$/u;

/** True for a pattern that no other formatter takes, so that a translation may have other directives. */
export function isDatePattern(text: string): boolean {
  const found = dateDirectives(text);
  const signs = found.flatMap(({ start, end }) => text.slice(start, end).match(directive) ?? []);
  const words = found.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
  return signs.some((sign) => ofDatesAlone.test(sign) && (!alsoOfJava.test(sign) || !/\p{L}/u.test(words)));
}

/**
 * The directives of a text that is such a pattern, neighbours with nothing but signs between them together; empty for any other
 * text. A pattern has at least two directives, or is one, and all of its directives are those of dates, at least one of them
 * of dates alone: `%d of %s` is none. Linear.
 */
export function dateDirectives(text: string): readonly TextRange[] {
  if (!text.includes('%')) return [];
  const found = [...text.matchAll(directive)].map(({ index, 0: sign }) => ({ sign, start: index, end: index + sign.length }));
  const isPattern = found.every(({ sign }) => ofDates.test(sign)) && found.some(({ sign }) => ofDatesAlone.test(sign));
  if (!isPattern || /%(?![-_0^#]?[A-Za-z](?![A-Za-z])|%)/u.test(text.replaceAll('%%', '')) || (found.length === 1 && found[0]?.sign !== text.trim())) return [];
  const joined: { readonly start: number; end: number }[] = [];
  for (const { start, end } of found) {
    const last = joined.at(-1);
    if (last !== undefined && !/[\p{L}\n\r]/u.test(text.slice(last.end, start))) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}
