/** What a review session works with, and what it tells. */
import type { WriteOutcome } from '../../protocol/documents.ts';
import type { Progress, SegmentView } from '../../protocol/review.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import type { Computing } from '../compute.ts';
import type { Target } from '../documents/target.ts';
import type { SourceDocument } from '../openDocument.ts';
import type { Judgments } from './judgments.ts';
import type { PropagationParts } from './propagation.ts';
import type { ViewContext } from './segmentRecord.ts';

export interface SessionParts {
  readonly document: SourceDocument;
  readonly languages: LanguagePair;
  readonly store: WorkspaceStore;
  readonly judgments: Judgments;
  readonly target: Target;
  readonly compute: Computing;
  readonly view: ViewContext;
  readonly propagation: Pick<PropagationParts, 'repeats' | 'settings'>;
}

/** What the user interface listens to. */
export interface SessionListener {
  onSegment(view: SegmentView): void;
  onProgress(progress: Progress): void;
  /** A write that saved other bytes as well, or left the file for its owner to save. */
  onOutcome(outcome: WriteOutcome): void;
}
