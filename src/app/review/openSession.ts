import type { CandidateSet } from '../../core/candidate.ts';
import type { AppError } from '../../core/errors.ts';
import { matchExisting } from '../../core/document/target.ts';
import { isKeyed, matchKeyed } from '../../core/document/unitTarget.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { DocumentState } from '../../store/documentState.ts';
import { problemError } from '../../store/problem.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import type { Computing } from '../compute.ts';
import { parseAs, type OpenedDocument } from '../openDocument.ts';
import type { TargetFile } from '../targetFile.ts';
import { carryOver, reattached, type TargetMemory } from './carryOver.ts';
import { Judgments } from './judgments.ts';
import { ReviewSession } from './reviewSession.ts';
import type { SessionListener } from './sessionParts.ts';
import { TargetState } from './targetState.ts';
import { isInPlace, TargetText } from './targetText.ts';
import type { ViewContext } from './segmentRecord.ts';

/** What to do with a target file that holds something we did not write. */
export type ForeignTarget = 'merge' | 'overwrite' | 'cancel';

export interface OpenSessionRequest {
  readonly document: OpenedDocument;
  readonly languages: LanguagePair;
  readonly store: WorkspaceStore;
  readonly target: TargetFile;
  readonly compute: Computing;
  readonly view: ViewContext;
  readonly listener: SessionListener;
  /** Asked when the target file already holds other content. */
  readonly askAboutTarget: (path: string) => Promise<ForeignTarget>;
}

export interface OpenedSession {
  readonly session: ReviewSession;
  readonly target: TargetState;
  readonly focus: string | undefined;
  /** Records that could not be read and were set aside. */
  readonly problems: readonly AppError[];
}

/** Brings a review back as it was left: judgments, candidates, drafts, and what stands in the target. Undefined: cancelled. */
export async function openSession(request: OpenSessionRequest): Promise<OpenedSession | undefined> {
  const { document, languages, store } = request;
  const name = { document: document.key, targetLanguage: languages.target };
  const judgments = await Judgments.open(store, name, request.view.reviewer);
  const state = await store.states.load(name);
  const target = await openTarget(request, judgments, state);
  if (target === undefined) return undefined;
  const { sets } = await store.candidates.load(document.key, languages.target);
  const { drafts, problems } = await store.drafts.load(name);
  const session = new ReviewSession(
    { document, languages, store, judgments, target, compute: request.compute, view: request.view },
    request.listener,
    bySegment(sets),
    new Map([...drafts].map(([segment, draft]) => [segment, draft.text])),
  );
  await session.refreshDocument();
  const told = [...judgments.problems, ...problems].filter((problem) => !('fresh' in problem) || problem.fresh);
  return { session, target, focus: state?.focus, problems: told.map(problemError) };
}

function bySegment(sets: readonly CandidateSet[]): ReadonlyMap<string, readonly CandidateSet[]> {
  const found = new Map<string, CandidateSet[]>();
  for (const set of sets) found.set(set.segment.id, [...(found.get(set.segment.id) ?? []), set]);
  return found;
}

async function openTarget(request: OpenSessionRequest, judgments: Judgments, state: DocumentState | undefined): Promise<TargetState | undefined> {
  const { document, target, languages } = request;
  if (isInPlace(document, target)) return targetState(request, memoryInPlace(document, judgments, state));
  const actual = await target.read();
  if (actual === undefined || actual === document.parsed.text) return targetState(request, nothing);
  const accepted = acceptedTexts(document, judgments);
  if (isKeyed(document.parsed)) return targetState(request, keyedMemory(request, { actual, accepted, state }));
  if (state === undefined && accepted.size > 0) return targetState(request, { ...nothing, written: accepted });
  if (state?.source === document.parsed.text) return targetState(request, reattached(state, document.parsed));
  const carried = state === undefined ? undefined : carryOver(document, languages, state, actual);
  return carried === undefined ? decide(request, actual, accepted) : rewritten(targetState(request, carried));
}

/** The file holds what nobody here remembers, so a person decides. */
async function decide(request: OpenSessionRequest, actual: string, accepted: ReadonlyMap<string, string>): Promise<TargetState | undefined> {
  switch (await request.askAboutTarget(request.target.path)) {
    case 'cancel': return undefined;
    case 'overwrite': return rewritten(targetState(request, { ...nothing, written: accepted }));
    case 'merge': {
      const existing = existingTexts(request, actual);
      const state = targetState(request, { ...nothing, written: existing, existing });
      await state.remember();
      return state;
    }
  }
}

async function rewritten(state: TargetState): Promise<TargetState> {
  await state.rewrite();
  return state;
}

const nothing: TargetMemory = { written: new Map(), existing: new Map(), acknowledged: new Map() };

function targetState({ document, languages, target, store }: OpenSessionRequest, memory: TargetMemory): TargetState {
  return new TargetState({
    text: new TargetText({ document, languages, file: target, texts: memory.written }),
    states: store.states,
    name: { document: document.key, targetLanguage: languages.target },
    source: { source: document.parsed.text, segments: document.parsed.segments.map(({ id, source }) => ({ id, source })) },
    existing: memory.existing,
    acknowledged: memory.acknowledged,
  });
}

/** Accepted texts as they stand in the file's format. */
function acceptedTexts(document: OpenedDocument, judgments: Judgments): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const segment of document.parsed.segments) {
    const text = judgments.of(segment.id)?.text;
    if (text !== undefined) texts.set(segment.id, document.codec.encode(text, segment));
  }
  return texts;
}

function existingTexts(request: OpenSessionRequest, actual: string): ReadonlyMap<string, string> {
  const { document, languages, target } = request;
  const foreign = document.codec.parse(actual, { path: target.path, sourceLanguage: languages.target });
  return matchExisting(document.parsed, foreign);
}

/** Judged segments stand in the file already; what stood there before them is remembered from the time of the write. */
function memoryInPlace({ parsed }: OpenedDocument, judgments: Judgments, state: DocumentState | undefined): TargetMemory {
  const before = state === undefined ? nothing : reattached(state, parsed);
  const judged = parsed.segments.filter(({ id }) => judgments.of(id)?.text !== undefined);
  const ids = new Set(judged.map(({ id }) => id));
  return {
    written: new Map(judged.map(({ id, range }) => [id, parsed.text.slice(range.start, range.end)])),
    existing: new Map([...before.existing].filter(([id]) => ids.has(id))),
    acknowledged: before.acknowledged,
  };
}

interface KeyedTarget {
  readonly actual: string;
  readonly accepted: ReadonlyMap<string, string>;
  readonly state: DocumentState | undefined;
}

/** A resource file is found by its keys, so nobody has to be asked: what it holds counts, and stays. */
function keyedMemory({ document, languages, target }: OpenSessionRequest, { actual, accepted, state }: KeyedTarget): TargetMemory {
  const there = matchKeyed(document.parsed, parseAs(document.codec, actual, { path: target.path, languages }), document.codec.bilingual === true);
  const before = state === undefined ? nothing : reattached(state, document.parsed);
  const unjudged = [...there].filter(([id]) => !accepted.has(id));
  const kept = [...before.existing].filter(([id]) => accepted.has(id));
  return { written: there, existing: new Map([...unjudged, ...kept]), acknowledged: before.acknowledged };
}
