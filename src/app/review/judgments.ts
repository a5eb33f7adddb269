import type { CandidateSet, SegmentRef } from '../../core/candidate.ts';
import type { Act, JudgmentEvent, Propagation, SegmentJudgment, Shown } from '../../core/judgment/events.ts';
import { foldJudgments, type CandidateTextLookup, type JudgmentScope } from '../../core/judgment/fold.ts';
import { undoneWith } from '../../core/judgment/order.ts';
import type { UnitContext } from '../../core/memory/unit.ts';
import { textLookup, type WorkspaceStore } from '../../store/workspaceStore.ts';
import { inTurns } from '../breath.ts';
import type { RecordedJudgments } from '../documents/documentDesk.ts';

/** What was on screen, and the set that it came from: frozen by the store before the record is written. */
export interface ActedOn {
  readonly set: CandidateSet;
  readonly shown: Omit<Shown, 'set'>;
}

/** What else has to know of a judgment. */
export interface JudgmentHooks {
  /** Where a segment stands: recorded with what decides its text. */
  readonly contextOf?: (segment: string) => UnitContext | undefined;
  /** After an act: what its segment's acts add up to now, and the act that decided its text. */
  readonly onJudged?: (ref: SegmentRef, judgment: SegmentJudgment | undefined, decision: Pick<JudgmentEvent, 'reviewer' | 'at'> | undefined) => void;
}

/**
 * The judgments of one document and language: the journal's records and what they add up to. All reviewers' acts count for
 * the document's state; undo concerns this reviewer's own. Segments are folded one by one, each when it is asked for: an
 * act costs as much as its segment has records, whatever the journal holds.
 */
export class Judgments {
  readonly #store: WorkspaceStore;
  readonly #scope: JudgmentScope;
  readonly #reviewer: string;
  readonly #hooks: JudgmentHooks;
  readonly #events = new Map<string, JudgmentEvent[]>();
  readonly #sets = new Map<string, CandidateSet>();
  /** Own acts of this session, newest last: what `u` takes back, wherever the focus has gone since. */
  readonly #mine: { readonly id: string; readonly segment: string }[] = [];
  readonly #folded = new Map<string, SegmentJudgment | undefined>();
  readonly #changed = new Set<string>();
  readonly #textOf: CandidateTextLookup = textLookup(this.#sets);
  /** Act or batch to the segments whose fills fall with it. */
  readonly #fills = new Map<string, Set<string>>();
  /** Segment to those that were ever filled with its text. */
  readonly #filledFrom = new Map<string, Set<string>>();

  private constructor(store: WorkspaceStore, scope: JudgmentScope, reviewer: string, hooks: JudgmentHooks) {
    this.#store = store;
    this.#scope = scope;
    this.#reviewer = reviewer;
    this.#hooks = hooks;
  }

