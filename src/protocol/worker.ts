/**
 * Contract between `app/` and its compute worker: whatever takes over 10 ms runs there (decisions.md 3).
 * Pure: no VS Code, no Node, no DOM.
 */
import type { AdaptiveSampling, Candidate, RankingSettings } from '../core/candidate.ts';
import type { Aligner, Alignment, Link, TokenPair } from '../core/alignment/aligner.ts';
import type { ColumnChoice } from '../core/document/columns.ts';
import type { Matrix } from '../core/matrix.ts';
import type { Finding } from '../core/quality/check.ts';
import type { CheckCandidates, CheckedDocument, CheckFiles } from './checking.ts';
import type { AlignmentView } from './review.ts';

export interface LanguagePair {
  readonly source: string;
  readonly target: string;
  /** As in `DocumentLanguages`. */
  readonly columns?: ColumnChoice;
}

/** What a model aligned: the source with each of the texts, in their order, words as core's tokenizer cuts them. */
export interface ModelAlignments {
  readonly texts: readonly string[];
  readonly alignments: readonly Alignment[];
  /** For people: `embedding, mbert`. */
  readonly aligner: string;
  readonly confidence: Aligner['confidence'];
}

export interface RankParams {
  readonly source: string;
  readonly languages: LanguagePair;
  /** Folded or not; the answer is folded and sorted by rank. */
  readonly candidates: readonly Candidate[];
  readonly settings: RankingSettings;
  /** U of a model, rows and columns as `texts`; those of the settings' chrF are computed where it is absent. */
  readonly utilities?: { readonly texts: readonly string[]; readonly matrix: Matrix };
  /** Of a model, for all candidates; the statistical aligner's where it is absent. */
  readonly alignments?: ModelAlignments;
}

export interface AlignmentParams {
  readonly source: string;
  readonly target: string;
  readonly languages: LanguagePair;
  /** The segment's other candidates: a word that all of them leave out too is no omission of this one. */
  readonly others: readonly { readonly text: string; readonly count: number }[];
  /** Of a model, for the target and the others; the statistical aligner's where it is absent. */
  readonly alignments?: ModelAlignments;
}

/** What the worker offers. */
export interface WorkerContract {
  readonly calls: {
    /** Loads a trained statistical aligner; without one, alignment is learned from the candidates alone. */
    readonly loadAligner: { params: { readonly folder: string }; result: { readonly signature: string }; progress: never };
    /** Utilities, MBR, coverage and order of one segment's candidates. */
    readonly rank: { params: RankParams; result: readonly Candidate[]; progress: never };
    /** chrF of every text (rows) against every text (columns), 0 to 1. */
    readonly utilities: { params: { readonly utility: 'chrf' | 'chrf++'; readonly texts: readonly string[] }; result: Matrix; progress: never };
    /** How sure the pick among the candidates so far is, 0 to 1, by `adaptive`'s utility (`core/ranking/adaptive.ts`). */
    readonly stability: { params: { readonly candidates: readonly Candidate[]; readonly adaptive: AdaptiveSampling }; result: number; progress: never };
    /** Soft alignment of one candidate, for the heatmap. */
    readonly alignment: { params: AlignmentParams; result: AlignmentView; progress: never };
    /** Refines the aligner with the document's own sources and candidates. */
    readonly refine: { params: { readonly languages: LanguagePair; readonly pairs: readonly { readonly source: string; readonly target: string }[] }; result: { readonly signature: string }; progress: never };
    /** QA of a file with its source. */
    readonly check: { params: CheckFiles; result: CheckedDocument; progress: never };
    /** QA of candidates of one segment, in their order. */
    readonly checkCandidates: { params: CheckCandidates; result: readonly (readonly Finding[])[]; progress: never };
    /** Trains on tokenised pairs and aligns the first `align` of them, both directions, symmetrised. */
    readonly alignCorpus: { params: { readonly pairs: readonly TokenPair[]; readonly align: number }; result: readonly (readonly Link[])[]; progress: { readonly done: number; readonly total: number } };
  };
  readonly events: Record<string, never>;
}

/** `app/` offers nothing to the worker. */
export interface WorkerClientContract {
  readonly calls: Record<string, never>;
  readonly events: Record<string, never>;
}
