/** Checks of Japanese style in one text. Quotations are left out: people speak in another style than their narrator. Pure. */
import type { Check, Finding } from './check.ts';
import { spellingsIn } from './spellings.ts';

export const isJapanese = (tag: string): boolean => /^ja(?:-|$)/u.test(tag);

function unquoted(text: string): string {
  return text.replace(/「[^「」]*」|『[^『』]*』|“[^“”]*”|（[^（）]*）|\([^()]*\)/gu, '〓');
}

/** Sentences without their marks; what is quoted is left out. */
export function jaSentences(text: string): readonly string[] {
  return unquoted(text).split(/[。！？!?\n]+/u).map((sentence) => sentence.trim()).filter((sentence) => sentence !== '' && sentence !== '〓');
}

/** How a sentence in です・ます ends. */
export const jaPolite = /(?:です|ます|ました|ません|でした|ましょう|でしょう|ください)(?:か|ね|よ|よね|が|けど)?$/u;
const plain = /(?:である|であった|だった|のだ|だ|だろう|であろう|なかった|した|する|ない|った|いる|れる|ある)$/u;

/** In which style a sentence ends; undefined where it says nothing (a noun, a quotation). */
export function jaStyleOf(sentence: string): 'polite' | 'plain' | undefined {
  if (jaPolite.test(sentence)) return 'polite';
  return plain.test(sentence) ? 'plain' : undefined;
}

/** How mixed styles are told. */
export function jaStyleDetail(polite: number, informal: number): string {
  return `です・ます ${polite} / である ${informal}`;
}

/** です・ます and である in one text: at least two sentences of each, so that one quoted or trailing form does not count. */
export const jaStyle: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const styles = jaSentences(translation).map(jaStyleOf);
  const [formal, informal] = [styles.filter((style) => style === 'polite').length, styles.filter((style) => style === 'plain').length];
  return formal >= 2 && informal >= 2 ? [{ check: 'jaStyle', severity: 'hint', detail: jaStyleDetail(formal, informal) }] : [];
};

/** Half-width katakana, and one text with both full-width and half-width digits or words. */
export const jaWidth: Check = ({ source, translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const half = /[\uff61-\uff9f]+/u.exec(translation);
  if (half !== null && !/[\uff61-\uff9f]/u.test(source)) {
    return [{ check: 'jaWidth', severity: 'warning', detail: half[0], fix: translation.replace(/[\uff61-\uff9f]+/gu, (text) => text.normalize('NFKC')) }];
  }
  return mixed(translation, /[０-９]{2,}/gu, /[０-９]+/gu, narrowDigits(translation)) ?? mixed(translation, /[Ａ-Ｚａ-ｚ]{2,}/gu, /[Ａ-Ｚａ-ｚ]+/gu, source === translation ? [] : plainWords(translation)) ?? [];
};

/** Digits that stand alone: those in names, addresses and codes are written as they are. */
function narrowDigits(text: string): readonly string[] {
  return text.replace(/[A-Za-z@#:/._-][\w@#:/._-]*/gu, '').match(/[0-9]{2,}/gu) ?? [];
}

function plainWords(text: string): readonly string[] {
  return text.replace(/https?:\S+|[@#]\S+|<[^<>]*>|\{[^{}]*\}|%\S+/gu, '').match(/[A-Za-z]{2,}/gu) ?? [];
}

function mixed(text: string, wide: RegExp, every: RegExp, narrow: readonly string[]): readonly Finding[] | undefined {
  const [found] = text.match(wide) ?? [];
  const [other] = narrow;
  if (found === undefined || other === undefined) return undefined;
  return [{ check: 'jaWidth', severity: 'hint', detail: `${found} / ${other}`, fix: text.replace(every, (part) => part.normalize('NFKC')) }];
}

/** A particle twice in a row, which is a slip of the hand; を and へ twice with nothing but one noun between them. */
export const jaParticle: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const twice = /(?<=[\p{Script=Han}\p{Script=Katakana}」』])(をを|がが|はは(?!は)|にに|でで|へへ|のの)(?=[\p{Script=Han}\p{Script=Katakana}「『、])/gu;
  const slips = [...translation.matchAll(twice)].map((match): Finding => ({
    check: 'jaParticle', severity: 'warning', detail: match[1] ?? '', range: { start: match.index, end: match.index + match[0].length },
    fix: translation.slice(0, match.index + 1) + translation.slice(match.index + match[0].length),
  }));
  const again = /(?<=[\p{Script=Han}\p{Script=Katakana}ー])([をへ])[\p{Script=Han}\p{Script=Katakana}ー]{1,12}\1(?=[\p{Script=Han}\p{Script=Katakana}])/gu;
  return [...slips, ...[...translation.matchAll(again)].map((match): Finding => ({
    check: 'jaParticle', severity: 'hint', detail: match[0], range: { start: match.index, end: match.index + match[0].length },
  }))];
};

/** Sentences in a row with one ending: as many of a long one, and one more of a short one (です, ます, だ, た), which are common. */
const inARow = 4;

/** The ending of a sentence that a reader hears again. */
export function jaEndingOf(sentence: string): string {
  return /(?:でしょう|ましょう|でした|ました|ません|ください|である|であった|だった|のだ|です|ます)$/u.exec(sentence)?.[0] ?? /[\p{Script=Hiragana}]{4,}$/u.exec(sentence)?.[0].slice(-5) ?? '';
}

/** Where an ending is heard once too often: indexes of the sentences that complete a row. */
export function jaRepeatedEndings(endings: readonly string[]): readonly number[] {
  const found: number[] = [];
  let row = 0;
  for (const [index, ending] of endings.entries()) {
    row = ending !== '' && ending === endings[index - 1] ? row + 1 : 1;
    if (ending !== '' && row === inARow + (ending.length > 2 ? 0 : 2)) found.push(index);
  }
  return found;
}

export const jaEnding: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const endings = jaSentences(translation).map(jaEndingOf);
  const [first] = jaRepeatedEndings(endings);
  return first === undefined ? [] : [{ check: 'jaEnding', severity: 'hint', detail: endings[first] ?? '' }];
};

/** 「 inside of 「 without 『: the inner pair is 『』. */
export const jaQuotes: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  let depth = 0;
  for (const character of translation) {
    if (character === '「') depth++;
    if (character === '」') depth--;
    if (depth >= 2) return [{ check: 'jaQuotes', severity: 'hint', detail: '「「' }];
    if (depth < 0) return [];
  }
  return [];
};

/** 表記ゆれ: spellings of one word that do not go together in one text. */
export const jaSpelling: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const first = new Map<string, string>();
  return spellingsIn(translation).flatMap(({ word, text }): readonly Finding[] => {
    const known = first.get(word);
    if (known === undefined) first.set(word, text);
    return known === undefined || known === text ? [] : [{ check: 'jaSpelling', severity: 'hint', detail: `${known} / ${text}` }];
  });
};
