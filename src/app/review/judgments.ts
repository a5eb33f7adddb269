import type { CandidateSet, SegmentRef } from '../../core/candidate.ts';
import type { Act, JudgmentEvent, SegmentJudgment, Shown } from '../../core/judgment/events.ts';
import { foldJudgments, type JudgmentScope } from '../../core/judgment/fold.ts';
import type { StoreProblem } from '../../store/problem.ts';
import { textLookup, type WorkspaceStore } from '../../store/workspaceStore.ts';

/** What was on screen, and the set that it came from: frozen by the store before the record is written. */
export interface ActedOn {
  readonly set: CandidateSet;
  readonly shown: Omit<Shown, 'set'>;
}

/**
 * The judgments of one document and language: the journal's records and what they add up to. All reviewers' acts count for
 * the document's state; undo concerns this reviewer's own.
 */
export class Judgments {
  readonly #store: WorkspaceStore;
  readonly #scope: JudgmentScope;
  readonly #reviewer: string;
  readonly #events: JudgmentEvent[];
  readonly #sets: Map<string, CandidateSet>;
  /** Own acts of this session, newest last: what `u` takes back, wherever the focus has gone since. */
  readonly #mine: { readonly id: string; readonly segment: string }[] = [];
  #folded: ReadonlyMap<string, SegmentJudgment>;
  readonly problems: readonly StoreProblem[];

  private constructor(store: WorkspaceStore, scope: JudgmentScope, reviewer: string, opened: Opened) {
    this.#store = store;
    this.#scope = scope;
    this.#reviewer = reviewer;
    this.#events = [...opened.events];
    this.#sets = new Map(opened.sets);
    this.problems = opened.problems;
    this.#folded = this.#fold();
  }

  static async open(store: WorkspaceStore, scope: JudgmentScope, reviewer: string): Promise<Judgments> {
    const { events, problems } = await store.judgments(scope);
    const named = new Set(events.flatMap((event) => (event.shown === undefined ? [] : [event.shown.set])));
    const reading = await store.sets.read(named);
    return new Judgments(store, scope, reviewer, { events, sets: reading.sets, problems: [...problems, ...reading.problems] });
  }

  of(segment: string): SegmentJudgment | undefined {
    return this.#folded.get(segment);
  }

  get all(): ReadonlyMap<string, SegmentJudgment> {
    return this.#folded;
  }

  /** The sets that a segment was judged on, oldest first: shown again when candidates were deleted or made anew. */
  judgedSets(segment: string): readonly CandidateSet[] {
    const hashes = new Set(this.#events.flatMap((event) => (event.segment === segment && event.shown !== undefined ? [event.shown.set] : [])));
    return [...hashes].flatMap((hash) => this.#sets.get(hash) ?? []);
  }

  /** @throws AppError `store.*`: then nothing was recorded and the act can be repeated. */
  async record(ref: SegmentRef, act: Act, on?: ActedOn): Promise<void> {
    const event = await this.#store.record({
      reviewer: this.#reviewer,
      document: ref.document,
      segment: ref.id,
      sourceLanguage: ref.sourceLanguage,
      targetLanguage: ref.targetLanguage,
      ...act,
    }, on);
    if (event.shown !== undefined && on !== undefined) this.#sets.set(event.shown.set, on.set);
    this.#events.push(event);
    if (act.act !== 'undo') this.#mine.push({ id: event.id, segment: ref.id });
    this.#folded = this.#fold();
  }

  /**
   * Takes back this session's newest act, else the focused segment's. Answers the segment concerned, or undefined when
   * there is nothing to undo.
   */
  async undo(focused: SegmentRef): Promise<string | undefined> {
    const newest = this.#mine.at(-1);
    const fallback = this.#folded.get(focused.id)?.undoable;
    const target = newest ?? (fallback === undefined ? undefined : { id: fallback, segment: focused.id });
    if (target === undefined) return undefined;
    await this.record({ ...focused, id: target.segment }, { act: 'undo', of: target.id });
    this.#mine.pop();
    return target.segment;
  }

  #fold(): ReadonlyMap<string, SegmentJudgment> {
    return foldJudgments(this.#events, this.#scope, textLookup(this.#sets));
  }
}

interface Opened {
  readonly events: readonly JudgmentEvent[];
  readonly sets: ReadonlyMap<string, CandidateSet>;
  readonly problems: readonly StoreProblem[];
}