  /** Takes in what is recorded, in as many turns of the event loop as a journal of years takes. */
  static async open(store: WorkspaceStore, scope: JudgmentScope, reviewer: string, recorded: Pick<RecordedJudgments, 'events' | 'sets'> & JudgmentHooks): Promise<Judgments> {
    const judgments = new Judgments(store, scope, reviewer, recorded);
    await inTurns(recorded.sets, ([hash, set]) => { judgments.#sets.set(hash, set); });
    await inTurns(recorded.events, (event) => { if (event.act !== 'undo') judgments.#add(event); });
    await inTurns(recorded.events, (event) => { if (event.act === 'undo') judgments.#add(event); });
    return judgments;
  }

  of(segment: string): SegmentJudgment | undefined {
    const events = this.#events.get(segment);
    if (events === undefined) return undefined;
    if (!this.#folded.has(segment)) this.#folded.set(segment, foldJudgments(events, this.#scope, this.#textOf).get(segment));
    return this.#folded.get(segment);
  }

  /** Whether anybody acted on the segment itself: being filled is no act on it. */
  isJudged(segment: string): boolean {
    return this.#events.get(segment)?.some((event) => event.segment === segment && event.act !== 'propagate') ?? false;
  }

  /** Segments that hold the text of this one and that nobody has confirmed or decided otherwise. */
  filledFrom(segment: string): readonly string[] {
    return [...this.everFilledFrom(segment)].filter((id) => this.isFilledFrom(id, segment));
  }

  /** Segments that were ever filled with the text of this one. */
  everFilledFrom(segment: string): Iterable<string> {
    return this.#filledFrom.get(segment) ?? [];
  }

  isFilledFrom(segment: string, from: string): boolean {
    return this.of(segment)?.filled?.from === from;
  }

  /** Segments that anybody acted on, or that were filled. */
  get segments(): Iterable<string> {
    return this.#events.keys();
  }

  /** Segments with records that came since this was asked for last: at first all of `segments`. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** The sets that a segment was judged on, oldest first: shown again when candidates were deleted or made anew. */
  judgedSets(segment: string): readonly CandidateSet[] {
    const events = this.#events.get(segment);
    if (events === undefined) return [];
    const hashes = new Set(events.flatMap(({ shown }) => (shown === undefined ? [] : [shown.set])));
    return [...hashes].flatMap((hash) => this.#sets.get(hash) ?? []);
  }

  /** @throws AppError `store.*`: then nothing was recorded and the act can be repeated. */
  // The fourth is whose act it is, where it is not this reviewer's.
  async record(ref: SegmentRef, act: Act, on?: ActedOn, reviewer = this.#reviewer): Promise<void> {
    const context = decidesText(act) ? this.#hooks.contextOf?.(ref.id) : undefined;
    const event = await this.#store.record({
      reviewer,
      document: ref.document,
      segment: ref.id,
      sourceLanguage: ref.sourceLanguage,
      targetLanguage: ref.targetLanguage,
      ...(context !== undefined && { context }),
      ...act,
    }, on);
    if (event.shown !== undefined && on !== undefined) this.#sets.set(event.shown.set, on.set);
    this.#add(event);
    if (act.act !== 'undo') this.#mine.push({ id: event.id, segment: ref.id });
    const judgment = this.of(ref.id);
    this.#hooks.onJudged?.(ref, judgment, this.#events.get(ref.id)?.find(({ id }) => id === judgment?.decision));
  }

  /** Records what a segment's text fills, by one write. `batch` is undone as one; without it the fills fall with what they are `of`. @throws as `record` */
  async propagate(origin: SegmentRef, fills: readonly { readonly segment: string; readonly what: Propagation }[], batch?: string): Promise<void> {
    const { document, sourceLanguage, targetLanguage } = origin;
    const drafts = fills.map(({ segment, what }) => ({ document, segment, sourceLanguage, targetLanguage, act: 'propagate' as const, ...what, ...(batch !== undefined && { batch }) }));
    for (const event of await this.#store.recordAll(this.#reviewer, drafts)) this.#add(event);
    if (batch !== undefined && fills.length > 0 && this.#mine.at(-1)?.id !== batch) this.#mine.push({ id: batch, segment: origin.id });
  }

  /**
   * Takes back this session's newest act, else the focused segment's, with what it has filled. Answers the segment concerned
   * and those that were filled, or undefined when there is nothing to undo.
   */
  async undo(focused: SegmentRef): Promise<{ readonly segment: string; readonly filled: readonly string[] } | undefined> {
    const newest = this.#mine.at(-1);
    const fallback = this.of(focused.id)?.undoable;
    const target = newest ?? (fallback === undefined ? undefined : { id: fallback, segment: focused.id });
    if (target === undefined) return undefined;
    await this.record({ ...focused, id: target.segment }, { act: 'undo', of: target.id });
    this.#mine.pop();
    return { segment: target.segment, filled: [...this.#fills.get(target.id) ?? []] };
  }

  #add(event: JudgmentEvent): void {
    this.#file(event.segment, event);
    for (const key of undoneWith(event)) listed(this.#fills, key).add(event.segment);
    if (event.act === 'propagate') listed(this.#filledFrom, event.from).add(event.segment);
    if (event.act !== 'undo') return;
    for (const segment of this.#fills.get(event.of) ?? []) if (segment !== event.segment) this.#file(segment, event);
  }

  #file(segment: string, event: JudgmentEvent): void {
    const known = this.#events.get(segment);
    if (known === undefined) this.#events.set(segment, [event]);
    else known.push(event);
    this.#folded.delete(segment);
    this.#changed.add(segment);
  }
}

function listed(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key) ?? new Set();
  sets.set(key, known);
  return known;
}

function decidesText({ act }: Act): boolean {
  return act === 'accept' || act === 'edit' || act === 'external' || act === 'confirm';
}
