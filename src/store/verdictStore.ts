/** Verdicts of blind sessions: one append-only file a reviewer and pair of models, committed with the judgments. */
import * as v from 'valibot';
import type { VerdictRecord } from '../core/evaluation/blindSession.ts';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { lineBytes, readJsonLines } from './jsonLines.ts';
import { safeName, type StoreFolder } from './storeFolder.ts';

const base = { id: v.string(), at: v.string(), reviewer: v.string() };
const recordSchema = v.variant('act', [
  v.object({
    ...base, act: v.literal('judge'), source: v.string(), before: v.string(), after: v.string(),
    newSide: v.picklist(['left', 'right']), verdict: v.picklist(['new', 'old', 'tie']),
  }),
  v.object({ ...base, act: v.literal('undo'), of: v.string() }),
]);

export class VerdictStore {
  readonly #folder: StoreFolder;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** Of all reviewers. @param comparison names the two models */
  async read(comparison: string): Promise<readonly VerdictRecord[]> {
    const reviewers = (await this.#folder.fs.list(this.#folder.path('verdicts'))).filter(({ kind }) => kind === 'folder');
    const files = reviewers.map(({ name }) => this.#folder.path('verdicts', name, fileName(comparison)));
    return (await Promise.all(files.map((path) => this.#readFile(path)))).flat();
  }

  /** @throws AppError `store.diskFull`, `store.unwritable` */
  async append(comparison: string, record: VerdictRecord): Promise<void> {
    const folder = ['verdicts', safeName(record.reviewer)] as const;
    await this.#folder.prepare(...folder);
    const path = this.#folder.path(...folder, fileName(comparison));
    const before = await this.#folder.fs.read(path) ?? new Uint8Array();
    // after a crash the last line may be torn: the new one must not grow onto it
    const torn = readJsonLines(before, parse).endedAt < before.length;
    await this.#folder.fs.append(path, lineBytes(`${torn ? '\n' : ''}${JSON.stringify(record)}`));
  }

  async #readFile(path: string): Promise<readonly VerdictRecord[]> {
    const bytes = await this.#folder.fs.read(path);
    return bytes === undefined ? [] : readVerdictRecords(bytes);
  }
}

/** Lines that are no record are left out: a torn last line was never confirmed. */
export function readVerdictRecords(bytes: Uint8Array): readonly VerdictRecord[] {
  return readJsonLines(bytes, parse).values;
}

function parse(value: unknown): Parsed<VerdictRecord> {
  const result = v.safeParse(recordSchema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}

function fileName(comparison: string): string {
  return `${safeName(comparison)}.jsonl`;
}
