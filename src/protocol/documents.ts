/**
 * Contract between `app/` and the thread of one document: it holds the source and the target file, and reads the store of
 * its workspace, since none of that is done in 10 ms (decisions.md 3). Long lists are pulled slice by slice, so that taking
 * them in does not hold the other side up either. Pure: no VS Code, no Node, no DOM.
 */
import type { CandidateSet } from '../core/candidate.ts';
import type { ColumnChoice } from '../core/document/columns.ts';
import type { TextEncodingInfo } from '../core/document/encoding.ts';
import type { Unaligned } from '../core/document/revision.ts';
import type { CodecId, SegmentText, Standing, TextRange } from '../core/document/segment.ts';
import type { WireError } from '../core/errors.ts';
import type { JudgmentEvent } from '../core/judgment/events.ts';
import type { Fill, NearFill } from '../core/propagation/repeats.ts';
import type { DataCard } from '../core/preference/card.ts';
import type { LanguagePair } from './worker.ts';

/** What became of a write. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The text is in the editor's buffer, which had unsaved changes already: the person saves. */
  | { readonly kind: 'unsaved' }
  /** Something that runs on save changed other bytes as well; both texts are told so that ours can be restored. */
  | { readonly kind: 'altered'; readonly expected: string; readonly actual: string };

/** What to do with a target file that holds something we did not write. */
export type ForeignTarget = 'merge' | 'overwrite' | 'cancel';

/** A text that should stand in a segment's place: as its file spells it, as it reads back, and who answers for it. */
export interface WantedText {
  readonly encoded: string;
  readonly read: string;
  readonly standing: Standing;
}

/** What is believed to stand in a segment's place. */
export type ExpectedText = Pick<WantedText, 'encoded' | 'standing'>;

/** A text that was accepted, or filled in, as people read it. */
export interface AcceptedText {
  readonly text: string;
  readonly standing: Standing;
}

/** Texts that are wanted, by segment: those that were sent ahead with this number by `wanted`, and the last of them. */
export interface SentTexts {
  readonly ticket: number;
  readonly wanted: ReadonlyMap<string, WantedText | undefined>;
}

/** A translation that the target holds for a segment nobody has accepted one for; undefined: none any more. */
export type ExistingText = readonly [segment: string, text: string | undefined];

/** Without a target language a document is only read, never written: bilingual files are then not held to one language. */
export interface DocumentLanguages {
  readonly source: string;
  readonly target?: string;
  /** Of a table: which columns hold what, where its header does not tell. */
  readonly columns?: ColumnChoice;
}

export interface OpenParams {
  /** Absolute. */
  readonly path: string;
  /** Relative to the workspace folder, with `/`. */
  readonly key: string;
  readonly languages: LanguagePair;
  /** The workspace folder, absolute. */
  readonly root: string;
}

export interface TargetParams {
  /** Absolute. */
  readonly path: string;
  /** For messages, relative to the workspace folder. */
  readonly label: string;
}

/** A translated file that somebody returned. */
export interface ReturnedFile {
  /** Absolute. */
  readonly path: string;
  /** For messages. */
  readonly label: string;
}

/** An edit of a text that is open in an editor. */
export interface EditorEdit {
  /** What the editor must hold. */
  readonly before: string;
  readonly range: TextRange;
  readonly text: string;
}

/** Where else in the document a translation of a segment fits. */
export interface RepeatsParams {
  readonly segment: string;
  readonly text: string;
  /** Least score of near repeats, 1 to 99; absent: none are looked for. */
  readonly near?: number;
}

export interface FoundRepeats {
  readonly same: readonly Fill[];
  /** Best first. */
  readonly near: readonly NearFill[];
}

export interface ExportParams {
  /** The workspace folder, absolute. */
  readonly root: string;
  /** Absolute: a `.jsonl` file, or a folder. */
  readonly out: string;
  readonly version: string;
  /** Also pairs of accepted over merely seen: a class of its own. */
  readonly acceptedOverSeen: boolean;
  /** Also pairs of held-out sources. */
  readonly withHeldOut?: boolean;
}

export interface ExportAnswer {
  /** Absolute path of the rows. */
  readonly rows: string;
  readonly card: DataCard;
  /** What of the store could not be read. */
  readonly problems: readonly WireError[];
}

/** A data folder to train on, made of the judgments of a workspace. */
export interface JudgmentDataParams {
  /** The workspace folder, absolute. */
  readonly root: string;
  /** Absolute; it is there. */
  readonly folder: string;
  readonly version: string;
  /** Also texts to imitate, and what the gate keeps for itself. */
  readonly supervised: boolean;
  readonly acceptedOverSeen: boolean;
}

export interface JudgmentData {
  readonly pairs: number;
  /** Accepted and edited texts, each once: what supervised training may imitate. */
  readonly supervised: number;
  readonly sources: number;
  readonly documents: number;
}

export interface StepProgress {
  readonly done: number;
  readonly total: number;
}

