import type { Candidate, CandidateSet, SegmentRef, Steering } from '../../core/candidate.ts';
import { AppError } from '../../core/errors.ts';
import type { CodecId, SegmentText } from '../../core/document/segment.ts';
import { formOf, nameIn } from '../../core/document/segmentPlace.ts';
import type { Glossary } from '../../core/glossary/glossary.ts';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import { candidateHash, sha256Hex } from '../../core/hash.ts';
import { brokenLast } from '../../core/quality/broken.ts';
import { undismissed } from '../../core/quality/dismissed.ts';
import { openRevision } from './revisions.ts';
import { existingCandidate, isExisting, withExisting, withoutExisting } from './existing.ts';
import type { CandidateView, Difference, FindingView, ReviewAct, SegmentState, SegmentView } from '../../protocol/review.ts';

/** Everything the session knows of one segment while the review is open. */
export interface SegmentRecord {
  /** 1-based position in the document. */
  readonly number: number;
  readonly segment: SegmentText;
  readonly ref: SegmentRef;
  /** Kept for the gate: judged blind in any session, and shown to no model. */
  readonly heldOut: boolean;
  state: SegmentState;
  /** Ranked so far; the finished set has the signature. */
  candidates: readonly Candidate[];
  set: CandidateSet | undefined;
  /** Sets that the reviewer asked for when that one did not do, newest first. */
  asked: readonly CandidateSet[];
  /** It was made with earlier segments in the prompt that read otherwise by now. */
  stale: boolean;
  /** Made anew while the reader was looking at the old one: shown when they have left. */
  next: CandidateSet | undefined;
  /** What has come so far of one that is being drawn. */
  arriving: { readonly steering: Steering; readonly candidates: readonly Candidate[] } | undefined;
  error: AppError | undefined;
  draft: string | undefined;
  /** What stands in the document, when it is not what was accepted. */
  inDocument: string | undefined;
  /** What checks say of the text in the target file. */
  findings: readonly FindingView[];
  /** What the target file holds, or held before anybody accepted something here. */
  existing: string | undefined;
  /** What another reviewer returned for it. */
  revision: { readonly reviewer: string; readonly text: string } | undefined;
  /** Places that its text could fill if a person wants it; absent before it was looked for. */
  near?: number;
}

/** The segments of a review. */
export interface Records {
  readonly byId: ReadonlyMap<string, SegmentRecord>;
  /** Ids in document order. */
  readonly order: readonly string[];
  /** Segments with a finished set: counted at every step of a run, so never by a walk over all. */
  readonly finished: Set<string>;
}

const none: readonly never[] = [];

/** A segment as it is found when a review opens. */
export function openRecord(given: Pick<SegmentRecord, 'number' | 'segment' | 'ref' | 'heldOut' | 'draft'>, found: readonly CandidateSet[]): SegmentRecord {
  const parts = found.length === 0 ? none : found.map(withoutExisting);
  const sets = parts.length === 0 ? none : parts.flatMap(({ drawn }) => drawn ?? []);
  const set = sets.findLast(({ signature }) => signature.steering === undefined);
  // one literal: a long document has hundreds of thousands of these
  return {
    number: given.number,
    segment: given.segment,
    ref: given.ref,
    heldOut: given.heldOut,
    draft: given.draft,
    state: set === undefined ? 'waiting' : 'ready',
    candidates: set?.candidates ?? none,
    set,
    asked: sets.length === 0 ? none : askedSets(sets),
    stale: false,
    next: undefined,
    arriving: undefined,
    error: undefined,
    inDocument: undefined,
    findings: none,
    existing: parts.findLast(({ existing }) => existing !== undefined)?.existing,
    revision: undefined,
  };
}

/** Newest round first; of a round that was ranked again the last set. */
function askedSets(sets: readonly CandidateSet[]): readonly CandidateSet[] {
  const rounds = new Map(sets.flatMap((set) => (set.signature.steering === undefined ? [] : [[set.signature.steering.round, set] as const])));
  return [...rounds].sort(([a], [b]) => b - a).map(([, set]) => set);
}

/** The set to which an act on this candidate belongs; an act on the segment as a whole belongs to the first set. */
export function setHolding(record: SegmentRecord, candidate: string | undefined): CandidateSet | undefined {
  const sets = [record.set, ...record.asked.toReversed()].filter((set) => set !== undefined);
  const whole = candidate === undefined || isExisting(record, candidate);
  const holding = sets.find((set) => whole || set.candidates.some(({ text }) => candidateHash(text) === candidate));
  return whole || holding !== undefined ? withExisting(record, holding) : undefined;
}

