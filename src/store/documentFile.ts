/** One small JSON file a document and target language, replaced as a whole. What it holds is local to this computer. */
import { canonicalJson } from '../core/canonicalJson.ts';
import { sha256Hex } from '../core/hash.ts';
import type { Parsed } from '../core/validation.ts';
import type { StoreProblem } from './problem.ts';
import { Serial } from './serial.ts';
import { documentKey, type StoreFolder } from './storeFolder.ts';

export interface DocumentName {
  readonly document: string;
  readonly targetLanguage: string;
}

export interface FileReading<T> {
  readonly value: T | undefined;
  readonly problems: readonly StoreProblem[];
}

export class DocumentFile<T extends object> {
  readonly #folder: StoreFolder;
  readonly #room: string;
  readonly #check: (value: unknown) => Parsed<T>;
  readonly #serial = new Serial();

  constructor(folder: StoreFolder, room: string, check: (value: unknown) => Parsed<T>) {
    this.#folder = folder;
    this.#room = room;
    this.#check = check;
  }

  read(name: DocumentName): Promise<FileReading<T>> {
    return this.#serial.run(() => this.#read(name));
  }

  /** Replaces the value by what `change` makes of the stored one; `undefined` removes the file. */
  update(name: DocumentName, change: (value: T | undefined) => T | undefined): Promise<void> {
    return this.#serial.run(async () => {
      const next = change((await this.#read(name)).value);
      if (next === undefined) {
        await this.#folder.fs.remove(this.#path(name));
        return;
      }
      await this.#folder.prepare(this.#room);
      await this.#folder.fs.writeAtomic(this.#path(name), new TextEncoder().encode(`${canonicalJson(next)}\n`));
    });
  }

  async #read(name: DocumentName): Promise<FileReading<T>> {
    const path = this.#path(name);
    const bytes = await this.#folder.fs.read(path);
    if (bytes === undefined) return { value: undefined, problems: [] };
    const parsed = parse(bytes, this.#check);
    if (parsed.ok) return { value: parsed.value, problems: [] };
    const shown = this.#folder.shown(path);
    const label = `${this.#room}~${documentKey(name.document, name.targetLanguage)}.json.garbage-${sha256Hex(bytes).slice(0, 8)}`;
    const { path: quarantine, fresh } = await this.#folder.setAside(label, bytes);
    return {
      value: undefined,
      problems: [{
        kind: 'garbage', path: shown, line: 1, reason: parsed.reason, fresh, ...(quarantine === undefined ? {} : { quarantine }),
      }],
    };
  }

  #path(name: DocumentName): string {
    return this.#folder.path(this.#room, `${documentKey(name.document, name.targetLanguage)}.json`);
  }
}

function parse<T>(bytes: Uint8Array, check: (value: unknown) => Parsed<T>): Parsed<T> {
  try {
    return check(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}
