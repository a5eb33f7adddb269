/**
 * What reviewers did, one immutable record an act (design.md 4). Pure types. Records name sets and candidates by hash, so
 * they mean the same on another clone. Undo is a record that names the one it undoes; nothing is ever rewritten.
 */
import type { UnitContext } from '../memory/unit.ts';

import type { CheckId } from '../quality/check.ts';

/** Handling of idioms and slang (decisions.md 9). */
export type IdiomHandling = 'idiomatic' | 'explained' | 'literal' | 'dropped';
export type StyleVerdict = 'natural' | 'awkward' | 'wrongRegister';

/** A check's finding that a reviewer says is none here, whichever text of the segment it is found in. */
export interface Dismissal {
  readonly check: CheckId;
  /** As the finding has it: another number, another placeholder is another finding. */
  readonly detail: string;
  /** Never blank. */
  readonly reason: string;
}

/** A segment was filled with the text of a repeat of it. Nobody has looked at it there: no decision, and no preference. */
export interface Propagation {
  /** The segment of the same document whose text it is. */
  readonly from: string;
  /** Id of the act there that decided the text, or took it back: undone, this is gone as well. */
  readonly of: string;
  /** Fills that one undo takes back, where that is not the undo of `of`. */
  readonly batch?: string;
  /** With the segment's own placeholders. Absent: the fill is taken back, as nothing is decided there any more. */
  readonly text?: string;
  /** Of a near repeat, how alike the sources are: 0 to 99, as `sourceScore`. */
  readonly score?: number;
}

export interface EventBase {
  /** Unique over all writers: `writer-sequence`. */
  readonly id: string;
  /** Random id of the window that wrote it. */
  readonly writer: string;
  /** 1, 2, 3 ... of this writer. */
  readonly sequence: number;
  readonly reviewer: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** Source document, relative to the workspace folder, with `/`. */
  readonly document: string;
  readonly segment: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  /** Where the segment stood when its text was decided: what the translation memory knows it by. */
  readonly context?: UnitContext;
}

/** What was on screen when the act was made: needed to know what "seen but not accepted" means. */
export interface Shown {
  /** Hash of the frozen candidate set. */
  readonly set: string;
  /** Candidate hashes in the order in which they were shown. */
  readonly order: readonly string[];
  readonly blind: boolean;
  /** Milliseconds from the segment being shown to the act. */
  readonly elapsedMs: number;
}

export type Act =
  | { readonly act: 'accept'; readonly candidate: string; readonly leastBad?: boolean; readonly bulk?: boolean }
  | { readonly act: 'reject'; readonly candidate: string }
  | { readonly act: 'allBad' }
  | { readonly act: 'edit'; readonly from?: string; readonly text: string }
  | { readonly act: 'prefer'; readonly better: string; readonly worse: string }
  | { readonly act: 'tie'; readonly candidates: readonly string[] }
  | { readonly act: 'rank'; readonly groups: readonly (readonly string[])[] }
  | { readonly act: 'idiom'; readonly candidate: string; readonly value: IdiomHandling | 'none' }
  | { readonly act: 'style'; readonly candidate: string; readonly value: StyleVerdict | 'none' }
  | { readonly act: 'comment'; readonly text: string }
  /** The text in the document was changed outside the review and the reviewer said that it counts (a post-edit). */
  | { readonly act: 'external'; readonly text: string }
  | ({ readonly act: 'dismiss' } & Dismissal)
  | ({ readonly act: 'propagate' } & Propagation)
  /** A filled text is right here, says the reviewer. */
  | { readonly act: 'confirm'; readonly text: string }
  /** Names an act, or a batch of fills. */
  | { readonly act: 'undo'; readonly of: string };

export type JudgmentEvent = EventBase & { readonly shown?: Shown } & Act;

/** What the acts on one segment add up to, after undo; made by `foldJudgments`. */
export interface SegmentJudgment {
  readonly segment: string;
  readonly state: 'unreviewed' | 'accepted' | 'edited' | 'allBad' | 'filled';
  /** The text that should stand in the document; undefined while nothing was accepted. */
  readonly text?: string;
  /** The accepted candidate, or the one that an edit started from. */
  readonly candidate?: string;
  readonly rejected: readonly string[];
  readonly idiom: ReadonlyMap<string, IdiomHandling>;
  readonly style: ReadonlyMap<string, StyleVerdict>;
  readonly comments: readonly string[];
  readonly dismissed: readonly Dismissal[];
  /** Id of the act that the text comes from. */
  readonly decision?: string;
  /** Of a filled segment: where its text was decided. */
  readonly filled?: Pick<Propagation, 'from' | 'score'>;
  /** The newest act that `u` would undo. */
  readonly undoable?: string;
}
