/** The translation memory of one review: asked for its segments, told of its judgments. */
import type { SegmentRef } from '../../core/candidate.ts';
import { fromWire, isAbort, toAppError, type AppError } from '../../core/errors.ts';
import type { JudgmentEvent, SegmentJudgment } from '../../core/judgment/events.ts';
import { contextHash } from '../../core/memory/context.ts';
import type { SegmentText } from '../../core/document/segment.ts';
import type { MatchLimits, MemoryMatch, ProposedUnit, UnitContext } from '../../core/memory/unit.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { Breath } from '../breath.ts';
import type { Remembering } from '../memory/memoryThread.ts';
import type { SourceDocument } from '../openDocument.ts';
import type { JudgmentHooks } from './judgments.ts';

export interface MemoryAccess {
  readonly remembering: Remembering;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly limits: MatchLimits;
  /** False: what the file proposes for its own texts is no match, because it is asked in another direction. Absent: it is one. */
  readonly proposals?: false;
  /** Told what opening the memory found, and of a memory that does not answer: the review goes on without it. */
  readonly onProblem: (problem: AppError) => void;
}

export class SessionMemory implements Required<JudgmentHooks> {
  readonly #access: MemoryAccess;
  readonly #languages: LanguagePair;
  readonly #document: Pick<SourceDocument, 'key' | 'segments'>;
  readonly #places: ReadonlyMap<string, number>;

  private constructor(access: MemoryAccess, document: Pick<SourceDocument, 'key' | 'segments'>, about: { readonly languages: LanguagePair; readonly places: ReadonlyMap<string, number> }) {
    this.#access = access;
    this.#languages = about.languages;
    this.#document = document;
    this.#places = about.places;
  }

  /** Hundreds of thousands of segments are not taken in in one go. */
  static async open(access: MemoryAccess, document: Pick<SourceDocument, 'key' | 'segments'>, languages: LanguagePair): Promise<SessionMemory> {
    const breath = new Breath();
    const places = new Map<string, number>();
    for (const { id } of document.segments) {
      if (breath.isDue) await breath.taken();
      places.set(id, places.size);
    }
    return new SessionMemory(access, document, { languages, places });
  }

  /** The same document's matches in another direction. */
  inDirection(languages: LanguagePair, limits: MatchLimits): SessionMemory {
    return new SessionMemory({ ...this.#access, limits, proposals: false }, this.#document, { languages, places: this.#places });
  }

  readonly contextOf = (segment: string): UnitContext | undefined => {
    const place = this.#places.get(segment);
    if (place === undefined) return undefined;
    const [before, here, after] = [place - 1, place, place + 1].map((index) => this.#document.segments[index]);
    return {
      ...(here?.unit !== undefined && { key: here.unit.key }),
      ...(before !== undefined && { previous: contextHash(before.source) }),
      ...(after !== undefined && { next: contextHash(after.source) }),
    };
  };

  readonly onJudged = ({ id, source }: SegmentRef, judgment: SegmentJudgment | undefined, decision: Pick<JudgmentEvent, 'reviewer' | 'at'> | undefined): void => {
    const context = this.contextOf(id);
    const unit = judgment?.text === undefined ? undefined : { source, target: judgment.text, origin: this.#document.key, ...(decision !== undefined && { by: decision.reviewer, at: decision.at }), ...(context !== undefined && { context }) };
    const place = { document: this.#document.key, segment: id };
    void this.#guarded(() => this.#access.remembering.put({ ...this.#name, place, ...(unit !== undefined && { unit }) }), undefined);
  };

  /** Matches of a segment of this document, best first. Never fails: a memory that cannot be read gives none. */
  matches(segment: string, signal?: AbortSignal): Promise<readonly MemoryMatch[]> {
    return this.#guarded(async () => {
      const here = this.#document.segments[this.#places.get(segment) ?? -1];
      if (here === undefined) return [];
      const context = this.contextOf(segment);
      const proposed = this.#access.proposals === false ? [] : proposedUnits(here, this.#document.key);
      const query = { source: here.source, place: { document: this.#document.key, segment }, ...(context !== undefined && { context }), ...(proposed.length > 0 && { proposed }) };
      const { matches, problems } = await this.#access.remembering.query({ ...this.#name, queries: [query], limits: this.#access.limits }, signal);
      for (const problem of problems) this.#access.onProblem(fromWire(problem));
      return matches[0] ?? [];
    }, []);
  }

  get #name(): { readonly root: string } & LanguagePair {
    return { root: this.#access.root, ...this.#languages };
  }

  async #guarded<T>(work: () => Promise<T>, without: T): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (!isAbort(thrown)) this.#access.onProblem(toAppError(thrown, 'translation memory'));
      return without;
    }
  }
}

/** What a file proposes for a segment of its own, as units from there. */
function proposedUnits({ source, unit }: SegmentText, document: string): readonly ProposedUnit[] {
  return (unit?.matches ?? []).map(({ source: own = source, target, score, origin = document }) => ({ unit: { source: own, target, origin }, ...(score !== undefined && { score }) }));
}
