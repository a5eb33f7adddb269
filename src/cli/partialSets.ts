import { parseCandidateSet } from '../core/candidateSchema.ts';
import { sameSignature } from '../app/translation/sameSignature.ts';
import type { CandidateSet, Signature } from '../core/candidate.ts';
import type { FileSystem } from '../store/fileSystem.ts';

/** Finished sets of a run that has not ended, beside the file that it will write: a second run takes them over. */
export class PartialSets {
  readonly #fs: FileSystem;
  readonly #path: string | undefined;

  constructor(fs: FileSystem, path: string | undefined) {
    this.#fs = fs;
    this.#path = path;
  }

  /** Sets that were made exactly as this run would make them; others, and a torn last line, are left out. */
  async load(signature: Signature): Promise<Map<string, CandidateSet>> {
    const bytes = this.#path === undefined ? undefined : await this.#fs.read(this.#path);
    const lines = bytes === undefined ? [] : Buffer.from(bytes).toString('utf8').split('\n');
    const sets = lines.flatMap((line) => parse(line)).filter((set) => sameSignature(set.signature, signature));
    return new Map(sets.map((set) => [set.segment.id, set]));
  }

  async append(set: CandidateSet): Promise<void> {
    if (this.#path !== undefined) await this.#fs.append(this.#path, Buffer.from(`${JSON.stringify(set)}\n`, 'utf8'));
  }

  async remove(): Promise<void> {
    if (this.#path !== undefined) await this.#fs.remove(this.#path);
  }
}

function parse(line: string): readonly CandidateSet[] {
  try {
    const result = parseCandidateSet(JSON.parse(line));
    return result.ok ? [result.value] : [];
  } catch {
    // Torn by a crash in mid-write: that segment is translated again.
    return [];
  }
}
