/**
 * In which voice a text speaks: the first person that it has chosen, and its register. A language whose sentences end
 * politely or plainly is told by those endings, one that addresses people as `Sie` or `du` by such words; a language that is
 * not in the table has one voice only, or is not known. Pure, linear.
 */
import { jaPolite, jaSentences } from '../quality/japanese.ts';

export type Register = 'polite' | 'plain';

interface Voice {
  /** Finds the words of a first person where the language has several to choose from. */
  readonly firstPerson?: RegExp;
  /** Forms of one and the same first person, where it has several. */
  readonly same?: Readonly<Record<string, string>>;
  readonly register: (text: string) => Register | undefined;
}

/** Longer ones first, so that 私たち is not 私. */
const japanese = ['私たち', '私達', '僕たち', '僕ら', '俺たち', '俺ら', '我々', 'われわれ', '私', 'わたし', 'わたくし', 'あたし', '僕', 'ぼく', '俺', 'おれ', 'オレ', 'ボク', 'わし'];

/** A verb, an adjective or だ, perhaps with a particle behind it: a sentence that ends in a noun has no register. */
const japanesePlain = /[うくぐすつぬぶむるいただ](?:よ|ね|よね|な|ぞ|ぜ|わ|さ|か|の|のか|けど|から)?$/u;

const closing = '["\'”’」』)）]*$';
const koreanPolite = new RegExp(`(?:요|니다|니까|십시오|죠)${closing}`, 'u');
/** Not a lone word, which may be a noun. */
const koreanPlain = new RegExp(`(?<=[\\p{Script=Hangul}\\s]{2})(?:다|어|야|냐|해|돼)${closing}`, 'u');

const voices: Readonly<Record<string, Voice>> = {
  ja: {
    firstPerson: new RegExp(`(?<![\\p{Script=Han}])(?:${japanese.join('|')})(?=[はがもをにのとでだや、。！？たち]|$)`, 'gu'),
    register: byEndings(jaSentences, jaPolite, japanesePlain),
  },
  ko: {
    firstPerson: /(?<!\p{Script=Hangul})(?:저희|우리|저(?=[는도를와의]|에게)|제(?=가|\s)|나(?=[는도를와의]|에게)|내(?=가|\s))/gu,
    same: { 제: '저', 내: '나' },
    register: byEndings((text) => text.split(/[.!?。\n]+/u).map((sentence) => sentence.trim()).filter((sentence) => sentence !== ''), koreanPolite, koreanPlain),
  },
  // at the beginning of a sentence Sie and Ihr may be "she", "they" and "her"
  de: { register: byWords(/(?<=[\p{L}\p{N},;][ \u00a0]+)(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)(?!\p{L})/gu, /(?<!\p{L})(?:du|dich|dir|dein(?:e[nmrs]?)?)(?!\p{L})/giu) },
  es: { register: byWords(/(?<!\p{L})usted(?!\p{L})/giu, /(?<!\p{L})(?:tú|ti|tus?|te|contigo|vosotr[oa]s|vuestr[oa]s?)(?!\p{L})/giu) },
  fr: { register: byWords(/(?<!\p{L})(?:vous|votre|vos|vôtres?)(?!\p{L})/giu, /(?<!\p{L})(?:tu|toi|te|t['’](?=\p{L})|ta|tes)(?!['’])/giu) },
  nl: { register: byWords(/(?<!\p{L})(?:u|uw|uzelf)(?!\p{L})/giu, /(?<!\p{L})(?:jij|je|jou|jouw|jezelf)(?!\p{L})/giu) },
  ru: { register: byWords(/(?<!\p{L})(?:вы|вас|вам|вами|ваш\p{L}*)(?!\p{L})/giu, /(?<!\p{L})(?:ты|тебя|тебе|тобой|тво[йяёеию]\p{L}*)(?!\p{L})/giu) },
  zh: { register: byWords(/您/gu, /你/gu) },
};

/** The last first person of a text; undefined where there is none, or the language has none to choose. */
export function pronounOf(text: string, language: string): string | undefined {
  const { firstPerson, same } = voiceIn(language) ?? {};
  const word = firstPerson === undefined ? undefined : [...text.matchAll(firstPerson)].at(-1)?.[0];
  return word === undefined ? undefined : (same?.[word] ?? word);
}

/** What most sentences, or most words of address, of a text are; undefined where neither is in the majority. */
export function registerOf(text: string, language: string): Register | undefined {
  return voiceIn(language)?.register(text);
}

/** First persons of languages in which every sentence that speaks of its speaker has one. */
const ofItself: Readonly<Record<string, RegExp>> = {
  en: /(?<!\p{L})(?:I|me|my|mine|myself|we|us|our|ours|ourselves)(?!\p{L})/iu,
  de: /(?<!\p{L})(?:ich|mich|mir|mein\p{L}*|wir|uns|unser\p{L}*)(?!\p{L})/iu,
  fr: /(?<!\p{L})(?:(?:je|me|moi|mon|ma|mes|nous|notre|nos)(?!\p{L})|[jm]['’])/iu,
};

/** False for a source that speaks of no first person; where its language does not tell, it may. */
export function speaksOfItself(source: string, language: string): boolean {
  return ofItself[primary(language)]?.test(source) ?? true;
}

function voiceIn(language: string): Voice | undefined {
  return voices[primary(language)];
}

function primary(language: string): string {
  return language.split('-')[0]?.toLowerCase() ?? '';
}

function byEndings(sentencesOf: (text: string) => readonly string[], polite: RegExp, plain: RegExp): Voice['register'] {
  return (text) => {
    const sentences = sentencesOf(text);
    const politely = sentences.filter((sentence) => polite.test(sentence)).length;
    return majority(politely, sentences.filter((sentence) => !polite.test(sentence) && plain.test(sentence)).length);
  };
}

/** Both with the flag `g`. */
function byWords(polite: RegExp, plain: RegExp): Voice['register'] {
  return (text) => majority(text.match(polite)?.length ?? 0, text.match(plain)?.length ?? 0);
}

function majority(polite: number, plain: number): Register | undefined {
  if (polite === plain) return undefined;
  return polite > plain ? 'polite' : 'plain';
}
