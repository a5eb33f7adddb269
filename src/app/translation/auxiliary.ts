/** PMP-O (LMT, arXiv 2511.07003): a translation into a related language that the memory holds stands in the prompt. */
import { memoryExample } from '../../core/memory/fit.ts';
import type { MemoryMatch } from '../../core/memory/unit.ts';
import { auxiliaryFor } from '../../core/prompting/auxiliary.ts';
import type { PromptContext } from '../../core/prompting/context.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { RunContext, SegmentJob } from './translateSegment.ts';

/** What the memory holds of a segment in the auxiliary language, best first. */
export type AuxiliaryMatches = (segment: string, signal: AbortSignal) => Promise<readonly MemoryMatch[]>;

/** Only a translation of the whole segment says what the segment says. Percent. */
export const wholeMatch = { count: 1, least: 100 } as const;

/** The direction in which the memory is asked; undefined where the method has no auxiliary language. */
export function auxiliaryPair({ source, target }: LanguagePair): LanguagePair | undefined {
  const choice = auxiliaryFor(source, target);
  return choice.kind === 'none' ? undefined : { source, target: choice.language };
}

/** The auxiliary translation of a segment, as a part of its prompt; nothing where the memory has none. */
export async function givenAuxiliary({ settings, description, auxiliary }: RunContext, { ref }: SegmentJob, signal: AbortSignal): Promise<Pick<PromptContext, 'auxiliary'>> {
  const pair = auxiliaryPair({ source: ref.sourceLanguage, target: ref.targetLanguage });
  if (settings.auxiliary !== 'memory' || !description.parts.includes('auxiliary') || auxiliary === undefined || pair === undefined) return {};
  const [match] = await auxiliary(ref.id, signal);
  const text = match === undefined || match.score < wholeMatch.least ? undefined : memoryExample(match.unit)?.target;
  return text === undefined ? {} : { auxiliary: { mode: 'given', language: pair.target, text } };
}
