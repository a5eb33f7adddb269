import type { Candidate, CandidateSet } from '../../core/candidate.ts';
import { AppError } from '../../core/errors.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import type { WantedText } from '../../protocol/documents.ts';
import type { ActParams, Progress, SegmentView } from '../../protocol/review.ts';
import type { AlignmentParams } from '../../protocol/worker.ts';
import type { RunListener } from '../translation/translationRun.ts';
import type { SegmentJob } from '../translation/translateSegment.ts';
import { Serial } from '../../store/serial.ts';
import { Asking } from './asking.ts';
import { Drafts } from './drafts.ts';
import { SessionFindings } from './findings.ts';
import type { ActedOn } from './judgments.ts';
import { mustHold } from './mustHold.ts';
import { candidatePairs, earlierPairs, segmentsAhead, staleRecords, type Reading } from './reading.ts';
import { FinishedSets } from './finishedSets.ts';
import { isBlind, namedIn, numbered, segmentView, setHolding, shownCandidates, textOf, type Records, type SegmentRecord } from './segmentRecord.ts';
import type { SessionListener, SessionParts } from './sessionParts.ts';
import { wantedText } from '../documents/target.ts';
import { candidateHash } from '../../core/hash.ts';

/**
 * One document under review, whoever shows it: segments with their candidates, judgments and place in the target file.
 * The journal is written before the document, so that an act survives a document that cannot be written.
 */
export class ReviewSession implements RunListener {
  readonly #parts: SessionParts;
  readonly #listener: SessionListener;
  readonly #records: ReadonlyMap<string, SegmentRecord>;
  readonly #order: readonly string[];
  readonly #finished: Set<string>;
  readonly #serial = new Serial();
  /** What is drawn because the reviewer asks for it. */
  readonly asking: Asking;
  readonly sets: FinishedSets;
  readonly findings: SessionFindings;
  readonly #drafts: Drafts;
  #progress: Progress;
  #focus: string | undefined;

