/** What each reviewer said about two texts of a segment. Pure. */
import { existingOrigin, type Candidate, type CandidateSet } from '../candidate.ts';
import { candidateHash } from '../hash.ts';
import type { JudgmentEvent } from '../judgment/events.ts';
import { foldStandings, type Standing } from '../judgment/fold.ts';
import { compareEvents, type LiveAct, liveActs } from '../judgment/order.ts';
import { textIssues } from '../quality/broken.ts';
import type { PairKind } from './pair.ts';
import type { Tally } from './dropped.ts';

/** A candidate, or the text that a reviewer wrote. */
export type JudgedText = Pick<Candidate, 'text' | 'issues'> & Partial<Pick<Candidate, 'count' | 'memory' | 'origin' | 'origins'>>;

/** One reviewer says: `better` over `worse`, or, as a tie, neither. */
export interface Relation {
  readonly kind: PairKind | 'tie';
  readonly better: JudgedText;
  readonly worse: JudgedText;
  readonly bc: 0 | 1;
  readonly reviewer: string;
  /** As the judgments name them: the set may have been made when the file had another name. */
  readonly document: string;
  readonly segment: string;
  readonly set: CandidateSet;
  readonly setHash: string;
  /** Newest last. */
  readonly events: readonly JudgmentEvent[];
}

export interface RelationSources {
  readonly sets: ReadonlyMap<string, CandidateSet>;
  readonly acceptedOverSeen: boolean;
}

const seenLimit = 2;
const unranked = Number.MAX_SAFE_INTEGER;

export function collectRelations(events: Iterable<JudgmentEvent>, sources: RelationSources, tally: Tally): readonly Relation[] {
  const collector = new Collector(sources, tally);
  for (const group of groupByReviewer(liveActs(events))) {
    for (const standing of foldStandings(group).values()) collector.fromStanding(standing);
    for (const act of group) collector.fromStatement(act);
  }
  return collector.relations;
}

