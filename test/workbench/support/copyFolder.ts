/** A folder as it is in a fresh clone: without what a person leaves in it who tries the product on it (.gitignore names the same). */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { root } from '../../../scripts/support/root.ts';

const left = /^(?:\.interlinear|\.vscode|.*\.ja\.(?:md|txt))$/u;

/** Copies a folder, named from the repository's root, into a new one whose name begins with `prefix`, and answers its path. */
export function copyFolder(folder: string, prefix: string, within = tmpdir()): string {
  const copy = mkdtempSync(join(within, prefix));
  cpSync(resolve(root, folder), copy, { recursive: true, filter: (path) => folder !== 'samples' || !left.test(basename(path)) });
  return copy;
}
