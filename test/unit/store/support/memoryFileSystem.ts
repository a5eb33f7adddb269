/** A fake: files in memory, with switches that make it fail as disks do. */
import { AppError } from '../../../../src/core/errors.ts';
import type { FileSystem, FolderEntry } from '../../../../src/store/fileSystem.ts';
import type { StoreParts } from '../../../../src/store/workspaceStore.ts';

export class FakeFileSystem implements FileSystem {
  readonly files = new Map<string, Uint8Array>();
  /** Bytes that may still be written; what does not fit is written in part, then the disk is full. */
  room = Number.POSITIVE_INFINITY;
  readOnly = false;
  /** Files that cannot be written although their folders can. */
  readonly locked = new Set<string>();
  /** Makes `truncate` fail too. */
  stuck = false;
  #clock = 0;
  readonly #times = new Map<string, number>();
  readonly #writes = new Map<string, number>();
  readonly #folders = new Set<string>();

  read(path: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.files.get(path)?.slice());
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    return this.#try(path, () => {
      const before = this.files.get(path) ?? new Uint8Array();
      const fits = bytes.subarray(0, Math.max(0, Math.min(bytes.length, this.room)));
      this.#put(path, Uint8Array.from([...before, ...fits]));
      this.room -= fits.length;
      if (fits.length < bytes.length) throw new AppError('store.diskFull', { path });
    });
  }

  writeAtomic(path: string, bytes: Uint8Array): Promise<void> {
    return this.#try(path, () => {
      if (bytes.length > this.room) throw new AppError('store.diskFull', { path });
      this.room -= bytes.length;
      this.#put(path, bytes.slice());
    });
  }

  truncate(path: string, bytes: number): Promise<void> {
    return this.#try(path, () => {
      if (this.stuck) throw new AppError('store.unwritable', { path, reason: 'EIO' });
      this.#put(path, (this.files.get(path) ?? new Uint8Array()).slice(0, bytes));
    });
  }

  list(path: string): Promise<readonly FolderEntry[]> {
    const found = new Map<string, FolderEntry>();
    for (const file of this.files.keys()) {
      if (!file.startsWith(`${path}/`)) continue;
      const [name = '', ...rest] = file.slice(path.length + 1).split('/');
      found.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
    }
    return Promise.resolve([...found.values()]);
  }

  makeFolder(path: string): Promise<void> {
    return this.#try(path, () => { this.#folders.add(path); });
  }

  stat(path: string): ReturnType<FileSystem['stat']> {
    const file = this.files.get(path);
    if (file === undefined) {
      const isFolder = [...this.files.keys()].some((name) => name.startsWith(`${path}/`));
      return Promise.resolve(isFolder ? { kind: 'folder', bytes: 0, modified: 0 } : undefined);
    }
    return Promise.resolve({ kind: 'file', bytes: file.length, modified: this.#times.get(path) ?? 0 });
  }

  remove(path: string): Promise<void> {
    return this.#try(path, () => {
      for (const name of this.files.keys()) if (name === path || name.startsWith(`${path}/`)) this.files.delete(name);
    });
  }

  text(path: string): string {
    return new TextDecoder().decode(this.files.get(path) ?? new Uint8Array());
  }

  /** How often a file was written. */
  writes(path: string): number {
    return this.#writes.get(path) ?? 0;
  }

  find(part: string): readonly string[] {
    return [...this.files.keys()].filter((path) => path.includes(part)).sort();
  }

  #put(path: string, bytes: Uint8Array): void {
    this.files.set(path, bytes);
    this.#clock += 1;
    this.#times.set(path, this.#clock);
    this.#writes.set(path, this.writes(path) + 1);
  }

  #try(path: string, work: () => void): Promise<void> {
    if (this.readOnly || this.locked.has(path)) return Promise.reject(new AppError('store.unwritable', { path, reason: 'EROFS' }));
    try {
      work();
      return Promise.resolve();
    } catch (thrown) {
      return Promise.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }
}

/** Store parts on the fake, with a clock that goes on a second a reading. */
export function fakeParts(fs: FakeFileSystem, writer = 'w1'): StoreParts {
  let now = Date.UTC(2026, 10, 21, 8, 0, 0);
  return { fs, clock: () => { now += 1000; return now; }, random: () => writer, sleep: () => Promise.resolve() };
}
