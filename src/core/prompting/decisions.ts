/**
 * What earlier segments have decided for a later one: how its names and terms are rendered, which first person speaks and in
 * which register. A set whose prompt held other decisions than those that stand now is stale; one whose earlier segments
 * merely read otherwise is not. Pure. First person and register are known for Japanese.
 */
import { jaPolite, jaSentences } from '../quality/japanese.ts';
import type { Matrix } from '../matrix.ts';
import type { TextPair } from './context.ts';

export interface Decisions {
  /** Names of the segment's source, each as an earlier target renders it. */
  readonly names: readonly TextPair[];
  /** 俺, 私, 僕 ... as the newest earlier target that has one says it. */
  readonly pronoun?: string;
  readonly register?: Register;
}

export type Register = 'polite' | 'plain';

export interface Languages {
  readonly source: string;
  readonly target: string;
}

interface Token {
  readonly start: number;
  readonly end: number;
}

/** Tokens with their UTF-16 offsets, and P(aligned), rows source tokens. */
export interface AlignedPair {
  readonly source: readonly Token[];
  readonly target: readonly Token[];
  readonly probabilities: Matrix;
}

const capitalised = /\p{Lu}[\p{L}\p{M}\p{N}'’-]*(?:[ \u00a0]\p{Lu}[\p{L}\p{M}\p{N}'’-]*)*/gu;
const katakana = /[\p{Script=Katakana}ー・=＝]{2,}/gu;
const katakanaOnly = /^[\p{Script=Katakana}ー・=＝]+$/u;

/** Names and terms: runs of capitalised words, but not one word that begins a sentence, and runs of katakana. In order, each once. */
export function namesIn(text: string): readonly string[] {
  const runs = [...text.matchAll(capitalised)].filter(({ 0: run, index }) => run.length > 1 && (/[ \u00a0]/u.test(run) || !beginsSentence(text, index)));
  return [...new Set([...runs, ...text.matchAll(katakana)].map(([run]) => run))];
}

