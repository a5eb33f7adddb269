/**
 * Contracts between the extension host and its two training views. Pure: no VS Code, no Node, no DOM.
 *
 * The dashboard shows one job; the blind session shows two outputs for a source. The host owns all state: a hidden view is
 * destroyed, calls `ready` when it comes back, and draws what it gets.
 */

/** `new` was never started; `waiting` stands in the queue of the machine; `lost` ended without a word; `discarded` keeps its log and figures only. */
export type JobStateName = 'new' | 'waiting' | 'running' | 'finished' | 'cancelled' | 'failed' | 'lost' | 'discarded';

/** What can be done with a job; the host says which of them make sense now. */
export const trainingActions = ['cancel', 'moveUp', 'resume', 'gate', 'openGate', 'compare', 'adopt', 'rollBack', 'discard', 'openLog'] as const;
export type TrainingAction = (typeof trainingActions)[number];

/** A value after a step. */
export interface Point {
  readonly step: number;
  readonly value: number;
}

export const curveNames = [
  'loss', 'nll', 'replayNll', 'margin', 'accuracy', 'validationAccuracy', 'chosenLogP', 'validationChosenLogP', 'guardNll', 'entropy',
  'reward', 'learningRate', 'gradNorm', 'gpuBytes',
] as const;
export type CurveName = (typeof curveNames)[number];

/** At most some hundred points each, ascending by step; absent where the job has none. */
export type Curves = Partial<Readonly<Record<CurveName, readonly Point[]>>>;

/** A sentence of `trainingStrings` (`remark.` before the key) and what stands in it. */
export interface RemarkView {
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface CheckView {
  readonly name: string;
  readonly state: string;
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
  readonly limit?: number;
  readonly remark?: RemarkView;
}

export interface GateView {
  readonly outcome: 'passed' | 'failed' | 'notEvaluated';
  readonly before: string;
  readonly after: string;
  readonly checks: readonly CheckView[];
  readonly heldOutUses: number;
  /** The sentence on what people said, in the language of the window. */
  readonly verdict: string;
}

export interface JobView {
  /** Absolute; kept by the page, so that the tab comes back after the window was closed. */
  readonly folder: string;
  readonly id: string;
  readonly stage: string;
  readonly base: string;
  readonly dataHash: string;
  readonly state: JobStateName;
  /** Why it failed, or where it stopped. */
  readonly detail?: string;
  readonly step: number;
  readonly steps: number;
  readonly secondsLeft?: number;
  readonly device?: string;
  /** The checkpoint that was chosen. */
  readonly best?: number;
  /** Rows kept of rows read, and those that were dropped, by reason. */
  readonly rows?: { readonly kept: number; readonly read: number; readonly dropped: Readonly<Record<string, number>> };
  readonly curves: Curves;
  readonly warnings: readonly string[];
  /** The end of the log. */
  readonly log: readonly string[];
  readonly gate?: GateView;
  /** This job's model serves in the folder now. */
  readonly serving: boolean;
  readonly actions: readonly TrainingAction[];
}

export interface TrainingSnapshot {
  readonly job: JobView;
  /** Localised texts by key; `trainingStrings` is the list of keys. */
  readonly strings: Readonly<Record<string, string>>;
}

export interface TrainingHostContract {
  readonly calls: {
    /** The page has loaded and wants to draw. */
    readonly ready: { params: null; result: TrainingSnapshot; progress: never };
  };
  readonly events: {
    /** The job moved on; at most four a second. */
    readonly job: JobView;
  };
}

export interface TrainingViewContract {
  readonly calls: Record<string, never>;
  readonly events: {
    /** A button was pressed. */
    readonly run: { readonly action: TrainingAction };
  };
}

/** What a judge sees: two texts, and never which model made which. */
export interface BlindItemView {
  readonly number: number;
  readonly source: string;
  readonly left: string;
  readonly right: string;
}

export interface BlindView {
  /** Absolute folder of the job. */
  readonly folder: string;
  readonly title: string;
  readonly sourceLanguage: { readonly tag: string; readonly dir: 'ltr' | 'rtl' };
  readonly targetLanguage: { readonly tag: string; readonly dir: 'ltr' | 'rtl' };
  /** Undefined: everything has been judged, or the session is decided. */
  readonly item?: BlindItemView;
  readonly judged: number;
  readonly total: number;
  /** Judged segments at the next look; undefined when no look is left. */
  readonly nextLook?: number;
  /** What is known now, in the language of the window. Shown only at a look: a running score would sway the judge. */
  readonly verdict?: string;
  readonly canUndo: boolean;
}

export interface BlindSnapshot {
  readonly view: BlindView;
  readonly strings: Readonly<Record<string, string>>;
}

export type BlindChoice = 'left' | 'right' | 'tie';

/** What the person did; the answer is the next item, or the sentence of what went wrong. */
export type BlindAnswer = { readonly view: BlindView } | { readonly message: string };

export interface BlindHostContract {
  readonly calls: {
    readonly ready: { params: null; result: BlindSnapshot; progress: never };
    /** `number` names the item that was on screen, so that a key pressed twice does not judge the next one. */
    readonly judge: { params: { readonly number: number; readonly choice: BlindChoice }; result: BlindAnswer; progress: never };
    readonly undo: { params: null; result: BlindAnswer; progress: never };
    /** The session is decided and the person wants to go on all the same. */
    readonly goOn: { params: null; result: BlindAnswer; progress: never };
  };
  readonly events: Record<string, never>;
}

export interface BlindViewContract {
  readonly calls: Record<string, never>;
  readonly events: {
    /** Back to the dashboard of the job. */
    readonly leave: null;
  };
}
