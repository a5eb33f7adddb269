/** What only this view knows: where the reviewer is and what is unfolded. Everything else is the host's. */
import type { AlignmentView, FindingView, ReviewCommand } from '../../src/protocol/review.ts';
import type { Filter, ReviewModel } from './model.ts';
import type { HostLink } from './hostLink.ts';
import { noRows, type Rows } from './rowOrder.ts';
import type { Texts } from './strings.ts';

export type Mode = 'list' | 'edit' | 'comment';

export interface Status {
  readonly text: string;
  readonly tone: 'info' | 'error';
}

/** The focused candidate's alignment, as far as it is known. */
export type AlignmentState =
  | { readonly state: 'none' }
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'ready'; readonly view: AlignmentView };

export interface ViewState {
  readonly segment: string | undefined;
  /** Hash of the focused candidate. */
  readonly candidate: string | undefined;
  readonly rows: Rows;
  /** How many rows are painted at most. */
  readonly limit: number;
  readonly alignment: AlignmentState;
  /** Hashes that the row of another stands for, by that other. */
  readonly alike: ReadonlyMap<string, readonly string[]>;
  /** Near-duplicates have rows of their own. */
  readonly unfolded: boolean;
  /** The matrix of utilities is open. */
  readonly agreement: boolean;
  /** The critic's findings are open. */
  readonly critic: boolean;
  /** What checks say of the segment's candidates, by hash; empty until the host has answered. */
  readonly findings: Readonly<Record<string, readonly FindingView[]>>;
  readonly diff: boolean;
  /** Blanks, joiners and directional marks are made visible. */
  readonly signs: boolean;
  readonly heatmap: boolean;
  /** The panel with the settings of the ranking is open. */
  readonly ranking: boolean;
  readonly help: boolean;
  readonly filter: Filter;
  readonly mode: Mode;
  readonly status: Status | undefined;
}

/** Rows painted at once; walking past the last one paints as many again. */
export const rowsAtOnce = 64;

export const initialState: ViewState = {
  segment: undefined,
  candidate: undefined,
  rows: noRows,
  limit: rowsAtOnce,
  alignment: { state: 'none' },
  findings: {},
  alike: new Map(),
  unfolded: false,
  agreement: false,
  critic: false,
  diff: true,
  signs: false,
  heatmap: false,
  ranking: false,
  help: false,
  filter: 'all',
  mode: 'list',
  status: undefined,
};

/** What every part of the view draws from. */
export interface Frame {
  readonly model: ReviewModel;
  readonly state: ViewState;
  readonly texts: Texts;
}

/** What the parts of the view ask for: the mouse's way to the same acts as the keys'. */
export interface ViewActions {
  focusSegment(id: string): void;
  focusCandidate(hash: string): void;
  command(command: ReviewCommand): void;
  /** The digit of a row was clicked: as if its key was pressed. */
  choose(hash: string): void;
  /** Says of one of these that it is none. */
  dismiss(findings: readonly FindingView[]): void;
  setFilter(filter: Filter): void;
  run(command: 'cancel' | 'resume' | 'export'): void;
  confirmText(mode: 'edit' | 'comment', text: string): void;
  closeText(): void;
  saveDraft(segment: string, text: string): void;
  say(text: string): void;
  readonly ranking: RankingHost;
}

/** The host's side of the ranking panel. */
export type RankingHost = Pick<HostLink, 'ranking' | 'previewRanking' | 'applyRanking' | 'agreement' | 'critic'>;

/** What the controller asks of the view. */
export interface ViewPort {
  render(frame: Frame): void;
  /** True when the whole text of the candidate is on the screen. */
  isFullyShown(hash: string): boolean;
  revealCandidate(hash: string): void;
  openText(mode: 'edit' | 'comment', segment: string, text: string): void;
  focusList(): void;
  /** What is selected on the page; empty when nothing is. */
  selectedText(): string;
  /** True while the segment list has the keyboard: up and down mean segments there. */
  inSegmentList(): boolean;
  /** Stores what stands in an open text field now. */
  flushDraft(): void;
  /** Closes an open text field and forgets its text. */
  dropText(): void;
  writtenText(): string;
  /** As if it was typed. */
  typeText(text: string): void;
}
