/** Document mode: as much of what came before as fits the model's window. Pure. */
import type { TextPair } from './context.ts';

/**
 * The newest previous segments whose tokens fit `budget`; oldest first.
 * @param newestFirst read no further than to the first that does not fit
 * @param budget tokens for previous segments: the window less source, brief, terms and the longest answer
 * @param count tokens of a text: the server's own count, or `estimateTokens`
 */
export function fitPrevious(newestFirst: Iterable<TextPair>, budget: number, count: (text: string) => number): readonly TextPair[] {
  const kept: TextPair[] = [];
  let room = budget;
  for (const pair of newestFirst) {
    room -= count(pair.source) + count(pair.target) + SEPARATORS;
    if (room < 0) break;
    kept.push(pair);
  }
  return kept.reverse();
}

/** A dash, an arrow, a newline, or the marks of two turns. */
const SEPARATORS = 8;

/** Characters of scripts that take about a token each in the vocabularies of present models. */
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;

/** About how many tokens a text has; meant to be high rather than low: a token a dense character, else one for three bytes. */
export function estimateTokens(text: string): number {
  const denseCount = text.match(dense)?.length ?? 0;
  const rest = new TextEncoder().encode(text.replaceAll(dense, '')).length;
  return denseCount + Math.ceil(rest / 3);
}
