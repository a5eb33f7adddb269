/** What a workspace's reviewers have accepted or written, as units of its memory. */
import type { CandidateSet } from '../../core/candidate.ts';
import type { JudgmentEvent } from '../../core/judgment/events.ts';
import { foldStandings, standingText, type Standing } from '../../core/judgment/fold.ts';
import type { MemoryPlace, MemoryUnit } from '../../core/memory/unit.ts';
import { sameLanguage } from '../../core/text/languages.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { textLookup, type WorkspaceStore } from '../../store/workspaceStore.ts';

/** Units by place: `placeKey` of document and segment. */
export async function journalUnits(store: WorkspaceStore, languages: LanguagePair): Promise<ReadonlyMap<string, MemoryUnit>> {
  const events = await store.events();
  const documents = grouped(events, languages);
  const standings = [...documents].flatMap(([document, own]) => [...foldStandings(own)].map(([segment, standing]) => ({ document, segment, standing })));
  const { sets } = await store.sets.read(standings.flatMap(({ standing }) => setOf(standing) ?? []));
  const units = new Map<string, MemoryUnit>();
  for (const { document, segment, standing } of standings) {
    const unit = unitOf(standing, document, sets);
    if (unit !== undefined) units.set(placeKey({ document, segment }), unit);
  }
  return units;
}

export function placeKey({ document, segment }: MemoryPlace): string {
  return `${document}\n${segment}`;
}

export function placeOfKey(key: string): MemoryPlace {
  const cut = key.lastIndexOf('\n');
  return { document: key.slice(0, cut), segment: key.slice(cut + 1) };
}

/** Directions in which anybody has judged. */
export async function judgedPairs(store: WorkspaceStore): Promise<readonly LanguagePair[]> {
  const pairs = (await store.events()).map(({ sourceLanguage: source, targetLanguage: target }) => [`${source}\n${target}`, { source, target }] as const);
  return [...new Map(pairs).values()];
}

function grouped(events: readonly JudgmentEvent[], { source, target }: LanguagePair): ReadonlyMap<string, readonly JudgmentEvent[]> {
  const documents = new Map<string, JudgmentEvent[]>();
  for (const event of events) {
    if (!sameLanguage(event.sourceLanguage, source) || !sameLanguage(event.targetLanguage, target)) continue;
    const own = documents.get(event.document) ?? [];
    documents.set(event.document, own);
    own.push(event);
  }
  return documents;
}

/** The set that names the source; an external edit has none of its own. */
function setOf({ decision, basis }: Standing): string | undefined {
  return decision?.shown?.set ?? basis?.shown?.set;
}

/** The least bad of bad candidates is nothing to go by later; a fill says nothing that the place where it was decided does not. */
function unitOf(standing: Standing, origin: string, sets: ReadonlyMap<string, CandidateSet>): MemoryUnit | undefined {
  const { decision } = standing;
  if (decision === undefined || decision.act === 'propagate' || (decision.act === 'accept' && decision.leastBad === true)) return undefined;
  const target = standingText(standing, textLookup(sets));
  const source = sets.get(setOf(standing) ?? '')?.segment.source;
  if (target === undefined || target.trim() === '' || source === undefined) return undefined;
  return { source, target, origin, by: decision.reviewer, at: decision.at, ...(decision.context !== undefined && { context: decision.context }) };
}
