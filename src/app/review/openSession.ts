import { reattach } from '../../core/document/segmentId.ts';
import type { CandidateSet } from '../../core/candidate.ts';
import type { AppError } from '../../core/errors.ts';
import { matchExisting } from '../../core/document/target.ts';
import type { ParsedDocument } from '../../core/document/segment.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { DocumentState } from '../../store/documentState.ts';
import { problemError } from '../../store/problem.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import type { Compute } from '../compute.ts';
import type { OpenedDocument } from '../openDocument.ts';
import type { TargetFile } from '../targetFile.ts';
import { Judgments } from './judgments.ts';
import { ReviewSession, type SessionListener } from './reviewSession.ts';
import { TargetState } from './targetState.ts';
import { TargetText } from './targetText.ts';
import type { ViewContext } from './segmentRecord.ts';

/** What to do with a target file that holds something we did not write. */
export type ForeignTarget = 'merge' | 'overwrite' | 'cancel';

export interface OpenSessionRequest {
  readonly document: OpenedDocument;
  readonly languages: LanguagePair;
  readonly store: WorkspaceStore;
  readonly target: TargetFile;
  readonly compute: Compute;
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
    latestBySegment(sets),
    new Map([...drafts].map(([segment, draft]) => [segment, draft.text])),
  );
  await session.refreshDocument();
  const told = [...judgments.problems, ...problems].filter((problem) => !('fresh' in problem) || problem.fresh);
  return { session, target, focus: state?.focus, problems: told.map(problemError) };
}

function latestBySegment(sets: readonly CandidateSet[]): ReadonlyMap<string, CandidateSet> {
  return new Map(sets.map((set) => [set.segment.id, set]));
}

async function openTarget(request: OpenSessionRequest, judgments: Judgments, state: DocumentState | undefined): Promise<TargetState | undefined> {
  const { document, target, store, languages } = request;
  const actual = await target.read();
  const accepted = acceptedTexts(document, judgments);
  const known = knownTexts(state, document.parsed, accepted);
  const untouched = actual === undefined || actual === document.parsed.text;
  const make = (texts: ReadonlyMap<string, string>, existing: ReadonlyMap<string, string>, acknowledged: ReadonlyMap<string, string>): TargetState => new TargetState({
    text: new TargetText(document.parsed, languages.target, target, texts),
    states: store.states,
    name: { document: document.key, targetLanguage: languages.target },
    source: { source: document.parsed.text, segments: document.parsed.segments.map(({ id, source }) => ({ id, source })) },
    existing,
    acknowledged,
  });
  if (untouched) return make(new Map(), new Map(), new Map());
  const sameSource = state === undefined || state.source === document.parsed.text;
  const foreign = state === undefined && accepted.size === 0;
  if (!foreign && sameSource) return make(known.written, known.existing, known.acknowledged);
  const choice = await request.askAboutTarget(target.path);
  if (choice === 'cancel') return undefined;
  const merged = choice === 'merge' ? existingTexts(request, actual) : new Map<string, string>();
  const state2 = make(choice === 'merge' ? merged : accepted, merged, new Map());
  if (choice === 'overwrite' || !foreign) await state2.rewrite();
  else await state2.remember();
  return state2;
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

type KnownTexts = Pick<DocumentState, 'written' | 'existing' | 'acknowledged'>;

/** What this computer remembers, under the ids of the source as it is now; without a memory, what the journal says. */
function knownTexts(state: DocumentState | undefined, parsed: ParsedDocument, accepted: ReadonlyMap<string, string>): KnownTexts {
  if (state === undefined) return { written: accepted, existing: new Map(), acknowledged: new Map() };
  const now = reattach(state.segments, parsed.segments);
  const moved = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> => new Map([...texts].flatMap(([id, text]) => {
    const to = now.get(id);
    return to === undefined ? [] : [[to, text] as const];
  }));
  return { written: moved(state.written), existing: moved(state.existing), acknowledged: moved(state.acknowledged) };
}

function existingTexts(request: OpenSessionRequest, actual: string): ReadonlyMap<string, string> {
  const { document, languages, target } = request;
  const foreign = document.codec.parse(actual, { path: target.path, sourceLanguage: languages.target });
  return matchExisting(document.parsed, foreign);
}
