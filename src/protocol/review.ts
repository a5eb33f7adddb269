/**
 * Contract between the extension host and the review webview. Pure: no VS Code, no Node, no DOM.
 *
 * The host owns all state. A hidden webview is destroyed: when it comes back it calls `ready` and draws the snapshot.
 * Every key is a VS Code command; the host forwards it as `command` and the webview, which knows what has focus, acts.
 */
import type { Candidate, CandidateIssue, RankingSettings, Steering } from '../core/candidate.ts';
import type { CriticVerdict } from '../core/critic/critic.ts';
import type { UnitState } from '../core/document/segment.ts';
import type { PluralForm } from '../core/document/segmentPlace.ts';
import type { Dismissal, IdiomHandling, StyleVerdict } from '../core/judgment/events.ts';
import type { Matrix } from '../core/matrix.ts';
import type { CheckId, Severity } from '../core/quality/check.ts';
import type { WireError } from '../core/errors.ts';
import type { RankingNow, RankingPreview } from './rankingView.ts';

/** A candidate as the reviewer sees it. `hash` names it in acts, whatever row it stands in. */
export interface CandidateView {
  readonly hash: string;
  readonly candidate: Candidate;
  readonly rejected: boolean;
  /** The target file held it before the review; not told in a blind session. */
  readonly existing?: true;
  /** What it was asked for with; absent for the candidates that came unasked. */
  readonly asked?: Steering;
  readonly idiom?: IdiomHandling;
  readonly style?: StyleVerdict;
}

/** What a check or another extension says of a text. */
export interface FindingView {
  readonly severity: Severity;
  /** For people, in their language. */
  readonly message: string;
  readonly detail: string;
  /** Absent: another extension said it, and it cannot be dismissed here. */
  readonly check?: CheckId;
  /** Who said it, where it was not us. */
  readonly source?: string;
}

export type SegmentState = 'waiting' | 'translating' | 'ready' | 'failed';
/** `filled`: it holds the text of a repeat, and nobody has looked at it here. */
export type ReviewState = 'unreviewed' | 'accepted' | 'edited' | 'allBad' | 'filled';

/** The accepted text and what stands in the document are not the same any more. */
export interface Difference {
  readonly accepted: string;
  readonly inDocument: string;
}

export interface SegmentView {
  readonly id: string;
  /** 1-based position in the document. */
  readonly number: number;
  readonly source: string;
  readonly state: SegmentState;
  readonly review: ReviewState;
  /** The text that was accepted or written by the reviewer. */
  readonly accepted?: string;
  readonly acceptedCandidate?: string;
  readonly draft?: string;
  readonly difference?: Difference;
  readonly revision?: RevisionView;
  /** What ranked the candidates; absent while that is not settled. */
  readonly utility?: RankingSettings['utility'];
  /** How many samples were drawn of those that were allowed, where drawing may stop early. */
  readonly drawn?: { readonly samples: number; readonly most: number };
  /** Kept for the gate: judged blind in any session, and kept from training, memory and prompts. */
  readonly heldOut?: true;
  /** Possible omission in the best candidate. */
  readonly omission: boolean;
  readonly comments: readonly string[];
  /** Of the text that stands in the target file, without those that were dismissed. */
  readonly findings: readonly FindingView[];
  readonly dismissed: readonly Dismissal[];
  /** Earlier segments that were in the prompt, and those that did not fit. */
  readonly context?: { readonly previous: number; readonly cut: number };
  readonly error?: { readonly message: string; readonly action?: string };
  readonly candidates: readonly CandidateView[];
  /** Longest translation that the format allows, in graphemes. */
  readonly maxLength?: number;
  /** What the file says about this text: notes of developers and earlier translators, names, places of use; a line each. */
  readonly note?: string;
  /** What the file calls it: a key, an id, the time of a cue. */
  readonly name?: string;
  readonly form?: PluralForm;
  /** How far the file said, when it was opened, that the translation in it had come. */
  readonly fileState?: UnitState;
  /** Glossary terms in the source, in its order. */
  readonly terms?: readonly TermView[];
  /** Number of the segment whose text fills this one; `score` of a near repeat, 0 to 99. */
  readonly filled?: { readonly from: number; readonly score?: number };
  /** How many segments this one's text fills, and how many more it could fill if the person wants it. */
  readonly repeats?: { readonly filled: number; readonly near: number };
}

/** What another reviewer made of a segment, while nobody has decided about it. */
export interface RevisionView {
  readonly reviewer: string;
  readonly text: string;
  /** What it lost of its source; absent where nothing is. */
  readonly issues?: readonly CandidateIssue[];
}

