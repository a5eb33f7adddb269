/**
 * What this computer last did with a target document. A cache: `written` can be rebuilt from the journal, and without
 * `segments` the ids of the source hold as they are parsed.
 *
 * The source and what stood in the target when the review was opened are written once, into a base file that carries its
 * hash in its name; the state file names it and holds what has changed since. So an accept writes a few bytes, whatever
 * the size of the document. State files of 0.1 hold everything themselves; they are read, and written anew in this form.
 */
import * as v from 'valibot';
import { canonicalJson } from '../core/canonicalJson.ts';
import { sha256Hex } from '../core/hash.ts';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { DocumentFile, type DocumentName } from './documentFile.ts';
import { applyChanges, changesBetween } from './mapChanges.ts';
import { documentKey, type StoreFolder } from './storeFolder.ts';

/** A document's source when it was last parsed, to find everything again after edits. */
export interface SourceVersion {
  readonly source: string;
  /** In order. */
  readonly segments: readonly { readonly id: string }[];
}

export interface TargetMemory {
  /** Segment id to the translation that was last written to the target: what stands there now may differ. */
  readonly written: ReadonlyMap<string, string>;
  /** Translations that stood in the target before Interlinear and were taken over. */
  readonly existing: ReadonlyMap<string, string>;
  /** Texts in the target that differ from the accepted ones and that the reviewer said are right. */
  readonly acknowledged: ReadonlyMap<string, string>;
}

export interface DocumentState extends SourceVersion, TargetMemory {
  /** Segment where the reviewer was. */
  readonly focus?: string;
}

const textsSchema = v.record(v.string(), v.string());
/** null: the base has a text there, and it is gone. */
const changesSchema = v.record(v.string(), v.nullable(v.string()));
const segmentsSchema = v.array(v.object({ id: v.string() }));

const inOneFile = v.object({
  written: textsSchema, existing: textsSchema, acknowledged: textsSchema,
  source: v.string(), segments: segmentsSchema, focus: v.exactOptional(v.string()),
});
const onBase = v.object({
  document: v.string(), targetLanguage: v.string(), base: v.string(),
  written: changesSchema, existing: changesSchema, acknowledged: textsSchema, focus: v.exactOptional(v.string()),
});
const schema = v.union([onBase, inOneFile]);
type StateFile = v.InferOutput<typeof schema>;

const baseSchema = v.object({ source: v.string(), segments: segmentsSchema, written: textsSchema, existing: textsSchema });

/** What the state file of a document builds on. */
interface Base extends SourceVersion {
  readonly hash: string;
  readonly written: ReadonlyMap<string, string>;
  readonly existing: ReadonlyMap<string, string>;
}

const room = 'state';

export class DocumentStateStore {
  readonly #folder: StoreFolder;
  readonly #files: DocumentFile<StateFile>;
  readonly #bases = new Map<string, Base>();

  constructor(folder: StoreFolder) {
    this.#folder = folder;
    this.#files = new DocumentFile(folder, room, parseState);
  }

  /** Undefined when there is none, or none that can be read. */
  async load(name: DocumentName): Promise<DocumentState | undefined> {
    const { value } = await this.#files.read(name);
    if (value === undefined) return undefined;
    const focus = value.focus === undefined ? {} : { focus: value.focus };
    const acknowledged = toMap(value.acknowledged);
    if (!('base' in value)) {
      return { source: value.source, segments: value.segments, written: toMap(value.written), existing: toMap(value.existing), acknowledged, ...focus };
    }
    const base = await this.#base(name, value.base);
    if (base === undefined) return undefined;
    const { source, segments } = base;
    return { source, segments, written: applyChanges(base.written, value.written), existing: applyChanges(base.existing, value.existing), acknowledged, ...focus };
  }

  /**
   * Stores what is known of the target. Without `focus` the one that is stored stays. Cost: linear in the two memories,
   * and in the source when it is another one than the last time.
   * @throws AppError `store.diskFull`, `store.unwritable`: then the old state is still there.
   */
  async save(name: DocumentName, version: SourceVersion, memory: TargetMemory, focus?: string): Promise<void> {
    const key = keyOf(name);
    const known = this.#bases.get(key);
    const base = known?.source === version.source ? known : await this.#writeBase(name, version, memory);
    let before: string | undefined;
    await this.#files.update(name, (file) => {
      before = file !== undefined && 'base' in file ? file.base : undefined;
      const kept = focus ?? file?.focus;
      return {
        ...name, base: base.hash,
        written: changesBetween(base.written, memory.written), existing: changesBetween(base.existing, memory.existing),
        acknowledged: Object.fromEntries(memory.acknowledged), ...(kept === undefined ? {} : { focus: kept }),
      };
    });
    this.#bases.set(key, base);
    // the state that is on the disk now does not need the base that the one before it was built on
    if (before !== undefined && before !== base.hash) await this.#folder.fs.remove(this.#basePath(name, before));
  }

  async #writeBase(name: DocumentName, { source, segments }: SourceVersion, { written, existing }: TargetMemory): Promise<Base> {
    const ids = segments.map(({ id }) => ({ id }));
    const text = `${canonicalJson({ source, segments: ids, written: Object.fromEntries(written), existing: Object.fromEntries(existing) })}\n`;
    const hash = sha256Hex(text).slice(0, 12);
    await this.#folder.prepare(room);
    await this.#folder.fs.writeAtomic(this.#basePath(name, hash), new TextEncoder().encode(text));
    return { hash, source, segments: ids, written: new Map(written), existing: new Map(existing) };
  }

  async #base(name: DocumentName, hash: string): Promise<Base | undefined> {
    const key = keyOf(name);
    const known = this.#bases.get(key);
    if (known?.hash === hash) return known;
    const bytes = await this.#folder.fs.read(this.#basePath(name, hash));
    if (bytes === undefined || sha256Hex(bytes).slice(0, 12) !== hash) return undefined;
    // The hash holds, so this is JSON that we wrote; the schema may still be of another version.
    const parsed = v.safeParse(baseSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (!parsed.success) return undefined;
    const { source, segments, written, existing } = parsed.output;
    const base = { hash, source, segments, written: toMap(written), existing: toMap(existing) };
    this.#bases.set(key, base);
    return base;
  }

  #basePath(name: DocumentName, hash: string): string {
    return this.#folder.path(room, `${keyOf(name)}.base-${hash}`);
  }
}

function keyOf({ document, targetLanguage }: DocumentName): string {
  return documentKey(document, targetLanguage);
}

function parseState(value: unknown): Parsed<StateFile> {
  const result = v.safeParse(schema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}

function toMap(record: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(record));
}