/** Acts of one document, language and reviewer each. */
function groupByReviewer(events: readonly LiveAct[]): Iterable<readonly LiveAct[]> {
  const groups = new Map<string, LiveAct[]>();
  for (const event of events) {
    const key = JSON.stringify([event.document, event.targetLanguage, event.reviewer]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(event);
  }
  return groups.values();
}

interface Found {
  readonly set: CandidateSet;
  readonly setHash: string;
  readonly candidate: Candidate;
}

class Collector {
  readonly relations: Relation[] = [];
  readonly #sources: RelationSources;
  readonly #tally: Tally;
  readonly #tables = new Map<string, ReadonlyMap<string, Candidate>>();

  constructor(sources: RelationSources, tally: Tally) {
    this.#sources = sources;
    this.#tally = tally;
  }

  fromStanding(standing: Standing): void {
    const { decision } = standing;
    if (decision === undefined) return;
    if (decision.act === 'accept') this.#fromAccept(standing, decision);
    else if (decision.act === 'edit' || decision.act === 'external') this.#fromEdit(standing, decision);
    else if (decision.act === 'confirm') this.#fromScratch(standing, decision);
  }

  fromStatement(act: LiveAct): void {
    if (act.act === 'prefer') this.#state(act, 'preferred', act.better, act.worse);
    if (act.act === 'rank') this.#fromRanking(act, act.groups);
    if (act.act === 'tie') this.#fromTie(act, act.candidates);
  }

  #fromAccept(standing: Standing, decision: LiveAct & { readonly act: 'accept' }): void {
    if (decision.bulk === true) {
      this.#tally.add('bulk', Math.max(1, standing.rejected.size));
      return;
    }
    const accepted = this.#find(decision, decision.candidate);
    if (accepted === undefined) {
      this.#tally.add('missingSet', Math.max(1, standing.rejected.size));
      return;
    }
    const bc = decision.leastBad === true ? 0 : 1;
    this.#overRejected(standing, { ...accepted, text: accepted.candidate, decision, bc });
    if (this.#sources.acceptedOverSeen) this.#overSeen(standing, accepted, { decision, bc });
  }

  #fromEdit(standing: Standing, decision: LiveAct & { readonly act: 'edit' | 'external' }): void {
    const { basis, candidate } = standing;
    if (basis === undefined || candidate === undefined) {
      this.#fromScratch(standing, decision);
      return;
    }
    const original = this.#find(basis, candidate);
    if (original === undefined) {
      this.#tally.add('missingSet');
      return;
    }
    const text = written(standing, decision.text, original.set);
    const events = basis.id === decision.id ? [decision] : [basis, decision];
    this.#add({ ...original, kind: 'editOverOriginal', better: text, worse: original.candidate, bc: 1, events });
    this.#overRejected(standing, { ...original, text, decision, bc: 1 });
  }

  /** Written, or confirmed, without a candidate to start from: there is no original, but there may be rejections. */
  #fromScratch(standing: Standing, decision: LiveAct & { readonly act: 'edit' | 'external' | 'confirm' }): void {
    const setHash = decision.shown?.set;
    const set = setHash === undefined ? undefined : this.#sources.sets.get(setHash);
    if (setHash === undefined || set === undefined) {
      if (standing.rejected.size > 0) this.#tally.add('missingSet', standing.rejected.size);
      return;
    }
    this.#overRejected(standing, { set, setHash, text: written(standing, decision.text, set), decision, bc: 1 });
  }

  #overRejected(
    standing: Standing,
    chosen: Pick<Found, 'set' | 'setHash'> & { readonly text: JudgedText; readonly decision: LiveAct; readonly bc: 0 | 1 },
  ): void {
    for (const [hash, act] of standing.rejected) {
      const rejected = this.#find(act, hash);
      if (rejected === undefined) this.#tally.add('missingSet');
      else if (!samePrompt(rejected.set, chosen.set)) this.#tally.add('differentPrompt');
      else {
        const events = [act, chosen.decision].sort(compareEvents);
        // a text of the file answers no prompt: the pair is one of the other's
        const { set, setHash } = isOfFile(chosen.set) ? rejected : chosen;
        this.#add({ ...chosen, set, setHash, kind: 'acceptedOverRejected', better: chosen.text, worse: rejected.candidate, events });
      }
    }
  }

  /** The best ranked of those that stood beside the accepted one: the ones that a reader surely saw. */
  #overSeen(standing: Standing, accepted: Found, by: { readonly decision: LiveAct; readonly bc: 0 | 1 }): void {
    const seen = (by.decision.shown?.order ?? [])
      .flatMap((hash) => standing.rejected.has(hash) ? [] : [this.#find(by.decision, hash)])
      .filter((found) => found !== undefined && found.candidate.text !== accepted.candidate.text);
    const ranked = seen.toSorted((a, b) => (a?.candidate.rank ?? unranked) - (b?.candidate.rank ?? unranked));
    for (const found of ranked.slice(0, seenLimit)) {
      if (found === undefined) continue;
      this.#add({
        ...accepted, kind: 'acceptedOverSeen', better: accepted.candidate, worse: found.candidate, bc: by.bc, events: [by.decision],
      });
    }
  }

  #fromRanking(act: LiveAct, groups: readonly (readonly string[])[]): void {
    groups.forEach((group, index) => {
      const lower = groups.slice(index + 1).flat();
      for (const better of group) for (const worse of lower) this.#state(act, 'ranked', better, worse);
    });
  }

  #fromTie(act: LiveAct, candidates: readonly string[]): void {
    candidates.forEach((one, index) => {
      for (const other of candidates.slice(index + 1)) this.#state(act, 'tie', one, other);
    });
  }

  #state(act: LiveAct, kind: 'preferred' | 'ranked' | 'tie', better: string, worse: string): void {
    const [chosen, rejected] = [this.#find(act, better), this.#find(act, worse)];
    if (chosen !== undefined && rejected !== undefined) {
      this.#add({ ...chosen, kind, better: chosen.candidate, worse: rejected.candidate, bc: 0, events: [act] });
    } else if (kind !== 'tie') this.#tally.add('missingSet');
  }

  #add(relation: Omit<Relation, 'reviewer' | 'document' | 'segment'> & { readonly events: readonly LiveAct[] }): void {
    const { kind, better, worse, bc, set, setHash, events } = relation;
    const [first] = events;
    if (first === undefined) return;
    const { reviewer, document, segment } = first;
    this.relations.push({ kind, better, worse, bc, set, setHash, events, reviewer, document, segment });
  }

  #find(act: LiveAct, hash: string): Found | undefined {
    const setHash = act.shown?.set;
    const set = setHash === undefined ? undefined : this.#sources.sets.get(setHash);
    if (setHash === undefined || set === undefined) return undefined;
    const table = this.#tables.get(setHash) ?? new Map(set.candidates.map((candidate) => [candidateHash(candidate.text), candidate]));
    this.#tables.set(setHash, table);
    const candidate = table.get(hash);
    return candidate === undefined ? undefined : { set, setHash, candidate };
  }
}

/** A text that a person wrote, with what it lost of its source, unless they said that this is none. */
function written({ dismissed }: Standing, text: string, { segment }: CandidateSet): JudgedText {
  const { source, sourceLanguage, targetLanguage } = segment;
  const excused = new Set([...dismissed.values()].map(({ detail }) => detail));
  const issues = textIssues({ source, translation: text, sourceLanguage, targetLanguage }).filter(({ detail }) => !excused.has(detail));
  return issues.length === 0 ? { text } : { text, issues };
}

/** A set of what the target file held, and of nothing that a model drew. */
function isOfFile({ signature }: CandidateSet): boolean {
  return signature.backend === existingOrigin;
}

function samePrompt(a: CandidateSet, b: CandidateSet): boolean {
  return a === b || isOfFile(a) || isOfFile(b) || (
    a.segment.source === b.segment.source
    && a.segment.sourceLanguage === b.segment.sourceLanguage
    && a.segment.targetLanguage === b.segment.targetLanguage
    && a.signature.promptHash === b.signature.promptHash
    && a.signature.steering?.instruction === b.signature.steering?.instruction
    && a.signature.steering?.prefix === b.signature.steering?.prefix
  );
}
