import { totalmem } from 'node:os';
import { AppError } from '../core/errors.ts';

/** A model in memory with what its loader was told of it. */
export interface Resident {
  readonly model: { release(): Promise<void> };
}

export interface ShelfLimits {
  /** What the files of all models in memory may take together. */
  readonly bytes: number;
  /** After so long without use a model is released. */
  readonly idleMs: number;
}

interface Entry<R> {
  readonly key: string;
  readonly bytes: number;
  readonly resident: R;
  usedAt: number;
}

/** Half of this machine's memory, five minutes. */
export const usualLimits: ShelfLimits = { bytes: Math.floor(totalmem() / 2), idleMs: 300_000 };

/**
 * The models in memory, by handle and by what was asked for. One that is needed and does not fit beside the others has those
 * that were unused for longest released, one by one.
 */
export class Shelf<R extends Resident> {
  readonly #now: () => number;
  /** In the order of their last use. */
  readonly #entries = new Map<number, Entry<R>>();
  #lastHandle = 0;
  limits = usualLimits;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What was put there under this key, which counts as a use. */
  find(key: string): R | undefined {
    for (const [handle, entry] of this.#entries) if (entry.key === key) return this.get(handle);
    return undefined;
  }

  /** Counts as a use. */
  get(handle: number): R | undefined {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return undefined;
    this.#entries.delete(handle);
    this.#entries.set(handle, entry);
    entry.usedAt = this.#now();
    return entry.resident;
  }

  /** Releases what must go for a model of this size. @throws AppError `engine.tooLarge` when it does not fit alone */
  async makeRoom(path: string, bytes: number): Promise<void> {
    const { bytes: limit } = this.limits;
    if (bytes > limit) throw new AppError('engine.tooLarge', { path, megabytes: megabytes(bytes), limit: megabytes(limit) });
    for (const [handle, entry] of this.#entries) {
      if (this.#bytes() + bytes <= limit) return;
      await this.#release(handle, entry);
    }
  }

  /** @param make what stands there, given its handle */
  put<T extends R>(key: string, bytes: number, make: (handle: number) => T): T {
    const handle = ++this.#lastHandle;
    const resident = make(handle);
    this.#entries.set(handle, { key, bytes, resident, usedAt: this.#now() });
    return resident;
  }

  /** Nothing where there is none. */
  async drop(handle: number): Promise<void> {
    const entry = this.#entries.get(handle);
    if (entry !== undefined) await this.#release(handle, entry);
  }

  /** Releases what nobody used for long enough. @returns milliseconds until the next one may be due; undefined: none is left */
  async dropIdle(): Promise<number | undefined> {
    const { idleMs } = this.limits;
    for (const [handle, entry] of this.#entries) if (this.#now() - entry.usedAt >= idleMs) await this.#release(handle, entry);
    const [oldest] = this.#entries.values();
    return oldest === undefined ? undefined : oldest.usedAt + idleMs - this.#now();
  }

  #bytes(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #release(handle: number, { resident }: Entry<R>): Promise<void> {
    this.#entries.delete(handle);
    await resident.model.release();
  }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
