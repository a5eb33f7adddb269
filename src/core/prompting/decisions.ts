/**
 * What earlier segments have decided for a later one: how its names and terms are rendered, which first person speaks and in
 * which register. A set whose prompt held other decisions than those that stand now is stale; one whose earlier segments
 * merely read otherwise is not. Pure. Names are those of languages that mark them; `voice.ts` knows first persons and registers.
 */
import type { Matrix } from '../matrix.ts';
import type { TextPair } from './context.ts';
import { pronounOf, registerOf, speaksOfItself, type Register } from './voice.ts';

export interface Decisions {
  /** Names of the segment's source, each as an earlier target renders it. */
  readonly names: readonly TextPair[];
  /** 俺, 私, 僕 ..., 저, 나 ... as the newest earlier target that has one says it. */
  readonly pronoun?: string;
  readonly register?: Register;
}

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

/** Languages that write every noun with a capital letter: only a run of several is told from those. */
const capitalNouns = /^(?:de|lb)(?:-|$)/u;

/** Names and terms: runs of capitalised words, but not one word that begins a sentence, and runs of katakana. In order, each once. */
export function namesIn(text: string, language: string): readonly string[] {
  const single = !capitalNouns.test(language);
  const runs = [...text.matchAll(capitalised)].filter(({ 0: run, index }) => run.length > 1 && (/[ \u00a0]/u.test(run) || (single && !beginsSentence(text, index))));
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
  const rendering = run?.[0] ?? withoutParticle(pair.target.slice(start, end));
  return /[\p{L}\p{N}]/u.test(rendering) ? rendering : undefined;
}

/** Korean writes a particle to its noun. */
function withoutParticle(word: string): string {
  return word.replace(/(?<=\p{Script=Hangul}{2})(?:에게|으로|에서|은|는|이|가|을|를|의|에|와|과|도|로)$/u, '');
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

/**
 * What the earlier segments decide for this source. `align` is asked only for pairs whose source has one of its names.
 * @param previous oldest first: the newest decision counts
 */
export async function decisionsOf(source: string, previous: readonly TextPair[], languages: Languages, align: (pair: TextPair) => Promise<AlignedPair>): Promise<Decisions> {
  const names: TextPair[] = [];
  for (const name of namesIn(source, languages.source)) {
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
