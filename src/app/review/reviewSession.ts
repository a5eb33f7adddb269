import type { Candidate, CandidateSet } from '../../core/candidate.ts';
import type { CodecId } from '../../core/document/segment.ts';
import { AppError } from '../../core/errors.ts';
import type { Glossary } from '../../core/glossary/glossary.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import type { ActParams, Progress, SegmentView } from '../../protocol/review.ts';
import type { AlignmentParams } from '../../protocol/worker.ts';
import type { RunListener } from '../translation/translationRun.ts';
import type { SegmentJob } from '../translation/translateSegment.ts';
import { Serial } from '../../store/serial.ts';
import { Acting, decides } from './acting.ts';
import { Asking } from './asking.ts';
import { Drafts } from './drafts.ts';
import { SessionFindings } from './findings.ts';
import { candidatePairs, earlierPairs, segmentsAhead, staleRecords, type Reading } from './reading.ts';
import { FinishedSets } from './finishedSets.ts';
import { InLine } from './inLine.ts';
import { Propagation, type Offer } from './propagation.ts';
import { numbered, segmentView, shownCandidates, textOf, type RepeatViews, type Records, type SegmentRecord, type ViewContext } from './segmentRecord.ts';
import { ReviewedCount } from './reviewedCount.ts';
import { Revisions } from './revisions.ts';
import type { SessionListener, SessionParts } from './sessionParts.ts';

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
  readonly #reviewed: ReviewedCount;
  readonly #serial = new Serial();
  /** What is drawn because the reviewer asks for it. */
  readonly asking: Asking;
  readonly sets: FinishedSets;
  readonly findings: SessionFindings;
  readonly revisions: Revisions;
  readonly #drafts: Drafts;
  readonly #line: InLine;
  readonly #propagation: Propagation;
  readonly #acting: Acting;
  #view: ViewContext & { readonly repeats: RepeatViews; readonly codec: CodecId };
  #progress: Progress;
  #focus: string | undefined;

  constructor(parts: SessionParts, listener: SessionListener, { byId, order, finished }: Records) {
    this.#parts = parts;
    this.#listener = listener;
    this.#records = byId;
    this.#order = order;
    this.#finished = finished;
    this.#reviewed = new ReviewedCount(parts.judgments, (id) => byId.has(id));
    this.#progress = this.#count('idle');
    const tell = (id: string): void => { this.#tell(id); };
    const store = parts.store.candidates;
    this.#drafts = new Drafts(parts.store.drafts, { document: parts.document.key, targetLanguage: parts.languages.target });
    const { judgments, document, target } = parts;
    this.#view = { ...parts.view, codec: document.codec.id, repeats: { numberOf: (id) => byId.get(id)?.number, filledFrom: (id) => judgments.filledFrom(id).length } };
    this.#line = new InLine({ records: byId, judgments, document, target, tell, onOutcome: (outcome) => { listener.onOutcome(outcome); } });
    this.#propagation = new Propagation({ records: byId, judgments, target, line: this.#line, ...parts.propagation });
    this.#acting = new Acting({ ...parts, record: (id) => this.#record(id), line: this.#line, propagation: this.#propagation, tell });
    this.asking = new Asking({ record: (id) => this.#record(id), store, tell });
    this.sets = new FinishedSets({ finished: this.#finished, record: (id) => this.#record(id), isJudged: (id) => judgments.isJudged(id), store, compute: parts.compute, tell });
    this.revisions = new Revisions({ records: this.#records, judgment: (id) => parts.judgments.of(id), tell });
    this.findings = new SessionFindings({ records: this.#records, compute: parts.compute, languages: parts.languages, terms: (source) => this.#view.glossary?.termsOf(source) ?? [], tell });
  }

  get progress(): Progress {
    return this.#progress;
  }

  get total(): number {
    return this.#order.length;
  }

  get reviewed(): number {
    return this.#reviewed.value;
  }

  /** All, or those at the indexes from `from` up to `to`. */
  views(from = 0, to = this.#order.length): readonly SegmentView[] {
    return this.#order.slice(from, to).map((id) => this.#viewOf(this.#record(id)));
  }

  /** @throws AppError `input.invalid` for a segment that is not here */
  view(segment: string): SegmentView {
    return this.#viewOf(this.#record(segment));
  }

  /** Segments without a finished set, in document order: what a run still has to do. */
  pending(): readonly SegmentJob[] {
    return [...this.#records.values()].filter(({ set, stale }) => set === undefined || stale);
  }

  /** As `earlierPairs`. */
  earlier(segment: string): Iterable<TextPair> {
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
    const judged = record.set !== undefined && this.#parts.judgments.isJudged(record.segment.id);
    Object.assign(record, { stale: false, next: undefined, ...(judged ? {} : { set, candidates: set.candidates, state: 'ready' }) });
    this.sets.finish(record.segment.id);
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
    const concerned = await this.#acting.perform(params);
    if (decides(params.what)) await this.saveDraft(concerned, '');
    this.#listener.onProgress(this.#progress);
    return this.#viewOf(this.#record(concerned));
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

  /** Other terms hold from now on, for what is drawn as well: every view is another one. */
  setGlossary(glossary: Glossary): Promise<void> {
    this.#view = { ...this.#view, glossary };
    return this.sets.reterm(glossary);
  }

  /** Compares the target file with what was accepted; to be called whenever the file may have changed. */
  refreshDocument(): Promise<void> {
    return this.#serial.run(async () => {
      await this.#reviewed.catchUp();
      await this.#line.refresh();
    });
  }

  /** As `Propagation.offers`. */
  offers(segment: string): Promise<readonly Offer[]> {
    return this.#propagation.offers(segment);
  }

  /** Fills places with a segment's text because a person wants it. */
  fill(segment: string, offers: readonly Offer[]): Promise<void> {
    return this.#serial.run(async () => {
      await this.#line.bring([segment, ...await this.#propagation.fill(segment, offers)]);
      this.#listener.onProgress(this.#progress);
    });
  }

  /** Learns the document's own words from its candidates, so that heatmaps get better as the work goes on. */
  async refineAligner(): Promise<void> {
    const pairs = await candidatePairs(this.#reading);
    if (pairs.length > 0) await this.#parts.compute.refine(pairs, this.#parts.languages);
  }

  get #reading(): Reading {
    return { order: this.#order, record: (id) => this.#record(id), judgment: (id) => this.#parts.judgments.of(id), isJudged: (id) => this.#parts.judgments.isJudged(id) };
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

  #viewOf(record: SegmentRecord): SegmentView {
    return segmentView(record, this.#parts.judgments.of(record.segment.id), this.#view);
  }

  #tell(segment: string): void {
    this.#listener.onSegment(this.#viewOf(this.#record(segment)));
  }

  #record(segment: string): SegmentRecord {
    const record = this.#records.get(segment);
    if (record === undefined) throw new AppError('input.invalid', { where: this.#parts.document.key, reason: `no segment ${segment}` });
    return record;
  }
}
