/** What another glossary makes of sets that are drawn and ranked already. */
import type { CandidateSet } from '../../core/candidate.ts';
import type { Glossary } from '../../core/glossary/glossary.ts';
import { rankByScores } from '../../core/ranking/rankCandidates.ts';
import { Breath } from '../breath.ts';
import { withTermFaults } from '../translation/terms.ts';
import type { FinishedSetsParts } from './finishedSets.ts';

/**
 * Counts the term faults of drawn candidates anew, and puts those that obey the terms above their equals: nothing is scored or
 * drawn. Judged segments stay as they were judged.
 */
export async function reterm({ finished, record: recordOf, isJudged, store, tell }: FinishedSetsParts, glossary: Glossary): Promise<void> {
  const breath = new Breath();
  for (const id of [...finished]) {
    if (breath.isDue) await breath.taken();
    const record = recordOf(id);
    for (const set of [record.set, ...record.asked]) {
      const next = set === undefined || isJudged(id) ? undefined : underTerms(set, glossary);
      if (set === undefined || next === undefined) continue;
      await store.append(next);
      if (record.set === set) Object.assign(record, { set: next, candidates: next.candidates });
      record.asked = record.asked.map((one) => (one === set ? next : one));
      tell(id);
    }
  }
}

/** Undefined where nothing is another. */
function underTerms(set: CandidateSet, glossary: Glossary): CandidateSet | undefined {
  if (set.signature.ranking.utility === 'cometkiwi') return undefined; // an estimate of quality knows no equals
  const bare = set.candidates.map(({ termFaults: _before, ...candidate }) => candidate);
  const counted = withTermFaults(bare, glossary.in(set.segment.source), set.segment);
  if (counted.every(({ termFaults = 0 }, index) => termFaults === (set.candidates[index]?.termFaults ?? 0))) return undefined;
  return { ...set, candidates: rankByScores(counted) };
}
