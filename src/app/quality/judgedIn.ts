import type { CandidateSet } from '../../core/candidate.ts';
import { candidateHash } from '../../core/hash.ts';
import type { Dismissal } from '../../core/judgment/events.ts';
import { foldStandings, type Standing } from '../../core/judgment/fold.ts';
import type { LiveAct } from '../../core/judgment/order.ts';
import type { Acceptance } from '../../protocol/checking.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';

/** What reviewers made of a document, as far as checks look at it; by segment. */
export interface Judged {
  readonly dismissed: ReadonlyMap<string, readonly Dismissal[]>;
  readonly acceptances: ReadonlyMap<string, Acceptance>;
}

/** Whoever looked longer than this has read any segment. Milliseconds. */
const readAfter = 15_000;

/** Cost: the events of the folder, and one set for each text that was accepted fast; sets are read once. */
export async function judgedIn(store: WorkspaceStore, document: string, targetLanguage: string): Promise<Judged> {
  const events = await store.events();
  const standings = foldStandings(events.filter((event) => event.document === document && event.targetLanguage === targetLanguage));
  const dismissed = new Map([...standings].flatMap(([segment, { dismissed: own }]) => (own.size === 0 ? [] : [[segment, [...own.values()]] as const])));
  return { dismissed, acceptances: await acceptancesOf(standings, store) };
}

async function acceptancesOf(standings: ReadonlyMap<string, Standing>, store: WorkspaceStore): Promise<Judged['acceptances']> {
  const quick = [...standings].flatMap(([segment, { decision }]) => (isQuick(decision) ? [{ segment, candidate: decision.candidate, shown: decision.shown }] : []));
  const { sets } = await store.sets.read(quick.map(({ shown }) => shown.set));
  return new Map(quick.flatMap(({ segment, candidate, shown }) => {
    const acceptance = acceptanceOf(sets.get(shown.set), candidate, shown.elapsedMs);
    return acceptance === undefined ? [] : [[segment, acceptance] as const];
  }));
}

type ShownAccept = Extract<LiveAct, { readonly act: 'accept' }> & Required<Pick<LiveAct, 'shown'>>;

/** Accepted one by one, and fast; what is accepted in bulk is not read by anybody who says so. */
function isQuick(decision: LiveAct | undefined): decision is ShownAccept {
  return decision?.act === 'accept' && decision.bulk !== true && decision.shown !== undefined && decision.shown.elapsedMs < readAfter;
}

function acceptanceOf(set: CandidateSet | undefined, wanted: string, elapsedMs: number): Acceptance | undefined {
  const candidate = set?.candidates.find(({ text }) => candidateHash(text) === wanted);
  const mbr = candidate?.scores.mbr;
  return set === undefined || candidate === undefined || mbr === undefined ? undefined : { text: candidate.text, elapsedMs, mbr, utility: set.signature.ranking.utility };
}
