/**
 * The structured parts as plain instructions, for families whose models follow instructions rather than one fixed string.
 * Pure. Wording is part of a family's version: change it and the version together.
 */
import type { PromptContext, StyleBrief, TextPair } from './context.ts';

/** One block a part, in a fixed order; empty when there is nothing to say. */
export function preamble(context: PromptContext): string[] {
  return [
    ...briefLines(context.brief),
    ...pairBlock('Use these terms:', context.terms),
    ...pairBlock('Similar sentences were translated like this:', context.memory),
    ...pairBlock('The text so far, for context only:', context.previous),
    ...(context.instruction === undefined ? [] : [`Instruction: ${context.instruction}`]),
  ];
}

function briefLines(brief: StyleBrief | undefined): string[] {
  if (brief === undefined) return [];
  const named: readonly (readonly [string, string | undefined])[] = [
    ['Audience', brief.audience],
    ['Register', brief.register],
    ['Genre', brief.genre],
    ['Style', brief.notes],
  ];
  return named.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}

function pairBlock(title: string, pairs: readonly TextPair[] | undefined): string[] {
  if (pairs === undefined || pairs.length === 0) return [];
  return [[title, ...pairs.map((pair) => `- ${pair.source} => ${pair.target}`)].join('\n')];
}
