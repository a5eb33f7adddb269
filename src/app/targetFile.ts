import type { TextRange } from '../core/document/segment.ts';
import type { WriteOutcome } from '../protocol/documents.ts';

/**
 * The file that accepted translations go to. The extension edits through the editor where that keeps every byte, the
 * command line splices bytes (decisions.md 7); the session does not know which.
 */
export interface TargetFile {
  /** For messages. */
  readonly path: string;
  /** The text as a person sees it now: the editor's buffer if the file is open there, else the bytes on disk. */
  read(): Promise<string | undefined>;
  /** Makes the file, with folders. Fails with `document.targetExists` if it is there. */
  create(text: string): Promise<WriteOutcome>;
  /** Puts `text` on disk as it is, past everything that runs on save. @throws AppError `document.dirty`, `store.*` */
  restore(text: string): Promise<void>;
  /** Replaces `range` of exactly the text `before`. @throws AppError `document.changed`, `document.dirty`, `store.*` */
  replace(before: string, range: TextRange, text: string): Promise<WriteOutcome>;
  /** Brings to disk the text `before` where a save of ours has failed before. @throws as `replace` */
  settle(before: string): Promise<WriteOutcome>;
}