/** The last round of asking that this segment has seen. */
export function lastRound({ asked, arriving }: SegmentRecord): number {
  return Math.max(0, arriving?.steering.round ?? 0, ...asked.map(({ signature }) => signature.steering?.round ?? 0));
}

/** An error that names a segment by its id names it by its number, as the review shows it. */
export function numbered(error: AppError, record: (segment: string) => SegmentRecord | undefined): AppError {
  const found = 'segment' in error.data ? record(error.data.segment) : undefined;
  return found === undefined ? error : new AppError(error.code, { ...error.data, segment: String(found.number) }, error);
}

/** The candidate that an act names. */
export function namedIn(what: ReviewAct): string | undefined {
  if ('candidate' in what) return what.candidate;
  return what.act === 'edit' ? what.from : undefined;
}

/** @throws AppError `input.invalid` for a candidate that is not here */
export function textOf(record: SegmentRecord, candidate: string): string {
  const found = shownCandidates(record).find(({ candidate: other }) => candidateHash(other.text) === candidate);
  if (found === undefined) throw new AppError('input.invalid', { where: record.segment.id, reason: `no candidate ${candidate}` });
  return found.candidate.text;
}

interface ShownCandidate {
  readonly candidate: Candidate;
  /** The target file held it before the review. */
  readonly existing?: true;
  readonly asked?: Steering;
}

/** The file's own translation stands first, then what was asked for, newest on top; a text that was there before stays where it was; broken ones stand last. */
export function shownCandidates({ ref, candidates, asked, arriving, existing }: SegmentRecord): readonly ShownCandidate[] {
  const groups: readonly (readonly ShownCandidate[])[] = [
    candidates.map((candidate) => ({ candidate })),
    ...asked.toReversed().map((set) => shownAs(set.candidates, set.signature.steering)),
    shownAs(arriving?.candidates ?? [], arriving?.steering),
  ];
  const held = existing === undefined ? undefined : groups.flat().find(({ candidate }) => candidate.text === existing) ?? { candidate: existingCandidate(ref, existing) };
  const first: readonly ShownCandidate[] = held === undefined ? none : [{ ...held, existing: true }];
  const seen = new Set(first.map(({ candidate }) => candidate.text));
  const fresh = groups.map((group) => group.filter(({ candidate }) => !seen.has(candidate.text) && seen.add(candidate.text)));
  return brokenLast([...first, ...fresh.toReversed().flat()], ({ candidate }) => candidate);
}

function shownAs(candidates: readonly Candidate[], asked: Steering | undefined): readonly ShownCandidate[] {
  return candidates.map((candidate) => (asked === undefined ? { candidate } : { candidate, asked }));
}

export interface ViewContext {
  readonly reviewer: string;
  /** The whole session; segments that are held out are judged blind in any. */
  readonly blind: boolean;
  readonly message: (error: AppError) => string;
  readonly glossary?: Glossary;
}

export function isBlind({ heldOut }: Pick<SegmentRecord, 'heldOut'>, { blind }: Pick<ViewContext, 'blind'>): boolean {
  return blind || heldOut;
}

/** What a segment's view says of the others. */
export interface RepeatViews {
  readonly numberOf: (segment: string) => number | undefined;
  /** How many segments hold its text and are not confirmed. */
  readonly filledFrom: (segment: string) => number;
}

/** Whether a person has decided something about the segment as a whole. */
export function isReviewed(state: SegmentJudgment['state'] | undefined): boolean {
  return state === 'accepted' || state === 'edited' || state === 'allBad';
}

