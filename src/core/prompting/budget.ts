/** Document mode: as much of what came before as fits the model's window, and how much did not. Pure. */
import type { PromptContext, TextPair } from './context.ts';

export interface FittedContext {
  readonly context: PromptContext;
  /** Earlier segments that were left out, oldest first: shown to the person. */
  readonly cut: number;
}

/**
 * Keeps the newest previous segments whose tokens fit `budget`; the rest of the context stays.
 * @param budget tokens for previous segments: the window less source, brief, terms and the longest answer
 * @param count tokens of a text: the server's own count, or `estimateTokens`
 */
export function fitPrevious(context: PromptContext, budget: number, count: (text: string) => number): FittedContext {
  const all = context.previous ?? [];
  const kept: TextPair[] = [];
  let room = budget;
  for (const pair of all.toReversed()) {
    room -= count(pair.source) + count(pair.target) + SEPARATORS;
    if (room < 0) break;
    kept.unshift(pair);
  }
  return { context: { ...context, previous: kept }, cut: all.length - kept.length };
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
