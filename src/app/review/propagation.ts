/** What an accepted text fills elsewhere in its document: repeats by themselves, near repeats when a person says so. */
import { randomUUID } from 'node:crypto';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import { comparable } from '../../core/memory/score.ts';
import type { Fill, NearFill } from '../../core/propagation/repeats.ts';
import type { FoundRepeats, RepeatsParams, WantedText } from '../../protocol/documents.ts';
import { Breath, filteredInTurns, inTurns } from '../breath.ts';
import type { Target } from '../documents/target.ts';
import type { InLine } from './inLine.ts';
import type { Judgments } from './judgments.ts';
import type { SegmentRecord } from './segmentRecord.ts';

export interface PropagationSettings {
  /** Repeats are filled by themselves. */
  readonly repeats: boolean;
  /** Least score of near repeats, 1 to 99. */
  readonly least: number;
}

export const defaultPropagation: PropagationSettings = { repeats: true, least: 80 };

export interface PropagationParts {
  readonly records: ReadonlyMap<string, SegmentRecord>;
  readonly judgments: Judgments;
  readonly target: Pick<Target, 'differences'>;
  readonly line: InLine;
  readonly repeats: (params: RepeatsParams) => Promise<FoundRepeats>;
  /** As they are now. */
  readonly settings: () => PropagationSettings;
}

/** A place that could be filled; a repeat that holds something else has a score of 100. */
export interface Offer extends Fill, Pick<NearFill, 'numbersOnly'> {
  /** 1-based position in the document. */
  readonly number: number;
  readonly source: string;
  readonly score: number;
}

/** Fills recorded by one write: what they cost is over before a key is missed. */
const together = 50;

export class Propagation {
  readonly #parts: PropagationParts;

  constructor(parts: PropagationParts) {
    this.#parts = parts;
  }

  /**
   * After an act on a segment: fills its repeats with what was decided now, or takes its fills back where nothing is decided
   * any more. Left alone are places that a person decided, where a draft waits, and where the file holds another translation.
   * Answers the segments that changed. @param before the act that the segment's text came from until now
   */
  async follow(segment: string, before: string | undefined): Promise<readonly string[]> {
    const { judgments } = this.#parts;
    const judgment = judgments.of(segment);
    if (judgment?.decision === before || judgment?.filled !== undefined) return [];
    if (judgment?.decision === undefined) return this.#takeBack(segment, judgment?.undoable);
    if (judgment.text === undefined || !this.#parts.settings().repeats) return [];
    const { same, near } = await this.#find(segment, judgment.text);
    const fills = await this.#free(same);
    const record = this.#parts.records.get(segment);
    if (record !== undefined) record.near = same.length - fills.length + near.length;
    return this.#record(segment, fills, judgment.decision);
  }

  /** What could be filled with a segment's text if a person wants it: repeats that hold something else, and near repeats. */
  async offers(segment: string): Promise<readonly Offer[]> {
    const judgment = this.#decided(segment);
    if (judgment?.text === undefined) return [];
    const { same, near } = await this.#find(segment, judgment.text);
    return [...same.map((fill) => ({ ...fill, score: 100, numbersOnly: false })), ...near].flatMap((fill) => {
      const record = this.#parts.records.get(fill.segment);
      return record === undefined ? [] : [{ ...fill, number: record.number, source: record.segment.source }];
    });
  }

  /** Fills these places, which one undo takes back. Answers the segments that changed. */
  async fill(segment: string, offers: readonly (Fill & { readonly score: number })[]): Promise<readonly string[]> {
    const decision = this.#decided(segment)?.decision;
    const open = offers.filter((offer) => this.#isOpen(offer));
    const changed = decision === undefined ? [] : await this.#record(segment, open, decision, randomUUID());
    const record = this.#parts.records.get(segment);
    if (record?.near !== undefined) record.near = Math.max(0, record.near - changed.length);
    return changed;
  }

  /** By the act that left the segment without a text. */
  async #takeBack(segment: string, by: string | undefined): Promise<readonly string[]> {
    if (by === undefined) return [];
    const filled = await filteredInTurns(this.#parts.judgments.everFilledFrom(segment), (id) => this.#parts.judgments.isFilledFrom(id, segment));
    return this.#record(segment, filled.map((id) => ({ segment: id })), by);
  }

  #decided(segment: string): SegmentJudgment | undefined {
    const judgment = this.#parts.judgments.of(segment);
    return judgment?.filled === undefined ? judgment : undefined;
  }

  /** Where nobody decided anything and another text would come. */
  async #find(segment: string, text: string): Promise<FoundRepeats> {
    const { same, near } = await this.#parts.repeats({ segment, text, near: this.#parts.settings().least });
    return { same: await filteredInTurns(same, (fill) => this.#isOpen(fill)), near: near.filter((fill) => this.#isOpen(fill)) };
  }

  #isOpen({ segment, text }: Fill): boolean {
    const { records, judgments } = this.#parts;
    const judgment = judgments.of(segment);
    const state = judgment?.state ?? 'unreviewed';
    return (state === 'unreviewed' || state === 'filled') && judgment?.text !== text && records.get(segment)?.draft === undefined;
  }

  /** Those among the fills whose place holds its source, nothing, or what it was filled with before. */
  async #free(fills: readonly Fill[]): Promise<readonly Fill[]> {
    const { line, target, records } = this.#parts;
    const wanted = new Map<string, WantedText>();
    await inTurns(fills, ({ segment, text }) => {
      const spelled = line.spelled(segment, text, 'filled');
      if (spelled !== undefined) wanted.set(segment, spelled);
    });
    const there = await target.differences(wanted);
    return filteredInTurns(fills, ({ segment }) => {
      const text = there.get(segment);
      if (text === undefined) return true;
      const own = [records.get(segment)?.segment.source ?? '', line.wanted(segment)?.read ?? '', ''];
      return own.some((other) => comparable(other) === comparable(text));
    });
  }

  // where from, what, and by which act or batch it is undone
  async #record(from: string, fills: readonly { readonly segment: string; readonly text?: string; readonly score?: number }[], of: string, batch?: string): Promise<readonly string[]> {
    const origin = this.#parts.records.get(from)?.ref;
    if (origin === undefined) return [];
    const breath = new Breath();
    for (let at = 0; at < fills.length; at += together) {
      const some = fills.slice(at, at + together).map(({ segment, text, score }) => ({
        segment, what: { from, of, ...(text !== undefined && { text }), ...(score !== undefined && score < 100 && { score }) },
      }));
      await this.#parts.judgments.propagate(origin, some, batch);
      if (breath.isDue) await breath.taken();
    }
    return fills.map(({ segment }) => segment);
  }
}