export interface TermView {
  readonly source: string;
  readonly targets: readonly string[];
  readonly forbidden: readonly string[];
  readonly note?: string;
  /** In the source, UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface Progress {
  readonly phase: 'idle' | 'loading' | 'translating' | 'cancelled' | 'failed' | 'done';
  readonly done: number;
  readonly total: number;
  readonly message?: string;
  /** How the candidates are made, once the first finished set tells: takes the place of the snapshot's. */
  readonly signature?: string;
}

export interface ReviewSnapshot {
  /** URI of the source; kept by the page, so that the tab comes back after the window was closed. */
  readonly source: string;
  readonly title: string;
  readonly sourceLanguage: { readonly tag: string; readonly name: string; readonly dir: 'ltr' | 'rtl' };
  readonly targetLanguage: { readonly tag: string; readonly name: string; readonly dir: 'ltr' | 'rtl' };
  /** Model, utility, N and aligner in a line. */
  readonly signature: string;
  readonly blind: boolean;
  readonly progress: Progress;
  readonly segments: readonly SegmentView[];
  /** The document is long: these are its first segments, and `segments` gives the others. */
  readonly more?: true;
  /** Where the reviewer was when the view closed. */
  readonly focus?: string;
  /** Localised texts by key; `reviewStrings` in `reviewStrings.ts` is the list of keys. */
  readonly strings: Readonly<Record<string, string>>;
  /** Command id (`interlinear.review.edit`) to its keys as contributed (`shift+x`), for help and for telling keys apart. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Keys that the user has bound otherwise, as far as VS Code's answers have shown: what they run, or `none` of ours. */
  readonly ownKeys?: Readonly<Record<string, ReviewCommand | 'none'>>;
}

/** What VS Code runs for a key, as a contributed key is spelled; `contributed`: as it is contributed. */
export interface OwnKey {
  readonly key: string;
  readonly command: ReviewCommand | 'none' | 'contributed';
}

/** What `alignment` answers: tokens with their offsets in the texts, and the probabilities between them. */
export interface AlignmentView {
  readonly source: readonly TokenView[];
  readonly target: readonly TokenView[];
  readonly probabilities: Matrix;
  readonly uncoveredSource: readonly number[];
  readonly uncoveredTarget: readonly number[];
  readonly aligner: string;
  readonly confidence: 'low' | 'high';
}

