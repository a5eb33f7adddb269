/** Files too large for one string: read and written in pieces. */
import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { storeError } from '../fileSystem.ts';

const pieceBytes = 1 << 20;

/** Pieces of a file in order. @throws AppError `document.notFound`, `store.unwritable` */
export async function* piecesOf(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: pieceBytes });
  try {
    for await (const piece of stream) {
      signal?.throwIfAborted();
      yield piece as Uint8Array; // a stream without an encoding gives bytes
    }
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') throw new AppError('document.notFound', { path }, thrown);
    if (thrown instanceof Error && 'code' in thrown) throw storeError(thrown, path);
    throw thrown;
  }
}

/** A new file that takes its place only when it is whole. */
export class NewFile {
  readonly #path: string;
  readonly #draft: string;
  readonly #handle: FileHandle;
  #pending: string[] = [];
  #size = 0;

  private constructor(path: string, draft: string, handle: FileHandle) {
    this.#path = path;
    this.#draft = draft;
    this.#handle = handle;
  }

  /** @throws AppError `store.*` */
  static async create(path: string): Promise<NewFile> {
    const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
    return guarded(path, async () => new NewFile(path, draft, await open(draft, 'wx')));
  }

  /** Kept until there is enough to write. @returns true where `flush` should be called */
  add(text: string): boolean {
    this.#pending.push(text);
    this.#size += text.length;
    return this.#size > pieceBytes;
  }

  async flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#size = 0;
    await guarded(this.#path, () => this.#handle.appendFile(text));
  }

  async commit(): Promise<void> {
    await this.flush();
    await guarded(this.#path, async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#draft, this.#path);
    });
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined); // it may be closed already
    await rm(this.#draft, { force: true });
  }
}

/** Small reads anywhere in a file that is open. */
export class OpenedFile {
  readonly #descriptor: number;

  constructor(readonly path: string) {
    try {
      this.#descriptor = openSync(path, 'r');
    } catch (thrown) {
      throw storeError(thrown, path);
    }
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, length, offset));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storeError(thrown, path);
  }
}
