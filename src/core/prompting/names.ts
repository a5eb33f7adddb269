/** Language names as prompts spell them. Pure. */
import type { PromptLanguage } from './context.ts';

/** Names in Marco-MT's README; "ukraine" is theirs, and arz is one of its targets. */
const algharbNames: Readonly<Record<string, string>> = {
  en: 'english', zh: 'chinese', ko: 'korean', ja: 'japanese', ar: 'arabic', arz: 'arabic', cs: 'czech', ru: 'russian', uk: 'ukraine',
  et: 'estonian', bho: 'bhojpuri', sr: 'serbian', de: 'german',
};

/** Where LMT (`src/utils.py`) and CLDR differ. */
const lmtNames: Readonly<Record<string, string>> = {
  el: 'Modern Greek', he: 'Modern Hebrew', nb: 'Norwegian Bokmål', km: 'Central Khmer', ky: 'Kirghiz', ug: 'Uighur', yue: 'Yue Chinese',
  mvf: 'Inner Mongolian', tl: 'Tagalog',
};

export function algharbName(language: PromptLanguage): string {
  return algharbNames[primary(language.tag)] ?? language.name.toLowerCase();
}

export function lmtName(language: PromptLanguage): string {
  return lmtNames[primary(language.tag)] ?? language.name;
}

/** The English name of a tag (CLDR): `ja` is Japanese, `zh-Hant` Traditional Chinese. */
export function promptLanguage(tag: string): PromptLanguage {
  const name = new Intl.DisplayNames(['en'], { type: 'language', languageDisplay: 'standard' }).of(tag);
  return { tag, name: name ?? tag };
}

/** The region of a tag, or the likeliest one of its language: `ja` gives Japan and `ja_JP`. */
export function regionOf(tag: string): { readonly name: string; readonly code: string } {
  const locale = new Intl.Locale(tag).maximize();
  const region = locale.region ?? '001';
  const name = new Intl.DisplayNames(['en'], { type: 'region' }).of(region);
  return { name: name ?? region, code: `${locale.language}_${region}` };
}

function primary(tag: string): string {
  return tag.toLowerCase().split(/[-_]/u)[0] ?? tag;
}
