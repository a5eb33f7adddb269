/**
 * Contract between the extension host and the concordance view. Pure: no VS Code, no Node, no DOM.
 *
 * The host keeps what was asked for last: a hidden view is destroyed, calls `ready` when it comes back, and asks again.
 */
import type { ConcordanceQuery } from '../core/memory/phrase.ts';
import type { MemoryPlace } from '../core/memory/unit.ts';
import type { ConcordanceProgress, ConcordanceResult } from './memory.ts';

interface LanguageView {
  readonly tag: string;
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
}

/** A direction of the memory. */
export interface PairView {
  readonly source: LanguageView;
  readonly target: LanguageView;
}

export interface ConcordanceSnapshot {
  /** Directions that have units, and that of the review; empty where nothing was accepted or imported and no language is set. */
  readonly pairs: readonly PairView[];
  /** Index of the one to begin with. */
  readonly pair: number;
  readonly query: ConcordanceQuery;
  /** Last searches, newest first. */
  readonly recent: readonly string[];
  /** A person has just asked for the view: it takes the keyboard. */
  readonly asked: boolean;
  /** Localised texts by key; `concordanceStrings` is the list of keys. */
  readonly strings: Readonly<Record<string, string>>;
}

export interface SearchParams {
  /** Tags of the direction. */
  readonly source: string;
  readonly target: string;
  readonly query: ConcordanceQuery;
  /** Hits at most. */
  readonly limit: number;
}

/** What the host offers to the view. */
export interface ConcordanceHostContract {
  readonly calls: {
    readonly ready: { params: null; result: ConcordanceSnapshot; progress: never };
    /** Hits come as progress, each once. A newer search cancels the older one. */
    readonly search: { params: SearchParams; result: ConcordanceResult; progress: ConcordanceProgress };
    /** Puts a translation at the caret of the edit field of the review, or into the clipboard where none is open. */
    readonly use: { params: { readonly text: string }; result: 'inserted' | 'copied'; progress: never };
    readonly copy: { params: { readonly text: string }; result: null; progress: never };
    /** Shows a judged unit in the review of its document. */
    readonly open: { params: MemoryPlace; result: null; progress: never };
  };
  readonly events: {
    /** A person asks for the view while it is there. */
    readonly show: ConcordanceSnapshot;
  };
}

/** What the view tells the host. */
export interface ConcordanceViewContract {
  readonly calls: Record<string, never>;
  readonly events: {
    /** A search led to something: it is offered again. */
    readonly remember: { readonly text: string };
    readonly run: { readonly command: 'import' | 'leave' };
  };
}
