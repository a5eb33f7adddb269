import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { missingOr } from './files.ts';
import type { ManifestFile } from './manifest.ts';

/** Of a file whose sha256 was computed: what it was then. Another size, content or place on the disk shows in one of these. */
const stateSchema = v.object({ bytes: v.number(), mtimeMs: v.number(), ctimeMs: v.number(), sha256: v.string() });
const keptSchema = v.record(v.string(), stateSchema);
type FileState = v.InferOutput<typeof stateSchema>;

/** Files whose state is kept at most; a folder has three to six. */
const mostKept = 300;

/** Compares model files with their manifests; reading gigabytes for a sha256 is done once a state of a file. */
export class CheckedFiles {
  readonly #sha256: (path: string) => Promise<string>;
  #states = new Map<string, FileState>();
  #kept: string | undefined;

  /** @param sha256 reads a file; a test counts its calls */
  constructor(sha256: (path: string) => Promise<string> = sha256Of) {
    this.#sha256 = sha256;
  }

  /** Goes on with what earlier processes found out. A file that is missing or not ours is begun anew. */
  async keepIn(path: string): Promise<void> {
    if (path === this.#kept) return;
    this.#kept = path;
    const read = v.safeParse(keptSchema, await readFile(path, 'utf8').then(parsed, () => ({})));
    if (read.success) this.#states = new Map([...Object.entries(read.output), ...this.#states]);
  }

  /** The path of a file whose size and sha256 are the manifest's. @throws AppError `engine.modelMissing`, `engine.modelInvalid` */
  async check(folder: string, file: ManifestFile, again: 'always' | 'ifChanged' = 'ifChanged'): Promise<string> {
    const path = join(folder, file.path);
    const { size, mtimeMs, ctimeMs } = await stat(path).catch((thrown: unknown) => { throw missingOr(thrown, path); });
    const invalid = (reason: string): AppError => new AppError('engine.modelInvalid', { path, reason });
    if (size !== file.bytes) throw invalid(`${String(size)} bytes, the manifest says ${String(file.bytes)}`);
    const known = this.#states.get(path);
    const isKnown = again === 'ifChanged' && known?.bytes === size && known.mtimeMs === mtimeMs && known.ctimeMs === ctimeMs;
    const sha256 = isKnown ? known.sha256 : await this.#sha256(path);
    if (!isKnown) await this.#keep(path, { bytes: size, mtimeMs, ctimeMs, sha256 });
    if (sha256 !== file.sha256) throw invalid('the file was changed: its sha256 is not the one in the manifest');
    return path;
  }

  async #keep(path: string, state: FileState): Promise<void> {
    this.#states.delete(path);
    this.#states.set(path, state);
    for (const [oldest] of this.#states) if (this.#states.size > mostKept) this.#states.delete(oldest);
    if (this.#kept === undefined) return;
    // What cannot be kept is found out again next time.
    await written(this.#kept, JSON.stringify(Object.fromEntries(this.#states))).catch(() => undefined);
  }
}

async function written(path: string, text: string): Promise<void> {
  const draft = `${path}.${String(process.pid)}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, text);
  await rename(draft, path);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
