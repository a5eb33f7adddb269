/** Checks of Japanese style. Quotations are left out: people speak in another style than their narrator. Pure. */
import type { Check, Finding } from './check.ts';

const isJapanese = (tag: string): boolean => /^ja(?:-|$)/u.test(tag);

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

/** です・ます and である in one text: at least two sentences of each, so that one quoted or trailing form does not count. */
export const jaStyle: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const all = jaSentences(translation);
  const [formal, informal] = [all.filter((sentence) => jaPolite.test(sentence)).length, all.filter((sentence) => plain.test(sentence)).length];
  return formal >= 2 && informal >= 2 ? [{ check: 'jaStyle', severity: 'hint', detail: `です・ます ${formal} / である ${informal}` }] : [];
};

/** Half-width katakana, and one text with both full-width and half-width digits or letters. */
export const jaWidth: Check = ({ source, translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const half = /[\uff61-\uff9f]+/u.exec(translation);
  if (half !== null && !/[\uff61-\uff9f]/u.test(source)) {
    return [{ check: 'jaWidth', severity: 'warning', detail: half[0], fix: translation.replace(/[\uff61-\uff9f]+/gu, (text) => text.normalize('NFKC')) }];
  }
  const wide = translation.match(/[０-９]{2,}/gu) ?? [];
  const narrow = translation.replace(/[A-Za-z@#:/._-][\w@#:/._-]*/gu, '').match(/[0-9]{2,}/gu) ?? [];
  if (wide.length === 0 || narrow.length === 0) return [];
  return [{ check: 'jaWidth', severity: 'hint', detail: `${wide[0] ?? ''} / ${narrow[0] ?? ''}`, fix: translation.replace(/[０-９]+/gu, (text) => text.normalize('NFKC')) }];
};

/** A particle twice in a row, which is a slip of the hand. */
export const jaParticle: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const pattern = /(?<=[\p{Script=Han}\p{Script=Katakana}」』])(をを|がが|はは(?!は)|にに|でで|へへ|のの)(?=[\p{Script=Han}\p{Script=Katakana}「『、])/gu;
  return [...translation.matchAll(pattern)].map((match): Finding => ({
    check: 'jaParticle', severity: 'warning', detail: match[1] ?? '', range: { start: match.index, end: match.index + match[0].length },
    fix: translation.slice(0, match.index + 1) + translation.slice(match.index + match[0].length),
  }));
};

/** Three sentences in a row with one ending of three characters or more. */
export const jaEnding: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  const ends = jaSentences(translation).map((sentence) => /[\p{Script=Hiragana}]{4,}$/u.exec(sentence)?.[0].slice(-5) ?? '');
  for (let at = 0; at + 3 < ends.length; at++) {
    const [first = ''] = ends.slice(at);
    if (first !== '' && ends.slice(at, at + 4).every((end) => end === first)) return [{ check: 'jaEnding', severity: 'hint', detail: first }];
  }
  return [];
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

/** Spellings of one word that do not go together in one text. */
const spellings: readonly (readonly [string, string])[] = [
  ['サーバ(?!ー)', 'サーバー'], ['ユーザ(?!ー)', 'ユーザー'], ['コンピュータ(?!ー)', 'コンピューター'], ['ブラウザ(?!ー)', 'ブラウザー'], ['フォルダ(?!ー)', 'フォルダー'],
  ['プリンタ(?!ー)', 'プリンター'], ['インタフェース', 'インターフェース'], ['子供', '子ども'], ['ください', '下さい'], ['できる', '出来る'], ['ウェブ', 'ウエブ'],
];

/** 表記ゆれ: both spellings in one text. */
export const jaSpelling: Check = ({ translation, targetLanguage }) => {
  if (!isJapanese(targetLanguage)) return [];
  return spellings.flatMap(([a, b]): readonly Finding[] => {
    const [first, second] = [new RegExp(a, 'u').exec(translation)?.[0], new RegExp(b, 'u').exec(translation)?.[0]];
    return first === undefined || second === undefined ? [] : [{ check: 'jaSpelling', severity: 'hint', detail: `${first} / ${second}` }];
  });
};
