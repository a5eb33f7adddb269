/** Candidate sets as they were judged: one file a set, named by its content, committed with the judgments. */
import type { CandidateSet } from '../core/candidate.ts';
import { parseCandidateSet } from '../core/candidateSchema.ts';
import { canonicalSet, setText, setTextHash } from '../core/hash.ts';
import type { StoreProblem } from './problem.ts';
import type { StoreFolder } from './storeFolder.ts';
import { step, type Watch } from './watch.ts';

export interface SetReading {
  readonly sets: ReadonlyMap<string, CandidateSet>;
  readonly problems: readonly StoreProblem[];
}

export class SetStore {
  readonly #folder: StoreFolder;
  readonly #known = new Map<string, CandidateSet>();

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /**
   * Freezes a set before the first act on its segment. The same set again writes nothing, unless the file was damaged.
   * @returns the set's hash, for `Shown.set`.
   * @throws AppError `store.diskFull`, `store.unwritable`; `input.invalid` for a set with a NaN.
   */
  async freeze(set: CandidateSet): Promise<string> {
    const text = setText(set);
    const hash = setTextHash(text);
    if (this.#known.has(hash)) return hash;
    const found = await this.#load(hash);
    if (found?.kind !== 'set') {
      await this.#folder.prepare('sets');
      await this.#folder.fs.writeAtomic(this.#path(hash), new TextEncoder().encode(`${text}\n`));
    }
    this.#known.set(hash, canonicalSet(set));
    return hash;
  }

  /** The sets of these hashes; missing ones are left out, altered ones are also reported. Read ones are kept in memory. */
  async read(hashes: Iterable<string>, watch: Watch = {}): Promise<SetReading> {
    const sets = new Map<string, CandidateSet>();
    const problems: StoreProblem[] = [];
    const wanted = [...new Set(hashes)];
    for (const [index, hash] of wanted.entries()) {
      step(watch, index, wanted.length);
      const found = await this.#get(hash);
      if (found?.kind === 'set') sets.set(hash, found.set);
      if (found?.kind === 'bad') problems.push({ kind: 'set', path: this.#folder.shown(this.#path(hash)), reason: found.reason });
    }
    return { sets, problems };
  }

  async #get(hash: string): Promise<Loaded | undefined> {
    const known = this.#known.get(hash);
    if (known !== undefined) return { kind: 'set', set: known };
    const found = await this.#load(hash);
    if (found?.kind === 'set') this.#known.set(hash, found.set);
    return found;
  }

  async #load(hash: string): Promise<Loaded | undefined> {
    const bytes = await this.#folder.fs.read(this.#path(hash));
    return bytes === undefined ? undefined : parseSet(bytes, hash);
  }

  #path(hash: string): string {
    return this.#folder.path('sets', `${hash}.json`);
  }
}

type Loaded = { readonly kind: 'set'; readonly set: CandidateSet } | { readonly kind: 'bad'; readonly reason: string };

function parseSet(bytes: Uint8Array, hash: string): Loaded {
  const text = new TextDecoder().decode(bytes);
  const actual = setTextHash(text);
  if (actual !== hash) return { kind: 'bad', reason: `its content has the hash ${actual}` };
  // The hash holds, so this is JSON that we wrote; the schema may still be of another version.
  const parsed = parseCandidateSet(JSON.parse(text));
  return parsed.ok ? { kind: 'set', set: parsed.value } : { kind: 'bad', reason: parsed.reason };
}
