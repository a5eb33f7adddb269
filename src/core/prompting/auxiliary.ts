/**
 * Parallel Multilingual Prompting: which language helps which (LMT, arXiv 2511.07003, table 12, verbatim: some entries
 * follow shared history rather than kinship, so they are not "mended" here). Pure.
 */

/** For English <-> X. 36 entries; languages that are not here have no auxiliary in the paper. */
export const auxiliaryLanguages: Readonly<Record<string, string>> = {
  es: 'pt', de: 'nl', fr: 'it', it: 'fr', nl: 'de', pl: 'cs', bg: 'ru', cs: 'pl', da: 'nb', fa: 'ar', fi: 'hu', hi: 'bn',
  hu: 'fi', id: 'nl', nb: 'da', ro: 'it', sk: 'cs', sv: 'nb', uk: 'ru', vi: 'fr', az: 'tr', hr: 'cs', is: 'da', jv: 'id',
  kk: 'ru', ky: 'ru', lo: 'th', mr: 'hi', ms: 'id', ne: 'hi', ps: 'fa', tg: 'ru', tl: 'id', ug: 'fa', ur: 'fa', uz: 'fr',
};

export type AuxiliaryChoice =
  | { readonly kind: 'auxiliary'; readonly language: string }
  | { readonly kind: 'none'; readonly reason: string };

/** The auxiliary of a direction, or why there is none: English <-> X by the table, Chinese <-> X through English. */
export function auxiliaryFor(sourceLanguage: string, targetLanguage: string): AuxiliaryChoice {
  const from = primary(sourceLanguage);
  const to = primary(targetLanguage);
  if (from === 'en' || to === 'en') return fromTable(from === 'en' ? to : from);
  if (from === 'zh' || to === 'zh') return { kind: 'auxiliary', language: 'en' };
  return { kind: 'none', reason: `LMT defines auxiliary languages for English and Chinese, not for ${from} to ${to}` };
}

function fromTable(other: string): AuxiliaryChoice {
  const language = Object.hasOwn(auxiliaryLanguages, other) ? auxiliaryLanguages[other] : undefined;
  if (language !== undefined) return { kind: 'auxiliary', language };
  return { kind: 'none', reason: `LMT's table has no auxiliary language for English and ${other}` };
}

function primary(tag: string): string {
  return tag.toLowerCase().split(/[-_]/u)[0] ?? tag;
}