/** A segment as the webview draws it. */
export function segmentView(record: SegmentRecord, judgment: SegmentJudgment | undefined, context: ViewContext & { readonly repeats: RepeatViews; readonly codec: CodecId }): SegmentView {
  const difference = differenceOf(record, judgment);
  const revision = openRevision(record, judgment);
  return {
    id: record.segment.id,
    number: record.number,
    source: record.segment.source,
    state: record.state,
    review: judgment?.state ?? 'unreviewed',
    omission: (record.candidates[0]?.scores.omittedWords ?? 0) > 0,
    comments: judgment?.comments ?? [],
    ...(record.heldOut && { heldOut: true as const }),
    ...(record.set === undefined ? {} : { utility: record.set.signature.ranking.utility }),
    ...(record.set?.signature.adaptive === undefined ? {} : { drawn: drawnOf(record.set) }),
    findings: undismissed(judgment?.text === undefined ? record.findings.filter(({ check }) => check !== 'sameAsSource') : record.findings, judgment?.dismissed ?? []),
    dismissed: judgment?.dismissed ?? [],
    ...(record.set?.signature.context === undefined ? {} : { context: record.set.signature.context }),
    candidates: candidateViews(record, judgment, context),
    ...(record.segment.unit?.maxLength === undefined ? {} : { maxLength: record.segment.unit.maxLength }),
    ...(record.segment.unit?.note === undefined ? {} : { note: record.segment.unit.note }),
    ...placeView(record, context.codec),
    ...termViews(record.segment.source, context.glossary),
    ...repeatsView(record, judgment, context.repeats),
    ...(judgment?.text === undefined ? {} : { accepted: judgment.text }),
    ...(judgment?.candidate === undefined ? {} : { acceptedCandidate: judgment.candidate }),
    ...(record.draft === undefined ? {} : { draft: record.draft }),
    ...(difference === undefined ? {} : { difference }),
    ...(revision === undefined ? {} : { revision }),
    ...(record.error === undefined ? {} : { error: { message: context.message(record.error) } }),
  };
}

/** What the file calls it, which plural form it is, and how far the file says that its translation has come. */
function placeView({ segment: { source, unit }, ref }: SegmentRecord, codec: CodecId): Pick<SegmentView, 'name' | 'form' | 'fileState'> {
  if (unit === undefined) return {};
  const [name, form] = [nameIn(codec, unit, source), formOf(unit, ref.targetLanguage)];
  const fileState = unit.existing === undefined ? undefined : unit.state;
  return { ...(name !== undefined && { name }), ...(form !== undefined && { form }), ...(fileState !== undefined && { fileState }) };
}

/** Samples of the backend itself; a teacher's candidate is beside them. */
function drawnOf({ candidates, signature }: CandidateSet): NonNullable<SegmentView['drawn']> {
  const samples = candidates.reduce((sum, { count, teacher }) => (teacher === true ? sum : sum + count), 0);
  return { samples, most: signature.sampling.n };
}

function termViews(source: string, glossary: Glossary | undefined): Pick<SegmentView, 'terms'> {
  const found = glossary?.in(source) ?? [];
  return found.length === 0 ? {} : { terms: found.map(({ term, range }) => ({ ...term, ...range })) };
}

/** Where a filled segment's text comes from, and what a decided one's text has filled. */
function repeatsView({ segment, near = 0 }: SegmentRecord, judgment: SegmentJudgment | undefined, { numberOf, filledFrom }: RepeatViews): Pick<SegmentView, 'filled' | 'repeats'> {
  if (judgment?.filled !== undefined) {
    const { from, score } = judgment.filled;
    return { filled: { from: numberOf(from) ?? 0, ...(score === undefined ? {} : { score }) } };
  }
  const filled = judgment?.text === undefined ? 0 : filledFrom(segment.id);
  return judgment?.text === undefined || filled + near === 0 ? {} : { repeats: { filled, near } };
}

function differenceOf(record: SegmentRecord, judgment: SegmentJudgment | undefined): Difference | undefined {
  if (record.inDocument === undefined || judgment?.text === undefined) return undefined;
  return { accepted: judgment.text, inDocument: record.inDocument };
}

function candidateViews(record: SegmentRecord, judgment: SegmentJudgment | undefined, context: ViewContext): readonly CandidateView[] {
  const blind = isBlind(record, context);
  const views = shownCandidates(record).map(({ candidate, asked, existing }): CandidateView => {
    const hash = candidateHash(candidate.text);
    const idiom = judgment?.idiom.get(hash);
    const style = judgment?.style.get(hash);
    return {
      hash,
      candidate,
      rejected: judgment?.rejected.includes(hash) ?? false,
      ...(existing === undefined || blind ? {} : { existing }),
      ...(asked === undefined ? {} : { asked }),
      ...(idiom === undefined ? {} : { idiom }),
      ...(style === undefined ? {} : { style }),
    };
  });
  return blind ? brokenLast(shuffled(views, `${context.reviewer} ${record.segment.id}`), ({ candidate }) => candidate) : views;
}

/** A fixed order for this reviewer and segment that says nothing about rank. */
function shuffled(views: readonly CandidateView[], seed: string): readonly CandidateView[] {
  const keyed = views.map((view) => ({ view, key: sha256Hex(`${seed} ${view.hash}`) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ view }) => view);
}
