import { matchExisting } from '../../core/document/target.ts';
import { isKeyed, matchKeyed } from '../../core/document/unitTarget.ts';
import type { AcceptedText, ForeignTarget } from '../../protocol/documents.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { DocumentState, DocumentStateStore, TargetMemory } from '../../store/documentState.ts';
import { parseTarget, type OpenedDocument } from '../openDocument.ts';
import type { TargetFile } from '../targetFile.ts';
import { carryOver, reattached } from './carryOver.ts';
import { TargetState } from './targetState.ts';
import { isInPlace, TargetText } from './targetText.ts';

export interface TargetRequest {
  readonly document: OpenedDocument;
  readonly languages: LanguagePair;
  readonly file: TargetFile;
  readonly states: DocumentStateStore;
  /** Segment id to the text that was accepted for it. */
  readonly accepted: ReadonlyMap<string, AcceptedText>;
  /** Asked when the target file already holds other content. */
  readonly askAboutTarget: (path: string) => Promise<ForeignTarget>;
}

export interface OpenedTarget {
  readonly target: TargetState;
  /** Segment where the reviewer was. */
  readonly focus: string | undefined;
}

/** Brings the target back as it was left; undefined: cancelled. @throws AppError `document.*`, `store.*` */
export async function openTarget(request: TargetRequest): Promise<OpenedTarget | undefined> {
  const { document, languages, states } = request;
  const state = await states.load({ document: document.key, targetLanguage: languages.target });
  const target = await restoredTarget(request, state);
  return target === undefined ? undefined : { target, focus: state?.focus };
}

async function restoredTarget(request: TargetRequest, state: DocumentState | undefined): Promise<TargetState | undefined> {
  const { document, file, languages } = request;
  if (isInPlace(document, file)) return targetState(request, memoryInPlace(request, state));
  const actual = await file.read();
  if (actual === undefined || actual === document.parsed.text) return targetState(request, nothing);
  const accepted = acceptedTexts(request);
  if (isKeyed(document.parsed)) return targetState(request, keyedMemory(request, { actual, accepted, state }));
  if (state === undefined && accepted.size > 0) return targetState(request, { ...nothing, written: accepted });
  if (state?.source === document.parsed.text) return targetState(request, reattached(state, document.parsed));
  const carried = state === undefined ? undefined : carryOver(document, languages, state, actual);
  return carried === undefined ? decide(request, actual, accepted) : rewritten(targetState(request, carried));
}

/** The file holds what nobody here remembers, so a person decides. */
async function decide(request: TargetRequest, actual: string, accepted: ReadonlyMap<string, string>): Promise<TargetState | undefined> {
  switch (await request.askAboutTarget(request.file.path)) {
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

function targetState({ document, languages, file, states, accepted }: TargetRequest, memory: TargetMemory): TargetState {
  return new TargetState({
    text: new TargetText({ document, languages, file, texts: memory.written, accepted }),
    states,
    name: { document: document.key, targetLanguage: languages.target },
    source: { source: document.parsed.text, segments: document.parsed.segments },
    existing: memory.existing,
    acknowledged: memory.acknowledged,
  });
}

/** Accepted texts as they stand in the file's format. */
function acceptedTexts({ document, accepted }: TargetRequest): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const segment of document.parsed.segments) {
    const known = accepted.get(segment.id);
    if (known !== undefined) texts.set(segment.id, document.codec.encode(known.text, segment, known.standing));
  }
  return texts;
}

function existingTexts({ document, languages, file }: TargetRequest, actual: string): ReadonlyMap<string, string> {
  const foreign = document.codec.parse(actual, { path: file.path, sourceLanguage: languages.target });
  return matchExisting(document.parsed, foreign);
}

/** Judged segments stand in the file already; what stood there before them is remembered from the time of the write. */
function memoryInPlace({ document: { parsed }, accepted }: TargetRequest, state: DocumentState | undefined): TargetMemory {
  const before = state === undefined ? nothing : reattached(state, parsed);
  const judged = parsed.segments.filter(({ id }) => accepted.has(id));
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
function keyedMemory({ document, languages, file }: TargetRequest, { actual, accepted, state }: KeyedTarget): TargetMemory {
  const there = matchKeyed(document.parsed, parseTarget(document, actual, { path: file.path, languages }), document.codec.bilingual === true);
  const before = state === undefined ? nothing : reattached(state, document.parsed);
  const unjudged = [...there].filter(([id]) => !accepted.has(id));
  const kept = [...before.existing].filter(([id]) => accepted.has(id));
  return { written: there, existing: new Map([...unjudged, ...kept]), acknowledged: before.acknowledged };
}
