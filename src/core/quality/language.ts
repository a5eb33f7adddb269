/** The check of the language that a translation is written in: its script, and for longer texts what its letters say. Pure. */
import { eld } from 'eld/small';
import { findLanguage } from '../text/languages.ts';
import { bare } from './bare.ts';
import type { Check } from './check.ts';

const scripts: Readonly<Record<string, RegExp>> = {
  Jpan: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, Hans: /\p{Script=Han}/gu, Hant: /\p{Script=Han}/gu, Kore: /[\p{Script=Hangul}\p{Script=Han}]/gu,
  Latn: /\p{Script=Latin}/gu, Cyrl: /\p{Script=Cyrillic}/gu, Arab: /\p{Script=Arabic}/gu, Hebr: /\p{Script=Hebrew}/gu, Grek: /\p{Script=Greek}/gu, Thai: /\p{Script=Thai}/gu,
  Deva: /\p{Script=Devanagari}/gu, Beng: /\p{Script=Bengali}/gu, Armn: /\p{Script=Armenian}/gu, Geor: /\p{Script=Georgian}/gu, Ethi: /\p{Script=Ethiopic}/gu, Khmr: /\p{Script=Khmer}/gu,
  Laoo: /\p{Script=Lao}/gu, Mymr: /\p{Script=Myanmar}/gu, Sinh: /\p{Script=Sinhala}/gu, Taml: /\p{Script=Tamil}/gu, Telu: /\p{Script=Telugu}/gu, Tibt: /\p{Script=Tibetan}/gu,
};

/** Languages that are told apart by their letters: each is asked after only where the identifier knows it. */
const identified: ReadonlySet<string> = new Set(('am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko ku lo lt lv ml mr ms nl no or pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh').split(' '));
/** Of a kind that the identifier mixes up: any of a row counts as any other. */
const alike: readonly (readonly string[])[] = [['no', 'da', 'sv'], ['hr', 'sr', 'sl'], ['cs', 'sk'], ['ms', 'id', 'jv', 'tl'], ['es', 'pt', 'ca', 'it'], ['ru', 'uk', 'be', 'bg'], ['hi', 'mr', 'ne'], ['fa', 'ar', 'ur', 'ku', 'ps'], ['az', 'tr'], ['et', 'fi'], ['nl', 'af', 'de']];

/**
 * Letters from which on a text says of what language it is. The script tells from 20 on; languages of one script are told apart
 * by eld (its small model, Apache-2.0), where it says that it is sure, and only from 40 on: shorter texts are often names.
 */
const enough = { script: 20, letters: 40 } as const;

/** Longer texts that are not of the target's script, Japanese of some length without a single kana, or another language's words. A text that is the source is said to be that. */
export const language: Check = ({ source, translation, sourceLanguage, targetLanguage }) => {
  if (source.trim() === translation.trim()) return [];
  const known = findLanguage(targetLanguage);
  const text = bare(translation).replace(/https?:\S+|[@#]\S+|`[^`]*`/gu, ' ');
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (known === undefined || letters < enough.script) return [];
  const pattern = scripts[known.script];
  const own = pattern === undefined ? letters : text.match(pattern)?.length ?? 0;
  const noKana = known.script === 'Jpan' && letters >= 30 && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
  const wrong = own / letters < 0.1 || noKana || (letters >= enough.letters && isForeign(text, code(known.code), code(findLanguage(sourceLanguage)?.code ?? '')));
  return wrong ? [{ check: 'language', severity: 'warning', detail: targetLanguage }] : [];
};

/** As the identifier names it. */
function code(tag: string): string {
  return tag === 'nb' ? 'no' : tag;
}

/** True where the text is surely of another language: of the source's above all, which an untranslated text is. */
function isForeign(text: string, wanted: string, source: string): boolean {
  if (!identified.has(wanted) || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)) return false;
  const found = eld.detect(text);
  if (found.language === wanted || found.language === '' || !found.isReliable()) return false;
  if (found.language !== source && alike.some((row) => row.includes(wanted) && row.includes(found.language))) return false;
  const scores = found.getScores();
  return (scores[found.language] ?? 0) > (scores[wanted] ?? 0) * 1.1;
}
