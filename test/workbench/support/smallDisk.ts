/** A disk of one megabyte that can be filled, freed and made read-only: a tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const page = 4096;

export interface SmallDisk {
  readonly path: string;
  /** Writes a file until only these many bytes are free, in whole pages. */
  fill(free: number): void;
  /** Removes that file. */
  makeRoom(): void;
  setReadOnly(on: boolean): void;
  /** One file of it alone, by a mount of the file on itself. */
  setFileReadOnly(file: string, on: boolean): void;
  remove(): void;
}

/** Undefined with the system's reason where this machine lets nobody mount. */
export function smallDisk(): SmallDisk | { readonly refused: string } {
  const path = mkdtempSync(join(tmpdir(), 'interlinear-disk-'));
  try {
    system('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path);
  } catch (thrown) {
    rmdirSync(path);
    return { refused: thrown instanceof Error ? thrown.message.trim() : String(thrown) };
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill(free) {
      rmSync(filler, { force: true });
      const file = openSync(filler, 'w');
      const bytes = fillUp(file);
      closeSync(file);
      system('truncate', '-s', String(Math.max(0, bytes - Math.ceil(free / page) * page)), filler);
    },
    makeRoom() { rmSync(filler, { force: true }); },
    setReadOnly(on) { system('mount', '-o', `remount,${on ? 'ro' : 'rw'}`, path); },
    setFileReadOnly(file, on) {
      if (!on) {
        system('umount', '-l', file);
        return;
      }
      system('mount', '--bind', file, file);
      system('mount', '-o', 'remount,bind,ro', file);
    },
    remove() {
      // lazily: a process that is on its way out may still look into it
      system('umount', '-l', path);
      rmdirSync(path);
    },
  };
}

function system(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Writes until nothing fits any more; answers how many bytes did. */
function fillUp(file: number): number {
  const zeros = Buffer.alloc(page);
  for (let bytes = 0; ; ) {
    try {
      bytes += writeSync(file, zeros);
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') return bytes;
      throw thrown;
    }
  }
}
