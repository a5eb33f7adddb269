/** What many acts add up to. Pure: the same events in any order and with any repeats give the same result. */
import { assertNever } from '../errors.ts';
import { dismissalKey } from '../quality/dismissed.ts';
import type { Dismissal, IdiomHandling, JudgmentEvent, SegmentJudgment, StyleVerdict } from './events.ts';
import { type LiveAct, liveActs } from './order.ts';

/** Which judgments to fold: segment ids mean something only within one document and one target language. */
export interface JudgmentScope {
  readonly document: string;
  readonly targetLanguage: string;
  /** Undefined: the acts of all reviewers, the newest counts. */
  readonly reviewer?: string;
}

/** The text of a candidate of a frozen set; undefined where the set is not at hand. */
export type CandidateTextLookup = (set: string, candidate: string) => string | undefined;

/** Final standing of a segment with the acts that made it, as `buildPairs` needs it. */
export interface Standing {
  state: SegmentJudgment['state'];
  /** The accept, edit, external, confirm or propagate act that the state comes from. */
  decision: LiveAct | undefined;
  /** The act that named `candidate`: the decision itself, or the accept before an external edit. */
  basis: LiveAct | undefined;
  candidate: string | undefined;
  /** Candidate hash to the act that rejected it. */
  readonly rejected: Map<string, LiveAct>;
  readonly idiom: Map<string, IdiomHandling>;
  readonly style: Map<string, StyleVerdict>;
  readonly comments: string[];
  /** By check and detail. */
  readonly dismissed: Map<string, Dismissal>;
  last: LiveAct | undefined;
}

/**
 * Judgment of every segment that anyone acted on. The latest accept, edit or external edit wins; rejecting the accepted
 * candidate takes the acceptance back, so does "all bad"; accepting a candidate takes its rejection back. A fill counts
 * only where nobody has decided anything. Undone acts count as never made. Cost n log n in the number of events.
 */
export function foldJudgments(
  events: Iterable<JudgmentEvent>,
  scope: JudgmentScope,
  textOf: CandidateTextLookup,
): ReadonlyMap<string, SegmentJudgment> {
  const standings = foldStandings(selectScope(events, scope));
  return new Map([...standings].map(([segment, standing]) => [segment, toJudgment(segment, standing, textOf)]));
}

function* selectScope(events: Iterable<JudgmentEvent>, scope: JudgmentScope): Iterable<JudgmentEvent> {
  for (const event of events) {
    const here = event.document === scope.document && event.targetLanguage === scope.targetLanguage;
    if (here && (scope.reviewer === undefined || event.reviewer === scope.reviewer)) yield event;
  }
}

/** Standings by segment id, for events of one document and target language. Undone segments remain, as unreviewed. */
export function foldStandings(events: Iterable<JudgmentEvent>): ReadonlyMap<string, Standing> {
  const all = [...events];
  const standings = new Map<string, Standing>();
  for (const act of liveActs(all)) applyAct(standingOf(standings, act.segment), act);
  for (const event of all) standingOf(standings, event.segment);
  return new Map([...standings].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function standingOf(standings: Map<string, Standing>, segment: string): Standing {
  const known = standings.get(segment);
  if (known !== undefined) return known;
  const fresh: Standing = {
    state: 'unreviewed', decision: undefined, basis: undefined, candidate: undefined, last: undefined,
    rejected: new Map(), idiom: new Map(), style: new Map(), comments: [], dismissed: new Map(),
  };
  standings.set(segment, fresh);
  return fresh;
}

function applyAct(standing: Standing, act: LiveAct): void {
  if (act.act === 'propagate' && standing.state !== 'unreviewed' && standing.state !== 'filled') return;
  standing.last = act;
  switch (act.act) {
    case 'accept':
      standing.rejected.delete(act.candidate);
      decide(standing, 'accepted', act, { basis: act, candidate: act.candidate });
      return;
    case 'edit':
      decide(standing, 'edited', act, { basis: act, candidate: act.from });
      return;
    case 'external':
      decide(standing, 'edited', act, { basis: standing.basis, candidate: standing.candidate });
      return;
    case 'reject':
      standing.rejected.set(act.candidate, act);
      if (standing.state === 'accepted' && standing.candidate === act.candidate) withdraw(standing, 'unreviewed');
      return;
    case 'allBad':
      withdraw(standing, 'allBad');
      return;
    case 'propagate':
      if (act.text === undefined) withdraw(standing, 'unreviewed');
      else decide(standing, 'filled', act, unfounded);
      return;
    case 'confirm':
      decide(standing, 'accepted', act, unfounded);
      return;
    default:
      applyMark(standing, act);
  }
}

/** Acts that leave the segment's text as it is. */
function applyMark(standing: Standing, act: Exclude<LiveAct, { readonly act: 'accept' | 'edit' | 'external' | 'reject' | 'allBad' | 'propagate' | 'confirm' }>): void {
  switch (act.act) {
    case 'idiom':
      mark(standing.idiom, act.candidate, act.value);
      return;
    case 'style':
      mark(standing.style, act.candidate, act.value);
      return;
    case 'comment':
      standing.comments.push(act.text);
      return;
    case 'dismiss':
      standing.dismissed.set(dismissalKey(act), { check: act.check, detail: act.detail, reason: act.reason });
      return;
    case 'prefer':
    case 'tie':
    case 'rank':
      return;
    default:
      assertNever(act);
  }
}

/** No candidate of the segment's own stands behind the text. */
const unfounded = { basis: undefined, candidate: undefined };

function decide(
  standing: Standing,
  state: 'accepted' | 'edited' | 'filled',
  decision: LiveAct,
  from: { readonly basis: LiveAct | undefined; readonly candidate: string | undefined },
): void {
  Object.assign(standing, { state, decision, ...from });
}

function withdraw(standing: Standing, state: 'unreviewed' | 'allBad'): void {
  Object.assign(standing, { state, decision: undefined, basis: undefined, candidate: undefined });
}

function mark<T extends string>(marks: Map<string, T>, candidate: string, value: T | 'none'): void {
  if (value === 'none') marks.delete(candidate);
  else marks.set(candidate, value);
}

function toJudgment(segment: string, standing: Standing, textOf: CandidateTextLookup): SegmentJudgment {
  const text = standingText(standing, textOf);
  return {
    segment,
    state: standing.state,
    ...(text === undefined ? {} : { text }),
    ...(standing.candidate === undefined ? {} : { candidate: standing.candidate }),
    rejected: [...standing.rejected.keys()].sort(),
    idiom: standing.idiom,
    style: standing.style,
    comments: standing.comments,
    dismissed: [...standing.dismissed.values()],
    ...(standing.decision === undefined ? {} : { decision: standing.decision.id }),
    ...filledFrom(standing),
    ...(standing.last === undefined ? {} : { undoable: standing.last.id }),
  };
}

function filledFrom({ decision }: Standing): Pick<SegmentJudgment, 'filled'> {
  if (decision?.act !== 'propagate') return {};
  const { from, score } = decision;
  return { filled: { from, ...(score === undefined ? {} : { score }) } };
}

/** The text that a decision put into the document; undefined without one, or where the judged set is missing. */
export function standingText(standing: Standing, textOf: CandidateTextLookup): string | undefined {
  const { decision } = standing;
  if (decision === undefined) return undefined;
  if (decision.act === 'edit' || decision.act === 'external' || decision.act === 'confirm' || decision.act === 'propagate') return decision.text;
  if (decision.act !== 'accept' || decision.shown === undefined) return undefined;
  return textOf(decision.shown.set, decision.candidate);
}