  constructor(parts: SessionParts, listener: SessionListener, { byId, order, finished }: Records) {
    this.#parts = parts;
    this.#listener = listener;
    this.#records = byId;
    this.#order = order;
    this.#finished = finished;
    this.#progress = this.#count('idle');
    const tell = (id: string): void => { this.#tell(id); };
    const store = parts.store.candidates;
    this.#drafts = new Drafts(parts.store.drafts, { document: parts.document.key, targetLanguage: parts.languages.target });
    this.asking = new Asking({ record: (id) => this.#record(id), store, tell });
    this.sets = new FinishedSets({ finished: this.#finished, record: (id) => this.#record(id), isJudged: (id) => parts.judgments.of(id) !== undefined, store, compute: parts.compute, tell });
    this.findings = new SessionFindings({ records: this.#records, compute: parts.compute, languages: parts.languages, tell });
  }

  get progress(): Progress {
    return this.#progress;
  }

  get total(): number {
    return this.#order.length;
  }

  get reviewed(): number {
    const { judgments } = this.#parts;
    return [...judgments.segments].filter((id) => this.#records.has(id) && judgments.of(id)?.state !== 'unreviewed').length;
  }

  /** All, or those at the indexes from `from` up to `to`. */
  views(from = 0, to = this.#order.length): readonly SegmentView[] {
    return this.#order.slice(from, to).map((id) => this.#view(this.#record(id)));
  }

  /** Segments without a finished set, in document order: what a run still has to do. */
  pending(): readonly SegmentJob[] {
    return this.#order.map((id) => this.#record(id)).filter((record) => record.set === undefined || record.stale);
  }

  /** As `earlierPairs`. */
  earlier(segment: string): readonly TextPair[] {
    return earlierPairs(this.#reading, segment);
  }

  /** As `segmentsAhead`. */
  ahead(segment: string, count: number): readonly string[] {
    return segmentsAhead(this.#reading, segment, count);
  }

  /** The reader is here now: what was held back for the segment that they have left is shown. */
  focus(segment: string): void {
    const left = this.#focus === undefined || this.#focus === segment ? undefined : this.#records.get(this.#focus);
    this.#focus = segment;
    if (left?.next !== undefined) this.#show(left, left.next);
  }

  /** Marks sets among these that are not fresh any more, but never the one under the reader's eyes; answers their jobs. */
  markStale(segments: readonly string[], isFresh: (set: CandidateSet) => boolean): readonly SegmentJob[] {
    return staleRecords(this.#reading, segments, isFresh).filter(({ ref }) => ref.id !== this.#focus).map((record) => Object.assign(record, { stale: true }));
  }

  onStart(segment: string): void {
    if (this.#record(segment).stale) return;
    Object.assign(this.#record(segment), { state: 'translating', error: undefined });
    this.#tell(segment);
  }

  onCandidates(segment: string, candidates: readonly Candidate[], complete: boolean): void {
    if (this.#record(segment).stale) return;
    Object.assign(this.#record(segment), { candidates, state: complete ? 'ready' : 'translating' });
    this.#tell(segment);
  }

  async onSet(set: CandidateSet): Promise<void> {
    await this.#parts.store.candidates.append(set);
    const record = this.#record(set.segment.id);
    if (record.stale && set.segment.id === this.#focus) Object.assign(record, { next: set, stale: false });
    else this.#show(record, set);
    this.setPhase('translating');
  }

  /** A set that was made anew leaves a judged segment as it was judged. */
  #show(record: SegmentRecord, set: CandidateSet): void {
    const judged = record.set !== undefined && this.#parts.judgments.of(record.segment.id) !== undefined;
    Object.assign(record, { stale: false, next: undefined, ...(judged ? {} : { set, candidates: set.candidates, state: 'ready' }) });
    this.#finished.add(record.segment.id);
    this.#tell(record.segment.id);
  }

  onFailure(segment: string, error: AppError): void {
    const record = this.#record(segment);
    Object.assign(record, { error: this.named(error), stale: false, state: record.candidates.length > 0 ? 'ready' : 'failed' });
    this.#tell(segment);
  }

  /** As `numbered`. */
  readonly named = (error: AppError): AppError => numbered(error, (id) => this.#records.get(id));

  /** Tells where the work is; segments that a cancelled or failed run left half done go back to waiting. */
  setPhase(phase: Progress['phase'], message?: string): void {
    if (phase !== 'translating' && phase !== 'loading') this.#settleHalfDone();
    this.#progress = message === undefined ? this.#count(phase) : { ...this.#count(phase), message };
    this.#listener.onProgress(this.#progress);
  }

  /**
   * Journals an act, then brings the document in line with it. Answers the segment that it concerned. Acts and comparisons
   * run one after the other: each reads the file that the one before has written.
   */
  act(params: ActParams): Promise<SegmentView> {
    return this.#serial.run(() => this.#act(params));
  }

  async #act(params: ActParams): Promise<SegmentView> {
    const concerned = await this.#perform(params);
    if (params.what.act === 'accept' || params.what.act === 'edit') await this.saveDraft(concerned, '');
    this.#listener.onProgress(this.#progress);
    return this.#view(this.#record(concerned));
  }

  /** What the alignment of a candidate is made from. @throws AppError `input.invalid` for one that is not here */
  toAlign(segment: string, candidate: string): AlignmentParams {
    const record = this.#record(segment);
    const target = textOf(record, candidate);
    const others = shownCandidates(record).flatMap(({ candidate: { text, count } }) => (text === target ? [] : [{ text, count }]));
    return { source: record.segment.source, target, languages: this.#parts.languages, others };
  }

  /** @throws AppError `input.invalid` for a segment or a candidate that is not here */
  sourceAndText(segment: string, candidate: string): { readonly source: string; readonly text: string } {
    const record = this.#record(segment);
    return { source: record.segment.source, text: textOf(record, candidate) };
  }

  async saveDraft(segment: string, text: string): Promise<void> {
    await this.#drafts.save(this.#record(segment), text);
  }

  /** Compares the target file with what was accepted; to be called whenever the file may have changed. */
  refreshDocument(): Promise<void> {
    return this.#serial.run(() => this.#refresh());
  }

  async #refresh(): Promise<void> {
    const wanted = new Map([...this.#parts.judgments.segments].flatMap((id) => {
      const should = this.#wanted(id);
      return should === undefined ? [] : [[id, should] as const];
    }));
    const differences = await this.#parts.target.differences(wanted);
    for (const id of this.#parts.judgments.segments) {
      const record = this.#records.get(id);
      const inDocument = differences.get(id);
      if (record === undefined || record.inDocument === inDocument) continue;
      record.inDocument = inDocument;
      this.#tell(id);
    }
  }

  /** Learns the document's own words from its candidates, so that heatmaps get better as the work goes on. */
  async refineAligner(): Promise<void> {
    const pairs = candidatePairs(this.#reading);
    if (pairs.length > 0) await this.#parts.compute.refine(pairs, this.#parts.languages);
  }

  async #perform(params: ActParams): Promise<string> {
    const { what, segment } = params;
    const record = this.#record(segment);
    if (what.act === 'resolve') return this.#resolve(params, what.choice);
    mustHold(this.#parts.document, record, what);
    const before = this.#wanted(segment)?.encoded;
    if (what.act === 'undo') return this.#undo(record);
    await this.#parts.judgments.record(record.ref, what, what.act === 'dismiss' ? undefined : this.#actedOn(record, params, namedIn(what)));
    const writes = what.act === 'accept' || what.act === 'edit' || this.#wanted(segment)?.encoded !== before;
    if (writes) await this.#bringInLine(segment);
    else this.#tell(segment);
    return segment;
  }

  async #undo(focused: SegmentRecord): Promise<string> {
    const segment = await this.#parts.judgments.undo(focused.ref);
    if (segment === undefined) return focused.segment.id;
    if (this.#wanted(segment)?.encoded === await this.#parts.target.expected(segment)) this.#tell(segment);
    else await this.#bringInLine(segment);
    return segment;
  }

  async #resolve(params: ActParams, choice: 'recordAccept' | 'recordEdit' | 'revert'): Promise<string> {
    const record = this.#record(params.segment);
    const inDocument = record.inDocument;
    if (inDocument === undefined) return params.segment;
    if (choice === 'recordEdit') await this.#parts.judgments.record(record.ref, { act: 'external', text: inDocument });
    if (choice === 'recordAccept') await this.#recordAccept(record, params, inDocument);
    if (choice === 'revert') await this.#bringInLine(params.segment);
    else await this.#parts.target.acknowledge(params.segment, inDocument);
    record.inDocument = undefined;
    return params.segment;
  }

  /** The document holds another candidate, or the accepted one in a form that the person is content with. */
  async #recordAccept(record: SegmentRecord, params: ActParams, inDocument: string): Promise<void> {
    const same = shownCandidates(record).find(({ candidate: shown }) => shown.text === inDocument);
    const candidate = same === undefined ? this.#parts.judgments.of(record.segment.id)?.candidate : candidateHash(same.candidate.text);
    if (candidate === undefined) return;
    await this.#parts.judgments.record(record.ref, { act: 'accept', candidate }, this.#actedOn(record, params, candidate));
  }

  /** Where it cannot be written, what is recorded and what stands in the document differ, and the segment says so. */
  async #bringInLine(segment: string): Promise<void> {
    const record = this.#record(segment);
    const outcome = await this.#parts.target.put(segment, this.#wanted(segment)?.encoded).catch(async (thrown: unknown) => {
      await this.#refresh().catch(() => undefined); // of two failures the first is told
      this.#tell(segment);
      throw thrown;
    });
    record.inDocument = undefined;
    if (outcome.kind !== 'written') this.#listener.onOutcome(outcome);
    this.#tell(segment);
  }

  /** The text that should stand in the document; undefined where none is accepted or the segment is gone. */
  #wanted(segment: string): WantedText | undefined {
    const record = this.#records.get(segment);
    return record === undefined ? undefined : wantedText(this.#parts.document.codec, record.segment, this.#parts.judgments.of(segment)?.text);
  }

  #actedOn(record: SegmentRecord, params: ActParams, candidate: string | undefined): ActedOn {
    const set = setHolding(record, candidate);
    if (set === undefined) throw new AppError('input.invalid', { where: record.segment.id, reason: 'its candidates are not finished yet' });
    return { set, shown: { order: params.order, blind: isBlind(record, this.#parts.view), elapsedMs: params.elapsedMs } };
  }

  get #reading(): Reading {
    return { order: this.#order, record: (id) => this.#record(id), judgment: (id) => this.#parts.judgments.of(id), isHeldOut: this.#parts.view.isHeldOut };
  }

  #settleHalfDone(): void {
    for (const record of this.#records.values()) {
      if (record.state !== 'translating') continue;
      record.state = 'waiting';
      this.#tell(record.segment.id);
    }
  }

  #count(phase: Progress['phase']): Progress {
    return { phase, done: this.#finished.size, total: this.#order.length };
  }

  #view(record: SegmentRecord): SegmentView {
    return segmentView(record, this.#parts.judgments.of(record.segment.id), this.#parts.view);
  }

  #tell(segment: string): void {
    this.#listener.onSegment(this.#view(this.#record(segment)));
  }

  #record(segment: string): SegmentRecord {
    const record = this.#records.get(segment);
    if (record === undefined) throw new AppError('input.invalid', { where: this.#parts.document.key, reason: `no segment ${segment}` });
    return record;
  }
}