function beginsSentence(text: string, at: number): boolean {
  return /(?:^|[.!?。！？:\n])[\s"'“”‘’「『(（*_#>-]*$/u.test(text.slice(0, at));
}

/** A link weaker than this says nothing. */
const weakestLink = 0.2;

/** The part of a target that renders a name of its source: what the name's words are best aligned with, to the ends of a katakana run. */
export function renderingOf(name: string, pair: TextPair, aligned: AlignedPair): string | undefined {
  const from = pair.source.indexOf(name);
  const linked = aligned.source.flatMap(({ start, end }, row) => (start < from + name.length && end > from ? bestLink(aligned.probabilities, row) : []));
  const tokens = linked.map((column) => aligned.target[column]).filter((token) => token !== undefined);
  if (from < 0 || tokens.length === 0) return undefined;
  const start = Math.min(...tokens.map((token) => token.start));
  const end = Math.max(...tokens.map((token) => token.end));
  const run = [...pair.target.matchAll(katakana)].find((found) => found.index <= start && found.index + found[0].length >= end);
  const rendering = run?.[0] ?? pair.target.slice(start, end);
  return /[\p{L}\p{N}]/u.test(rendering) ? rendering : undefined;
}

function bestLink({ cols, data }: Matrix, row: number): readonly number[] {
  let best = -1;
  for (let column = 0; column < cols; column++) {
    if ((data[row * cols + column] ?? 0) > (best < 0 ? weakestLink : (data[row * cols + best] ?? 0))) best = column;
  }
  return best < 0 ? [] : [best];
}

/** Whether a target has a rendering as a whole: ジョン is not in ジョーンズ, nor マリ in マリア. */
export function renders(target: string, rendering: string): boolean {
  if (!katakanaOnly.test(rendering)) return target.includes(rendering);
  return [...target.matchAll(katakana)].some(([run]) => run === rendering || run.split(/[・=＝]/u).includes(rendering));
}

/** Longer ones first, so that 私たち is not 私. */
const firstPersons = ['私たち', '私達', '僕たち', '僕ら', '俺たち', '俺ら', '我々', 'われわれ', '私', 'わたし', 'わたくし', 'あたし', '僕', 'ぼく', '俺', 'おれ', 'オレ', 'ボク', 'わし'];
const firstPerson = new RegExp(`(?<![\\p{Script=Han}])(?:${firstPersons.join('|')})(?=[はがもをにのとでだや、。！？たち]|$)`, 'gu');

/** The last first person of a Japanese text; undefined where there is none, and for other languages. */
export function pronounOf(text: string, language: string): string | undefined {
  return isJapanese(language) ? [...text.matchAll(firstPerson)].at(-1)?.[0] : undefined;
}

/** A verb, an adjective or だ, perhaps with a particle behind it: a sentence that ends in a noun has no register. */
const plainEnding = /[うくぐすつぬぶむるいただ](?:よ|ね|よね|な|ぞ|ぜ|わ|さ|か|の|のか|けど|から)?$/u;

/** です・ます or plain, by the endings of most sentences of a Japanese text; undefined where neither is in the majority. */
export function registerOf(text: string, language: string): Register | undefined {
  if (!isJapanese(language)) return undefined;
  const sentences = jaSentences(text);
  const polite = sentences.filter((sentence) => jaPolite.test(sentence)).length;
  const plain = sentences.filter((sentence) => !jaPolite.test(sentence) && plainEnding.test(sentence)).length;
  if (polite === plain) return undefined;
  return polite > plain ? 'polite' : 'plain';
}

/**
 * What the earlier segments decide for this source. `align` is asked only for pairs whose source has one of its names.
 * @param previous oldest first: the newest decision counts
 */
export async function decisionsOf(source: string, previous: readonly TextPair[], languages: Languages, align: (pair: TextPair) => Promise<AlignedPair>): Promise<Decisions> {
  const names: TextPair[] = [];
  for (const name of namesIn(source)) {
    const pair = newest(previous, ({ source: earlier }) => earlier.includes(name));
    const rendering = pair === undefined ? undefined : renderingOf(name, pair, await align(pair));
    if (rendering !== undefined) names.push({ source: name, target: rendering });
  }
  return { names, ...voiceOf(source, previous, languages) };
}

/** Whether what a set's prompt decided still stands in the earlier segments as they are now. */
export function stillStands(then: Decisions, source: string, previous: readonly TextPair[], languages: Languages): boolean {
  const named = then.names.every(({ source: name, target: rendering }) => {
    const pair = newest(previous, ({ source: earlier }) => earlier.includes(name));
    return pair === undefined || renders(pair.target, rendering);
  });
  const now = voiceOf(source, previous, languages);
  return named && now.pronoun === then.pronoun && now.register === then.register;
}

/** The first person counts only for a source that speaks in it, where that can be told. */
function voiceOf(source: string, previous: readonly TextPair[], languages: Languages): Pick<Decisions, 'pronoun' | 'register'> {
  const targets = previous.map(({ target }) => target).reverse();
  const pronoun = speaksOfItself(source, languages.source) ? first(targets, (target) => pronounOf(target, languages.target)) : undefined;
  const register = first(targets, (target) => registerOf(target, languages.target));
  return { ...(pronoun !== undefined && { pronoun }), ...(register !== undefined && { register }) };
}

function speaksOfItself(source: string, language: string): boolean {
  return !/^en(?:-|$)/u.test(language) || /\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves)\b/iu.test(source);
}

function newest(pairs: readonly TextPair[], fits: (pair: TextPair) => boolean): TextPair | undefined {
  return pairs.findLast(fits);
}

function first<T>(texts: readonly string[], read: (text: string) => T | undefined): T | undefined {
  for (const text of texts) {
    const found = read(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isJapanese(language: string): boolean {
  return /^ja(?:-|$)/u.test(language);
}
