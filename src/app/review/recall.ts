/** What the memory has come to know since a set was drawn. */
import type { Candidate, CandidateSet } from '../../core/candidate.ts';
import { memoryCandidate } from '../../core/memory/fit.ts';
import type { MemoryMatch } from '../../core/memory/unit.ts';
import { usesModel } from '../../core/ranking/chrfBeside.ts';
import type { FinishedSetsParts } from './finishedSets.ts';

/**
 * Puts the memory's matches of now in the place of those that a finished set has, and ranks anew; a judged segment stays as it
 * was judged. Sets that a model ranked stay as they are: its model may not be there any more.
 */
export async function recall({ record: recordOf, isJudged, compute, store, tell }: FinishedSetsParts, segment: string, matches: readonly MemoryMatch[]): Promise<void> {
  const record = recordOf(segment);
  const { set, ref } = record;
  if (set === undefined || usesModel(set.signature.ranking) || isJudged(segment)) return;
  const fresh = matches.map((match) => memoryCandidate(match, record.segment));
  if (sameTexts(set.candidates.filter(({ memory }) => memory !== undefined), fresh)) return;
  const languages = { source: ref.sourceLanguage, target: ref.targetLanguage };
  const candidates = await compute.rank({ source: ref.source, languages, candidates: [...drawn(set), ...fresh], settings: set.signature.ranking });
  if (record.set !== set || isJudged(segment)) return;
  const next = { ...set, candidates };
  await store.append(next);
  Object.assign(record, { set: next, candidates });
  tell(segment);
}

/** The samples of a set, without what the memory has of them. */
function drawn({ candidates }: CandidateSet): readonly Candidate[] {
  return candidates.filter(({ count }) => count > 0).map(({ memory: _memory, origins, ...candidate }) => {
    const others = origins?.filter((origin) => origin !== 'memory') ?? [];
    return { ...candidate, ...(others.length > 1 && { origins: others }) };
  });
}

function sameTexts(a: readonly Candidate[], b: readonly Candidate[]): boolean {
  const keys = (list: readonly Candidate[]): string => JSON.stringify(list.map(({ text, memory }) => [text, memory?.score, memory?.kind]).sort());
  return keys(a) === keys(b);
}
