import type { CandidateSet, RankingSettings } from '../../core/candidate.ts';
import { canonicalJson } from '../../core/canonicalJson.ts';
import type { Glossary } from '../../core/glossary/glossary.ts';
import { candidateHash } from '../../core/hash.ts';
import type { MemoryMatch } from '../../core/memory/unit.ts';
import { byChrf } from '../../core/ranking/chrfBeside.ts';
import { matrixFor } from '../../core/ranking/unscored.ts';
import type { PicksChange } from '../../protocol/rankingView.ts';
import type { AgreementView } from '../../protocol/review.ts';
import type { CandidateStore } from '../../store/candidateStore.ts';
import { filteredInTurns, inTurns } from '../breath.ts';
import type { Computing } from '../compute.ts';
import { recall } from './recall.ts';
import { reterm } from './reterm.ts';
import type { SegmentRecord } from './segmentRecord.ts';

export interface FinishedSetsParts {
  /** Segments with a finished set; what is dropped is taken out, what is drawn comes in by `finish`. */
  readonly finished: Set<string>;
  readonly record: (segment: string) => SegmentRecord;
  readonly isJudged: (segment: string) => boolean;
  readonly store: CandidateStore;
  readonly compute: Computing;
  /** The segment is to be drawn again. */
  readonly tell: (segment: string) => void;
}

export interface RankingWork {
  readonly signal: AbortSignal;
  readonly onProgress?: (value: { readonly done: number; readonly total: number }) => void;
}

/** Candidates whose agreement is shown at once: a table that a screen holds. */
const shownTogether = 24;

/** Rankings that are asked of the worker before the first answer: enough to keep it busy, few enough to be cancelled. */
const atOnce = 8;

/** The finished sets of a document: which of them are kept, and in what order their candidates stand. What was judged stays as it was judged. */
export class FinishedSets {
  readonly #parts: FinishedSetsParts;

  /** Finished ones that were not found judged yet. What was judged stays judged. */
  readonly #unjudged: Set<string>;

  constructor(parts: FinishedSetsParts) {
    this.#parts = parts;
    this.#unjudged = new Set(parts.finished);
  }

  finish(segment: string): void {
    this.#parts.finished.add(segment);
    this.#unjudged.add(segment);
  }

  /** One of those that were made last: its signature speaks for them. Asked for with every act, so it walks over none twice. */
  get any(): CandidateSet | undefined {
    const { finished, isJudged, record } = this.#parts;
    for (const id of this.#unjudged) {
      if (finished.has(id) && !isJudged(id)) return record(id).set;
      this.#unjudged.delete(id);
    }
    const [first] = finished;
    return first === undefined ? undefined : record(first).set;
  }

  /** Forgets sets that were drawn another way, so that a run draws them again. */
  async drop(keep: (set: CandidateSet) => boolean): Promise<void> {
    await inTurns(await this.#open(), ({ record, set }) => {
      if (record.set !== set || this.#parts.isJudged(record.segment.id) || keep(set)) return; // judged between two turns
      Object.assign(record, { set: undefined, candidates: [], asked: [], state: 'waiting' });
      this.#parts.finished.delete(record.segment.id);
    });
  }

  /**
   * Ranks again what was ranked another way, what a reviewer asked for as well; nothing is drawn anew. Cancelled, what is done
   * stays. @throws AppError of the ranking
   */
  async rerank(settings: RankingSettings, work: RankingWork): Promise<void> {
    const wanted = canonicalJson(settings);
    const all = (await this.#open()).flatMap(({ record, set }) => [set, ...record.asked].map((one) => ({ record, set: one })));
    await inBatches(await filteredInTurns(all, ({ set }) => canonicalJson(set.signature.ranking) !== wanted), work, async ({ record, set }) => {
      const next = await this.#ranked(set, settings, work.signal);
      if (!holds(record, set)) return;
      await this.#parts.store.append(next);
      if (record.set === set) Object.assign(record, { set: next, candidates: next.candidates });
      record.asked = record.asked.map((one) => (one === set ? next : one));
      this.#parts.tell(record.segment.id);
    });
  }

  /** In how many segments another candidate would stand first. Nothing is changed. @throws AppError of the ranking */
  async preview(settings: RankingSettings, work: RankingWork): Promise<PicksChange> {
    const open = await this.#open();
    const changed: PicksChange['changed'][number][] = [];
    await inBatches(open, work, async ({ record, set }) => {
      const [best] = await this.#ranked(set, settings, work.signal).then(({ candidates }) => candidates);
      if (best?.text !== set.candidates[0]?.text) changed.push({ segment: record.segment.id, number: record.number });
    });
    return { changed: changed.sort((a, b) => a.number - b.number), total: open.length };
  }

  /** How the best candidates of a segment agree, by a utility that can be had now. Undefined before its set is finished. */
  async agreement(segment: string, prepare: (settings: RankingSettings) => Promise<RankingSettings>, signal: AbortSignal): Promise<AgreementView | undefined> {
    const { set } = this.#parts.record(segment);
    if (set === undefined) return undefined;
    // estimates without a reference say nothing of who agrees with whom
    const own = set.signature.ranking;
    const settings = own.utility === 'cometkiwi' ? byChrf(own) : await prepare(own);
    const texts = set.candidates.map(({ text }) => text);
    const matrix = await this.#parts.compute.utilities({ source: set.segment.source, texts, settings }, signal);
    const best = texts.slice(0, shownTogether);
    return { candidates: best.map(candidateHash), matrix: matrixFor(best, { texts, matrix }), utility: settings.utility, total: texts.length };
  }

  /** As `recall`. */
  recall(segment: string, matches: readonly MemoryMatch[]): Promise<void> {
    return recall(this.#parts, segment, matches);
  }

  /** As `reterm`. */
  reterm(glossary: Glossary): Promise<void> {
    return reterm(this.#parts, glossary);
  }

  async #open(): Promise<readonly { readonly record: SegmentRecord; readonly set: CandidateSet }[]> {
    const open: { readonly record: SegmentRecord; readonly set: CandidateSet }[] = [];
    await inTurns([...this.#parts.finished], (id) => {
      const record = this.#parts.record(id);
      if (record.set !== undefined && !this.#parts.isJudged(id)) open.push({ record, set: record.set });
    });
    return open;
  }

  async #ranked(set: CandidateSet, settings: RankingSettings, signal: AbortSignal): Promise<CandidateSet> {
    const { source, sourceLanguage, targetLanguage } = set.segment;
    const candidates = set.candidates.map(withoutRankingIssues);
    const ranked = await this.#parts.compute.rank({ source, languages: { source: sourceLanguage, target: targetLanguage }, candidates, settings }, signal);
    return { ...set, candidates: ranked, signature: { ...set.signature, ranking: settings } };
  }
}

function holds({ set, asked }: SegmentRecord, wanted: CandidateSet): boolean {
  return set === wanted || asked.includes(wanted);
}

/** "Not scored" is said by the utility that could not, of no other. */
function withoutRankingIssues({ issues, ...candidate }: CandidateSet['candidates'][number]): CandidateSet['candidates'][number] {
  const kept = (issues ?? []).filter(({ kind }) => kind !== 'notScored');
  return kept.length === 0 ? candidate : { ...candidate, issues: kept };
}

async function inBatches<T>(items: readonly T[], { signal, onProgress }: RankingWork, run: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) {
    signal.throwIfAborted();
    await Promise.all(items.slice(from, from + atOnce).map(run));
    onProgress?.({ done: Math.min(items.length, from + atOnce), total: items.length });
  }
}
