/** The few file operations that the store needs, so that tests can make them fail. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, toAppError } from '../core/errors.ts';

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/**
 * All paths are absolute. What is missing is `undefined` or an empty list, never an error.
 * @throws AppError `store.diskFull` or `store.unwritable`, by every operation.
 */
export interface FileSystem {
  read(path: string): Promise<Uint8Array | undefined>;
  /** Adds bytes at the end by one write and waits until they are on the disk. Creates the file, not its folder. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes beside the file and renames over it: readers see the old content or the new, a crash leaves one of them. */
  writeAtomic(path: string, bytes: Uint8Array): Promise<void>;
  truncate(path: string, bytes: number): Promise<void>;
  list(path: string): Promise<readonly FolderEntry[]>;
  makeFolder(path: string): Promise<void>;
  stat(path: string): Promise<FileStatus | undefined>;
  /** Removes a file or a folder with all that is in it; nothing there is fine. */
  remove(path: string): Promise<void>;
}

export const nodeFileSystem: FileSystem = {
  read: async (path) => orMissing(path, () => readFile(path)),
  append: async (path, bytes) => mapped(path, () => appendOnce(path, bytes)),
  writeAtomic: async (path, bytes) => mapped(path, () => replaceFile(path, bytes)),
  truncate: async (path, bytes) => mapped(path, () => truncate(path, bytes)),
  list: async (path) => await orMissing(path, () => listFolder(path)) ?? [],
  makeFolder: async (path) => mapped(path, async () => { await mkdir(path, { recursive: true }); }),
  stat: async (path) => orMissing(path, () => statPath(path)),
  remove: async (path) => mapped(path, () => rm(path, { recursive: true, force: true })),
};

async function appendOnce(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'a');
  try {
    const isNew = (await handle.stat()).size === 0;
    const { bytesWritten } = await handle.write(bytes);
    // A second write for the rest could land behind another window's line, so a short write is a failure.
    if (bytesWritten < bytes.length) throw new AppError('store.diskFull', { path });
    await handle.sync();
    if (isNew) await syncFolder(dirname(path));
  } finally {
    await handle.close();
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** Makes a new name in a folder survive a power cut. Windows has no such call and refuses to open a folder. */
async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } catch (thrown) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF', 'ENOTSUP'].includes(errorCode(thrown))) throw thrown;
  } finally {
    await handle?.close();
  }
}

async function listFolder(path: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
}

async function statPath(path: string): Promise<FileStatus> {
  const found = await stat(path);
  return { kind: kindOf(found), bytes: found.size, modified: found.mtimeMs };
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): FolderEntry['kind'] {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}

async function orMissing<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return undefined;
    throw storeError(thrown, path);
  }
}

async function mapped<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storeError(thrown, path);
  }
}

/** The store's error for what the operating system said of a path. */
export function storeError(thrown: unknown, path: string): AppError {
  if (thrown instanceof AppError) return toAppError(thrown, path);
  const code = errorCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('store.diskFull', { path }, thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('store.unwritable', { path, reason: code === '' ? reason : code }, thrown);
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