/** What the thread offers. `open` comes first; a slice begins at index `from` and is empty behind the end. */
export interface DocumentContract {
  readonly calls: {
    /** Reads and parses the source. */
    readonly open: { params: OpenParams; result: { readonly codec: CodecId; readonly encoding: TextEncodingInfo; readonly segments: number }; progress: never };
    readonly segments: { params: { readonly from: number }; result: readonly SegmentText[]; progress: never };
    /** Whether the file still holds the sources that were read. */
    readonly isCurrent: { params: null; result: boolean; progress: never };
    /** Settles what of it is held out, before anybody judges. */
    readonly takeIn: { params: { readonly share: number }; result: null; progress: never };
    /** All judgments on the document; `problems` were not told of before. */
    readonly judgments: { params: null; result: { readonly events: number; readonly sets: number; readonly problems: readonly WireError[] }; progress: StepProgress };
    readonly events: { params: { readonly from: number }; result: readonly JudgmentEvent[]; progress: never };
    /** The frozen sets that those judgments name, with their hashes. */
    readonly sets: { params: { readonly from: number }; result: readonly (readonly [hash: string, set: CandidateSet])[]; progress: never };
    /** How many sets were generated for the document. */
    readonly candidates: { params: null; result: number; progress: never };
    readonly candidateSets: { params: { readonly from: number }; result: readonly CandidateSet[]; progress: never };
    /** How many of its sources the workspace holds out. */
    readonly heldOut: { params: null; result: number; progress: never };
    /** Keys (`sourceKey`) of those. */
    readonly heldOutKeys: { params: { readonly from: number }; result: readonly string[]; progress: never };
    /** Sends texts that were accepted ahead of `openTarget`, by segment id. */
    readonly accepted: { params: ReadonlyMap<string, AcceptedText>; result: null; progress: never };
    /** Brings the target back as it was left; undefined: cancelled. */
    readonly openTarget: { params: TargetParams; result: { readonly focus: string | undefined } | undefined; progress: never };
    /** `same` is how many there are. */
    readonly repeats: { params: RepeatsParams; result: Pick<FoundRepeats, 'near'> & { readonly same: number }; progress: never };
    readonly sameSources: { params: { readonly from: number }; result: FoundRepeats['same']; progress: never };
    /** Sends texts ahead of the call that is about all of them. */
    readonly wanted: { params: SentTexts; result: null; progress: never };
    readonly put: { params: SentTexts; result: WriteOutcome; progress: never };
    readonly expected: { params: { readonly segment: string }; result: ExpectedText | undefined; progress: never };
    /** How many there are. */
    readonly differences: { params: SentTexts; result: number; progress: never };
    readonly differing: { params: { readonly from: number }; result: readonly (readonly [segment: string, text: string])[]; progress: never };
    /** Compares the target with the accepted texts; `existing` translations have changed since the comparison before. */
    readonly compare: { params: SentTexts; result: { readonly differences: number; readonly existing: number }; progress: never };
    readonly existing: { params: { readonly from: number }; result: readonly ExistingText[]; progress: never };
    readonly acknowledge: { params: { readonly segment: string; readonly inDocument: string }; result: null; progress: never };
    readonly restore: { params: { readonly text: string }; result: null; progress: never };
    readonly remember: { params: { readonly focus: string | undefined }; result: null; progress: never };
    /** What a returned file says: so many texts, and so many that have no counterpart. */
    readonly revised: { params: ReturnedFile; result: { readonly texts: number; readonly unaligned: number }; progress: never };
    readonly revisedTexts: { params: { readonly from: number }; result: readonly (readonly [segment: string, text: string])[]; progress: never };
    readonly unaligned: { params: { readonly from: number }; result: readonly Unaligned[]; progress: never };
    /** Writes preference pairs; needs no `open`. Steps are files and sets read, then rows made. */
    readonly exportPairs: { params: ExportParams; result: ExportAnswer; progress: StepProgress };
    /** Writes a data folder of the workspace's judgments; needs no `open`. Steps as those of `exportPairs`. */
    readonly judgmentData: { params: JudgmentDataParams; result: { readonly data: JudgmentData; readonly problems: readonly WireError[] }; progress: StepProgress };
  };
  readonly events: Record<string, never>;
}

/** What `app/` offers to the thread: the person, and the files that are open in editors. */
export interface DocumentClientContract {
  readonly calls: {
    readonly askAboutTarget: { params: { readonly label: string }; result: ForeignTarget; progress: never };
    /** Whether the target is open in an editor, and its text where it has unsaved changes. */
    readonly held: { params: null; result: { readonly open: boolean; readonly unsaved?: string }; progress: never };
    /** Edits the target through the editor and saves it, but not where it had unsaved changes before. */
    readonly edit: { params: EditorEdit; result: 'saved' | 'unsaved'; progress: never };
  };
  readonly events: Record<string, never>;
}
