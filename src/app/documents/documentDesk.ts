import type { CandidateSet } from '../../core/candidate.ts';
import { AppError } from '../../core/errors.ts';
import type { Revision } from '../../core/document/revision.ts';
import type { JudgmentEvent } from '../../core/judgment/events.ts';
import { Repeats } from '../../core/propagation/repeats.ts';
import type { AcceptedText, ForeignTarget, FoundRepeats, RepeatsParams, ReturnedFile } from '../../protocol/documents.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { IsHeldOut } from '../../store/heldOutStore.ts';
import { freshErrors } from '../../store/problem.ts';
import type { Watch } from '../../store/watch.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import { parseAs, readDocument, sameSources, type OpenedDocument, type SourceDocument } from '../openDocument.ts';
import type { TargetFile } from '../targetFile.ts';
import { openTarget } from './openTarget.ts';
import { takeInDocument } from './takeInDocument.ts';
import type { Target } from './target.ts';
import type { TargetState } from './targetState.ts';

/** What is recorded of a document: events in order, and the frozen sets that they name. */
export interface RecordedJudgments {
  readonly events: readonly JudgmentEvent[];
  readonly sets: ReadonlyMap<string, CandidateSet>;
  /** What could not be read and was not told of before. */
  readonly problems: readonly AppError[];
}

/** A document that is worked on, with its target file and what the store holds of it: here, or in a thread of its own. */
export interface DocumentDesk {
  readonly document: SourceDocument;
  /** Whether the file still holds the sources that were read. @throws AppError `document.*` */
  isCurrent(): Promise<boolean>;
  /** As `takeInDocument`. @param share of all sources that is to be held out @throws AppError `store.*` */
  takeIn(share: number): Promise<void>;
  /** Which of its sources the workspace holds out now. */
  heldOut(): Promise<IsHeldOut>;
  /** @throws AppError `store.*` */
  judgments(): Promise<RecordedJudgments>;
  /** Sets that were generated for it, oldest first. */
  candidates(): Promise<readonly CandidateSet[]>;
  /** Where else in the document a translation of a segment fits. */
  repeats(params: RepeatsParams): Promise<FoundRepeats>;
  /** Brings the target back as it was left; undefined: cancelled. @param accepted as `TargetRequest.accepted` */
  openTarget(accepted: ReadonlyMap<string, AcceptedText>): Promise<{ readonly target: Target; readonly focus: string | undefined } | undefined>;
  /** What a translated file that somebody returned says of the segments, once the target is open. @throws AppError `document.*`, `input.invalid` for another format */
  revised(returned: ReturnedFile): Promise<Revision>;
}

export interface LocalDeskParts {
  readonly fs: FileSystem;
  readonly store: WorkspaceStore;
  readonly languages: LanguagePair;
}

export interface TargetParts {
  readonly file: TargetFile;
  readonly askAboutTarget: (path: string) => Promise<ForeignTarget>;
}

/** The work itself, in the thread that calls it. */
export class LocalDesk implements DocumentDesk {
  readonly document: SourceDocument;
  readonly #opened: OpenedDocument;
  readonly #parts: LocalDeskParts;
  readonly #targetParts: (document: SourceDocument) => TargetParts;
  readonly #repeats: Repeats;
  #target: TargetState | undefined;

  /** @param target how the target file is reached, once the document's encoding is known */
  constructor(opened: OpenedDocument, parts: LocalDeskParts, target: (document: SourceDocument) => TargetParts) {
    const { parsed, ...about } = opened;
    this.document = { ...about, segments: parsed.segments };
    this.#opened = opened;
    this.#parts = parts;
    this.#targetParts = target;
    this.#repeats = new Repeats(parsed.segments);
  }

  async isCurrent(): Promise<boolean> {
    const { path, key, parsed, codec } = this.#opened;
    const { fs, languages } = this.#parts;
    const { text } = await readDocument(fs, path, key, languages);
    // what we wrote into the file itself changes no source: a large file is not parsed again for it
    if (text === parsed.text || this.#target?.isOursInPlace(text) === true) return true;
    return sameSources(this.#opened, parseAs(codec, text, { path: key, languages }));
  }

  async takeIn(share: number): Promise<void> {
    const { fs, store } = this.#parts;
    await takeInDocument({ fs, store, document: this.document, share });
  }

  heldOut(): Promise<IsHeldOut> {
    return this.#parts.store.heldOut.read();
  }

  async judgments(watch?: Watch): Promise<RecordedJudgments> {
    const { store, languages } = this.#parts;
    const { events, sets, problems } = await store.judgments({ document: this.document.key, targetLanguage: languages.target }, watch);
    return { events, sets, problems: freshErrors(problems) };
  }

  async candidates(): Promise<readonly CandidateSet[]> {
    return (await this.#parts.store.candidates.load(this.document.key, this.#parts.languages.target)).sets;
  }

  repeats({ segment, text, near }: RepeatsParams): Promise<FoundRepeats> {
    return Promise.resolve({ same: this.#repeats.same(segment, text), near: near === undefined ? [] : this.#repeats.near(segment, text, near) });
  }

  async revised({ path, label }: ReturnedFile): Promise<Revision> {
    const { codec, text } = await readDocument(this.#parts.fs, path, label, { source: this.#parts.languages.target });
    const own = this.#opened.codec;
    if (codec.id !== own.id) throw new AppError('input.invalid', { where: label, reason: `it is ${codec.id}, but ${this.document.key} is ${own.id}` });
    if (this.#target === undefined) throw new AppError('protocol.failed', { name: 'revised', reason: 'the target is not open' });
    return this.#target.revised(text, label);
  }

  async openTarget(accepted: ReadonlyMap<string, AcceptedText>): ReturnType<DocumentDesk['openTarget']> {
    const { store, languages } = this.#parts;
    const { file, askAboutTarget } = this.#targetParts(this.document);
    const opened = await openTarget({ document: this.#opened, languages, file, states: store.states, accepted, askAboutTarget });
    this.#target = opened?.target;
    return opened;
  }
}
