/** 表記ゆれ: words of Japanese that are written in more than one way. Pure. */

/** Each row is one word, in patterns of its spellings, and how they are told to people where the pattern is none. */
const rows: readonly (readonly RegExp[])[] = [
  [/子供/u, /子ども/u], [/(?<=[てで])ください/u, /(?<=[てで])下さい/u], [/でき(?=る|ます|ない|ました|ません)/u, /出来(?=る|ます|ない|ました|ません)/u], [/私たち/u, /私達/u], [/さまざま/u, /様々/u],
  [/すべて/u, /全て/u], [/たとえば/u, /例えば/u], [/いただ(?=く|き|い|け)/u, /頂(?=く|き|い|け)/u], [/いたし(?=ます|ました)/u, /致し(?=ます|ました)/u], [/行(?=う|わ)/u, /行な(?=う|い|わ|っ)/u],
  [/申し込み/u, /申込み?(?=[をがはにの、。])/u], [/取り扱い/u, /取扱い/u], [/問い合わせ/u, /問合せ|問合わせ/u], [/打ち合わせ/u, /打合せ/u], [/組み合わせ/u, /組合せ/u], [/引き続き/u, /引続き/u],
  [/(?<=[0-9０-９一二三四五六七八九十数])か月/u, /(?<=[0-9０-９一二三四五六七八九十数])ヶ月/u, /(?<=[0-9０-９一二三四五六七八九十数])カ月/u, /(?<=[0-9０-９一二三四五六七八九十数])ヵ月/u, /(?<=[0-9０-９一二三四五六七八九十数])ケ月/u],
  [/および/u, /及び/u], [/または/u, /又は/u], [/ならびに/u, /並びに/u], [/したがって/u, /従って/u], [/さらに/u, /更に/u], [/すでに/u, /既に/u], [/ウェブ/u, /ウエブ/u],
];

export interface Spelling {
  /** The same for all spellings of one word. */
  readonly word: string;
  readonly text: string;
}

/** Spellings in a text of words that have several; one of a kind each. Linear. */
export function spellingsIn(text: string): readonly Spelling[] {
  const listed = rows.flatMap((row, index) => row.flatMap((pattern): readonly Spelling[] => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [{ word: String(index), text: found }];
  }));
  const loans = [...new Set(text.match(/[\p{Script=Katakana}ー]{3,}/gu) ?? [])].map((word): Spelling => ({ word: folded(word), text: word }));
  return [...listed, ...loans];
}

const smallVowels: Readonly<Record<string, string>> = { ァ: 'ア', ィ: 'イ', ゥ: 'ウ', ェ: 'エ', ォ: 'オ' };
const v: Readonly<Record<string, string>> = { ヴァ: 'バ', ヴィ: 'ビ', ヴェ: 'ベ', ヴォ: 'ボ', ヴ: 'ブ' };
/** After these `イ` is the long vowel that others write `ー`. */
const eRow = 'エケセテネヘメレゲゼデベペェ';

/** What spellings of a loan word have in common: a long vowel at its end, ヴ, small vowels, エイ. Words of two characters and their long ones are others (カバ, カバー). */
function folded(word: string): string {
  const plain = word.replace(/ヴ[ァィェォ]?/gu, (found) => v[found] ?? found).replace(/[ァィゥェォ]/gu, (found) => smallVowels[found] ?? found)
    .replace(new RegExp(`([${eRow}])イ`, 'gu'), '$1ー');
  return plain.length > 3 && plain.endsWith('ー') ? plain.slice(0, -1) : plain;
}
