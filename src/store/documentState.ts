/**
 * What this computer last did with a target document. A cache: `written` can be rebuilt from the journal, and without
 * `segments` the ids of the source hold as they are parsed.
 */
import * as v from 'valibot';
import type { SegmentJudgment } from '../core/judgment/events.ts';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { DocumentFile, type DocumentName } from './documentFile.ts';
import type { StoreFolder } from './storeFolder.ts';

export interface DocumentState {
  /** Segment id to the translation that was last written to the target: what stands there now may differ. */
  readonly written: ReadonlyMap<string, string>;
  /** Translations that stood in the target before Interlinear and were taken over. */
  readonly existing: ReadonlyMap<string, string>;
  /** Texts in the target that differ from the accepted ones and that the reviewer said are right. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** The source text that the target was made from. */
  readonly source: string;
  /** The source's segments when it was last parsed, in order, to find them again after edits. */
  readonly segments: readonly { readonly id: string; readonly source: string }[];
  /** Segment where the reviewer was. */
  readonly focus?: string;
}

const schema = v.object({
  document: v.string(),
  targetLanguage: v.string(),
  written: v.record(v.string(), v.string()),
  existing: v.record(v.string(), v.string()),
  acknowledged: v.record(v.string(), v.string()),
  source: v.string(),
  segments: v.array(v.object({ id: v.string(), source: v.string() })),
  focus: v.exactOptional(v.string()),
});
type StateFile = v.InferOutput<typeof schema>;

export class DocumentStateStore {
  readonly #files: DocumentFile<StateFile>;

  constructor(folder: StoreFolder) {
    this.#files = new DocumentFile(folder, 'state', parseState);
  }

  /** Undefined when there is none, or none that can be read. */
  async load(name: DocumentName): Promise<DocumentState | undefined> {
    const { value } = await this.#files.read(name);
    return value === undefined ? undefined : fromFile(value);
  }

  async update(name: DocumentName, change: (state: DocumentState | undefined) => DocumentState): Promise<void> {
    const { document, targetLanguage } = name;
    await this.#files.update(name, (file) => {
      const { written, existing, acknowledged, source, segments, focus } = change(file === undefined ? undefined : fromFile(file));
      return {
        document, targetLanguage, source, segments: [...segments],
        written: Object.fromEntries(written), existing: Object.fromEntries(existing), acknowledged: Object.fromEntries(acknowledged),
        ...(focus === undefined ? {} : { focus }),
      };
    });
  }
}

/** The `written` part as the journal knows it. */
export function writtenTexts(judgments: ReadonlyMap<string, SegmentJudgment>): ReadonlyMap<string, string> {
  return new Map([...judgments].flatMap(([segment, { text }]) => text === undefined ? [] : [[segment, text] as const]));
}

function fromFile(file: StateFile): DocumentState {
  const { written, existing, acknowledged, source, segments, focus } = file;
  const maps = { written: toMap(written), existing: toMap(existing), acknowledged: toMap(acknowledged) };
  return { ...maps, source, segments, ...(focus === undefined ? {} : { focus }) };
}

function parseState(value: unknown): Parsed<StateFile> {
  const result = v.safeParse(schema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}

function toMap(record: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(record));
}
