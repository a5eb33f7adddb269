/** Language names as prompts spell them. Pure. */
import { findLanguage } from '../text/languages.ts';
import type { PromptLanguage } from './context.ts';

/** Names in Marco-MT's README; "ukraine" is theirs, and arz is one of its targets. */
const algharbNames: Readonly<Record<string, string>> = {
  en: 'english', zh: 'chinese', ko: 'korean', ja: 'japanese', ar: 'arabic', arz: 'arabic', cs: 'czech', ru: 'russian', uk: 'ukraine',
  et: 'estonian', bho: 'bhojpuri', sr: 'serbian', de: 'german',
};

export function algharbName(language: PromptLanguage): string {
  return algharbNames[primary(language.tag)] ?? language.name.toLowerCase();
}

export function lmtName(language: PromptLanguage): string {
  return language.lmtName ?? language.name;
}

/** Names from the table of languages; a tag that is not in it (Algharb knows Estonian) is named by CLDR. */
export function promptLanguage(tag: string): PromptLanguage {
  const known = findLanguage(tag);
  if (known === undefined) return { tag, name: cldrName(tag) };
  const traditional = known.code === 'zh' && known.script === 'Hant';
  return { tag, name: traditional ? cldrName('zh-Hant') : known.name, lmtName: known.lmtName };
}

function cldrName(tag: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
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