export interface TokenView {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Acts of the reviewer; the host journals them, writes the document and answers with the new view of the segment. */
export type ReviewAct =
  | { readonly act: 'accept'; readonly candidate: string }
  | { readonly act: 'reject'; readonly candidate: string }
  | { readonly act: 'allBad' }
  | { readonly act: 'edit'; readonly from?: string; readonly text: string }
  | { readonly act: 'idiom'; readonly candidate: string; readonly value: IdiomHandling | 'none' }
  | { readonly act: 'style'; readonly candidate: string; readonly value: StyleVerdict | 'none' }
  | { readonly act: 'comment'; readonly text: string }
  | ({ readonly act: 'dismiss' } & Dismissal)
  /** The filled text is right. */
  | { readonly act: 'confirm' }
  | { readonly act: 'undo' }
  /** What another reviewer returned: taken as that reviewer's post-edit, or let be. */
  | { readonly act: 'revision'; readonly choice: 'take' | 'leave' }
  /** The document's text differs from the accepted one: accept again over it, take it as my edit, or put ours back. */
  | { readonly act: 'resolve'; readonly choice: 'recordAccept' | 'recordEdit' | 'revert' };

export interface ActParams {
  readonly segment: string;
  /** Candidate hashes as painted, top to bottom. */
  readonly order: readonly string[];
  readonly elapsedMs: number;
  readonly what: ReviewAct;
}

/** How much the best candidates of a segment agree: U of each (rows) with each as the reference (columns), by rank. */
export interface AgreementView {
  /** Candidate hashes of rows and columns. */
  readonly candidates: readonly string[];
  readonly matrix: Matrix;
  readonly utility: RankingSettings['utility'];
  /** How many candidates the set has. */
  readonly total: number;
}

/** What the critic says of a candidate, and which model it is. */
export interface CriticView extends CriticVerdict {
  readonly signature: string;
}

export interface AlignmentRequest {
  readonly segment: string;
  readonly candidate: string;
  /** By the span aligner, which takes a while; absent: by the aligner of the settings. */
  readonly by?: 'spans';
}

/** What the host offers to the webview. */
export interface ReviewHostContract {
  readonly calls: {
    /** First call of every new webview document: draw me. */
    readonly ready: { params: null; result: ReviewSnapshot; progress: never };
    /** The segments from an index on, as many as fit in a few milliseconds of the host's time; none behind the last one. */
    readonly segments: { params: { readonly from: number }; result: readonly SegmentView[]; progress: never };
    readonly act: { params: ActParams; result: { readonly segment: SegmentView } | { readonly error: WireError; readonly message: string }; progress: never };
    /** The focused candidate's alignment, computed when it is looked at. */
    readonly alignment: { params: AlignmentRequest; result: AlignmentView; progress: never };
    /** Who agrees with whom; computed when it is looked at. */
    readonly agreement: { params: { readonly segment: string }; result: AgreementView | { readonly message: string }; progress: never };
    /** The critic's judgment of a candidate, asked for when it is looked at. */
    readonly critic: { params: { readonly segment: string; readonly candidate: string }; result: CriticView | { readonly message: string }; progress: never };
    readonly ranking: { params: null; result: RankingNow; progress: never };
    /** What other settings of the ranking would change; nothing is drawn or stored. A newer call replaces an older one. */
    readonly previewRanking: { params: RankingSettings; result: RankingPreview; progress: { readonly done: number; readonly total: number } };
    /** Makes them the folder's settings; what is drawn is ranked again by them. Answers why it could not. */
    readonly applyRanking: { params: RankingSettings; result: { readonly message?: string }; progress: never };
    /** What the checks say of a segment's candidates, by hash; the dismissed ones too. */
    readonly findings: { params: { readonly segment: string }; result: Readonly<Record<string, readonly FindingView[]>>; progress: never };
    /** Stored within a second of the last key; an empty text discards the draft. */
    readonly saveDraft: { params: { readonly segment: string; readonly text: string }; result: null; progress: never };
    /** Decides the `interlinear.listFocused` context: single keys are commands only there. Answered once VS Code knows. */
    readonly listFocus: { params: { readonly focused: boolean }; result: null; progress: never };
  };
  readonly events: {
    /** A command of the palette or a key, for the webview to act on where its focus is. */
    readonly command: { readonly command: ReviewCommand };
    /** Something about one segment changed: replaces the view of that segment. */
    readonly segment: SegmentView;
    readonly progress: Progress;
    /** The person wants to see this segment. */
    readonly goTo: { readonly segment: string };
    /** The document was parsed again: the list of segments is another one. */
    readonly snapshot: ReviewSnapshot;
  };
}

/** More candidates of a kind for a segment; what else is needed the host asks for. */
export interface AskParams {
  readonly segment: string;
  readonly kind: 'more' | 'instruction' | 'rewrite' | 'continue';
  /** Text of the focused candidate, and what is selected in it. */
  readonly candidate?: string;
  readonly selection?: string;
}

/** What the webview tells the host. */
export interface ReviewViewContract {
  readonly calls: {
    /** Puts a text at the caret of the open edit, which gets the keyboard; false where none is open. */
    readonly insert: { params: { readonly text: string }; result: boolean; progress: never };
  };
  readonly events: {
    /** The reviewer is here: translate this one first, and come back here after a reload. */
    readonly segmentFocus: { readonly segment: string };
    /** Nothing fits: the host asks how to go on and draws more. */
    readonly ask: AskParams;
    /** A finding is none, says the reviewer: the host asks which of these, and why. */
    readonly dismiss: { readonly segment: string; readonly findings: readonly FindingView[] };
    /** The person wants to choose what else this segment's text fills. */
    readonly fillRepeats: { readonly segment: string };
    /** The person wants to see how a text was translated before: what is selected here, or nothing. */
    readonly concordance: { readonly text: string };
    /** A button or link that stands for a VS Code command. */
    readonly run: { readonly command: 'cancel' | 'resume' | 'export' | 'openSource' | 'openTarget' | 'leave' | 'takeRevisions' };
    /** VS Code has answered a key otherwise than before: to be known in the next view as well. */
    readonly ownKey: OwnKey;
    /** Time from a key to the next painted frame, for the bench. */
    readonly timing: { readonly name: 'keyToPaint' | 'firstCandidate'; readonly ms: number };
  };
}

/** Commands of the review view: `interlinear.review.<name>` in package.json. */
export const reviewCommands = [
  'nextSegment', 'previousSegment', 'nextUnreviewed', 'nextCandidate', 'previousCandidate',
  'accept1', 'accept2', 'accept3', 'accept4', 'accept5', 'accept6', 'accept7', 'accept8', 'accept9', 'acceptFocused', 'acceptExisting',
  'reject', 'allBad', 'edit', 'discardDraft', 'insertTerm', 'undo', 'confirmFill', 'fillRepeats', 'toggleDiff', 'toggleSigns', 'toggleHeatmap', 'alignSpans', 'toggleAgreement', 'toggleAlike', 'toggleCritic', 'toggleRanking', 'cycleIdiom', 'cycleStyle', 'comment', 'dismissFinding',
  'more', 'moreWith', 'rewrite', 'continueFrom', 'recordAccept', 'recordEdit', 'revert', 'nextRevision', 'takeRevision', 'leaveRevision', 'takeAllRevisions', 'concordance', 'help', 'focusList', 'leave',
] as const;
export type ReviewCommand = (typeof reviewCommands)[number];
