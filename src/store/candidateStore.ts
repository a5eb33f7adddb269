/** Candidate sets of a document, as they were generated and ranked. A cache: it can be deleted and made again. */
import type { CandidateSet } from '../core/candidate.ts';
import { parseCandidateSet } from '../core/candidateSchema.ts';
import { canonicalJson } from '../core/canonicalJson.ts';
import { canonicalSet, signatureHash } from '../core/hash.ts';
import { lineBytes, readJsonLines } from './jsonLines.ts';
import { Serial } from './serial.ts';
import { documentKey, type StoreFolder } from './storeFolder.ts';

export interface CandidateReading {
  /** The latest set of each segment and signature, oldest first. */
  readonly sets: readonly CandidateSet[];
  /** Lines that could not be read; their segments are translated again. */
  readonly skipped: number;
}

/** Replaced sets are worth a rewrite when they fill a file of this size by more than half. */
const compactFrom = 1_000_000;

export class CandidateStore {
  readonly #folder: StoreFolder;
  readonly #serial = new Serial();
  readonly #clean = new Set<string>();

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** Adds a finished set. @throws AppError `store.diskFull`, `store.unwritable`. */
  append(set: CandidateSet): Promise<void> {
    return this.#serial.run(async () => {
      const path = this.#path(set.segment.document, set.segment.targetLanguage);
      await this.#folder.prepare('candidates');
      const json = canonicalJson(canonicalSet(set));
      // A blank line is nothing, but it keeps this line apart from half a line that a crash may have left.
      const start = this.#clean.has(path) ? '' : '\n';
      this.#clean.delete(path);
      await this.#folder.fs.append(path, lineBytes(`${start}${json}`));
      this.#clean.add(path);
    });
  }

  /** Reads what can be read. Rewrites a large file that holds mostly replaced sets. */
  load(document: string, targetLanguage: string): Promise<CandidateReading> {
    return this.#serial.run(async () => {
      const path = this.#path(document, targetLanguage);
      const bytes = await this.#folder.fs.read(path) ?? new Uint8Array();
      const { values, bad } = readJsonLines(bytes, parseCandidateSet);
      const sets = latest(values.filter((set) => set.segment.document === document));
      if (bytes.length > compactFrom && sets.length < values.length / 2) await this.#rewrite(path, sets);
      return { sets, skipped: bad.length };
    });
  }

  /** Keeps only the latest set of each segment and signature on the disk. */
  compact(document: string, targetLanguage: string): Promise<void> {
    return this.#serial.run(async () => {
      const path = this.#path(document, targetLanguage);
      const bytes = await this.#folder.fs.read(path);
      if (bytes !== undefined) await this.#rewrite(path, latest(readJsonLines(bytes, parseCandidateSet).values));
    });
  }

  async #rewrite(path: string, sets: readonly CandidateSet[]): Promise<void> {
    const text = sets.map((set) => `${canonicalJson(set)}\n`).join('');
    await this.#folder.fs.writeAtomic(path, new TextEncoder().encode(text));
  }

  #path(document: string, targetLanguage: string): string {
    return this.#folder.path('candidates', `${documentKey(document, targetLanguage)}.jsonl`);
  }
}

function latest(sets: readonly CandidateSet[]): readonly CandidateSet[] {
  const byKey = new Map<string, CandidateSet>();
  for (const set of sets) {
    const key = `${set.segment.id} ${signatureHash(set.signature)}`;
    // Deleting first moves a replaced set to the end: the last of a segment is the newest.
    byKey.delete(key);
    byKey.set(key, set);
  }
  return [...byKey.values()];
}
