/** Texts that a reviewer has begun and not confirmed. They survive a crash; they are never judgments. */
import * as v from 'valibot';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { DocumentFile, type DocumentName } from './documentFile.ts';
import type { StoreProblem } from './problem.ts';
import type { StoreFolder } from './storeFolder.ts';

export interface Draft {
  readonly text: string;
  /** Hash of the candidate that the edit started from. */
  readonly from?: string;
}

export interface DraftReading {
  /** By segment id. */
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly problems: readonly StoreProblem[];
}

const schema = v.object({
  document: v.string(),
  targetLanguage: v.string(),
  drafts: v.record(v.string(), v.object({ text: v.string(), from: v.exactOptional(v.string()) })),
});
type DraftFile = v.InferOutput<typeof schema>;

export class DraftStore {
  readonly #files: DocumentFile<DraftFile>;

  constructor(folder: StoreFolder) {
    this.#files = new DocumentFile(folder, 'drafts', parseDrafts);
  }

  async load(name: DocumentName): Promise<DraftReading> {
    const { value, problems } = await this.#files.read(name);
    return { drafts: new Map(Object.entries(value?.drafts ?? {})), problems };
  }

  /** Stores the draft of one segment, or discards it when it is undefined or its text is empty. */
  async save(name: DocumentName, segment: string, draft: Draft | undefined): Promise<void> {
    const { document, targetLanguage } = name;
    await this.#files.update(name, (file) => {
      const drafts = new Map(Object.entries(file?.drafts ?? {}));
      if (draft === undefined || draft.text === '') drafts.delete(segment);
      else drafts.set(segment, draft);
      return drafts.size === 0 ? undefined : { document, targetLanguage, drafts: Object.fromEntries(drafts) };
    });
  }
}

function parseDrafts(value: unknown): Parsed<DraftFile> {
  const result = v.safeParse(schema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
