/** The `.interlinear` folder of a workspace: where its parts are, and what git is told about them. */
import { join, relative, sep } from 'node:path';
import { sha256Hex } from '../core/hash.ts';
import type { FileSystem } from './fileSystem.ts';

const gitignore = ['candidates/', 'jobs/', 'models/', 'drafts/', 'state/', 'quarantine/', ''].join('\n');
// `-text`: hashes are over bytes, and line ends must not change between clones.
const gitattributes = ['* -text', '*.jsonl merge=union', ''].join('\n');

/** Where something unreadable was put. `path` is relative to the workspace; absent when it could not be written. */
export interface SetAside {
  readonly path?: string;
  /** False when an earlier reading had put the same bytes there. */
  readonly fresh: boolean;
}

export class StoreFolder {
  readonly #base: string;
  #prepared: Promise<void> | undefined;

  constructor(
    readonly root: string,
    readonly fs: FileSystem,
  ) {
    this.#base = join(root, '.interlinear');
  }

  /** Absolute path of something in the folder. */
  path(...parts: readonly string[]): string {
    return join(this.#base, ...parts);
  }

  /** A path as people and records see it: relative to the workspace, with `/`. */
  shown(path: string): string {
    return relative(this.root, path).split(sep).join('/');
  }

  /** Makes a folder ready to be written to, and the whole store on its first use. */
  async prepare(...parts: readonly string[]): Promise<string> {
    this.#prepared ??= this.#writeGitFiles();
    try {
      await this.#prepared;
    } catch (thrown) {
      // The next act tries again: the disk may have room by then.
      this.#prepared = undefined;
      throw thrown;
    }
    const path = this.path(...parts);
    await this.fs.makeFolder(path);
    return path;
  }

  /** Keeps a copy of bytes that could not be read. Never fails: a reader must work in a folder it may not write. */
  async setAside(name: string, bytes: Uint8Array): Promise<SetAside> {
    const path = this.path('quarantine', name);
    try {
      if (await this.fs.stat(path) !== undefined) return { path: this.shown(path), fresh: false };
      await this.prepare('quarantine');
      await this.fs.writeAtomic(path, bytes);
      return { path: this.shown(path), fresh: true };
    } catch {
      return { fresh: true };
    }
  }

  async #writeGitFiles(): Promise<void> {
    await this.fs.makeFolder(this.#base);
    await this.#writeOnce('.gitignore', gitignore);
    await this.#writeOnce('.gitattributes', gitattributes);
  }

  async #writeOnce(name: string, text: string): Promise<void> {
    const path = this.path(name);
    if (await this.fs.stat(path) === undefined) await this.fs.writeAtomic(path, new TextEncoder().encode(text));
  }
}

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/iu;

/**
 * A name that every file system takes as one folder. Letters of any script stay; a name that had to change gets a few
 * digits of its hash, so that two reviewers never share a folder by accident.
 */
export function safeName(name: string): string {
  const composed = name.normalize('NFC');
  const kept = composed.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-').replace(/^-+|-+$/gu, '');
  const short = [...kept].slice(0, 40).join('');
  if (short === composed && short !== '' && !reserved.test(short)) return short;
  return `${short === '' ? 'reviewer' : short}-${sha256Hex(composed).slice(0, 8)}`;
}

/** File name (without ending) of what is kept for one document and target language. */
export function documentKey(document: string, targetLanguage: string): string {
  const hash = sha256Hex(`${document}\n${targetLanguage}`).slice(0, 12);
  const base = document.slice(document.lastIndexOf('/') + 1).replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-');
  return `${[...base].slice(0, 40).join('')}~${targetLanguage.replace(/[^A-Za-z0-9-]+/gu, '-')}~${hash}`;
}
