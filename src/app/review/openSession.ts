import type { CandidateSet } from '../../core/candidate.ts';
import { toAppError, type AppError } from '../../core/errors.ts';
import type { AcceptedText } from '../../protocol/documents.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { problemError } from '../../store/problem.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import { Breath, inTurns } from '../breath.ts';
import type { Computing } from '../compute.ts';
import type { DocumentDesk } from '../documents/documentDesk.ts';
import { standingOf, type Target } from '../documents/target.ts';
import { segmentRef } from '../openDocument.ts';
import { Judgments } from './judgments.ts';
import { defaultPropagation, type PropagationParts, type PropagationSettings } from './propagation.ts';
import { ReviewSession } from './reviewSession.ts';
import { SessionMemory, type MemoryAccess } from './sessionMemory.ts';
import { openRecord, type Records, type SegmentRecord, type ViewContext } from './segmentRecord.ts';
import type { SessionListener } from './sessionParts.ts';

export interface OpenSessionRequest {
  readonly desk: DocumentDesk;
  readonly languages: LanguagePair;
  readonly store: WorkspaceStore;
  readonly compute: Computing;
  readonly view: ViewContext;
  readonly listener: SessionListener;
  /** Share of all sources that is held out for the gate, 0 to 0.5. */
  readonly heldOutShare: number;
  /** Absent: no memory is asked or told. */
  readonly memory?: MemoryAccess;
  /** Absent: as the settings are by default. */
  readonly propagation?: PropagationParts['settings'];
}

export interface OpenedSession {
  readonly session: ReviewSession;
  readonly target: Target;
  readonly memory: SessionMemory | undefined;
  readonly focus: string | undefined;
  /** Records that could not be read and were set aside. */
  readonly problems: readonly AppError[];
  /** Settles when the aligner has learned from the candidates that were there, with what it failed of; nothing waits for it. */
  readonly learned: Promise<AppError | undefined>;
}

/** Brings a review back as it was left: judgments, candidates, drafts, and what stands in the target. Undefined: cancelled. */
export async function openSession(request: OpenSessionRequest): Promise<OpenedSession | undefined> {
  const { desk, languages, store, compute, view } = request;
  const { document } = desk;
  const name = { document: document.key, targetLanguage: languages.target };
  const intake = await takenIn(request);
  const recorded = await desk.judgments();
  const memory = request.memory === undefined ? undefined : await SessionMemory.open(request.memory, document, languages);
  const judgments = await Judgments.open(store, name, view.reviewer, { ...recorded, ...(memory !== undefined && { contextOf: memory.contextOf, onJudged: memory.onJudged }) });
  const opened = await desk.openTarget(await acceptedTexts(judgments));
  if (opened === undefined) return undefined;
  const { drafts, problems } = await store.drafts.load(name);
  const records = await openRecords(request, judgments, {
    sets: await bySegment(await desk.candidates()),
    drafts: new Map([...drafts].map(([segment, draft]) => [segment, draft.text])),
  });
  const session = new ReviewSession({
    document, languages, store, judgments, target: opened.target, compute, view,
    propagation: { repeats: (params) => desk.repeats(params), settings: request.propagation ?? ((): PropagationSettings => defaultPropagation) },
  }, request.listener, records);
  await session.refreshDocument();
  const learned = session.refineAligner().then(() => undefined, (thrown: unknown) => toAppError(thrown, 'aligner'));
  return { session, memory, ...opened, learned, problems: [...intake, ...recorded.problems, ...problems.map(problemError)] };
}

/** A folder that cannot be written to can still be read. */
async function takenIn({ desk, heldOutShare }: OpenSessionRequest): Promise<readonly AppError[]> {
  try {
    await desk.takeIn(heldOutShare);
    return [];
  } catch (thrown) {
    return [toAppError(thrown, desk.document.key)];
  }
}

/** Each segment with its text, as people read it, and whether somebody has looked at it. */
async function acceptedTexts(judgments: Judgments): Promise<ReadonlyMap<string, AcceptedText>> {
  const breath = new Breath();
  const texts = new Map<string, AcceptedText>();
  for (const segment of judgments.segments) {
    if (breath.isDue) await breath.taken();
    const judgment = judgments.of(segment);
    if (judgment?.text !== undefined) texts.set(segment, { text: judgment.text, standing: standingOf(judgment) });
  }
  return texts;
}

interface Stored {
  /** By segment, oldest first. */
  readonly sets: ReadonlyMap<string, readonly CandidateSet[]>;
  readonly drafts: ReadonlyMap<string, string>;
}

async function openRecords({ desk, languages }: OpenSessionRequest, judgments: Judgments, { sets, drafts }: Stored): Promise<Records> {
  const isHeldOut = await desk.heldOut();
  const breath = new Breath();
  const byId = new Map<string, SegmentRecord>();
  const order: string[] = [];
  const finished = new Set<string>();
  for (const segment of desk.document.segments) {
    if (breath.isDue) await breath.taken();
    const { id } = segment;
    const about = { number: order.length + 1, segment, ref: segmentRef(desk.document, segment, languages), heldOut: isHeldOut(segment.source), draft: drafts.get(id) };
    const record = openRecord(about, judgments.judgedSets(id).concat(sets.get(id) ?? []));
    // the file says what it holds where nothing of ours stands in it
    if (judgments.of(id)?.text === undefined) record.existing = undefined;
    byId.set(id, record);
    order.push(id);
    if (record.set !== undefined) finished.add(id);
  }
  return { byId, order, finished };
}

async function bySegment(sets: readonly CandidateSet[]): Promise<ReadonlyMap<string, readonly CandidateSet[]>> {
  const found = new Map<string, CandidateSet[]>();
  await inTurns(sets, (set) => {
    const known = found.get(set.segment.id);
    if (known === undefined) found.set(set.segment.id, [set]);
    else known.push(set);
  });
  return found;
}
