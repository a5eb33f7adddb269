import type { TextRange } from '../core/document/segment.ts';

/** What became of a write. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  /** The text is in the editor's buffer, which had unsaved changes already: the person saves. */
  | { readonly kind: 'unsaved' }
  /** Something that runs on save changed other bytes as well; both texts are told so that ours can be restored. */
  | { readonly kind: 'altered'; readonly expected: string; readonly actual: string };

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
}
