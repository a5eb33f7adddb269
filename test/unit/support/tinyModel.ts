import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importOnnxruntime } from '../../../src/engine/binding.ts';
import { Decoder } from '../../../src/engine/decoder.ts';
import { readModelFolder, type ModelFolder } from '../../../src/engine/modelFolder.ts';

/** The random two-layer decoder of `test/fixtures/engine/make_tiny.py`. */
export const tinyFolder = fileURLToPath(new URL('../../fixtures/engine/tiny', import.meta.url));

export interface TinyModel {
  readonly files: ModelFolder;
  readonly decoder: Decoder;
}

export async function openTiny(folder = tinyFolder): Promise<TinyModel> {
  const files = await readModelFolder(folder);
  return { files, decoder: await Decoder.open(await importOnnxruntime(), files, { threads: 1 }) };
}

/** A copy to break, removed after the test. */
export function tinyCopy(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-model-'));
  t.after(() => { rmSync(folder, { recursive: true, force: true }); });
  cpSync(tinyFolder, folder, { recursive: true });
  return folder;
}

/** Changes the manifest of a copy. */
export function editManifest(folder: string, edit: (manifest: Record<string, unknown>) => void): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

/** Lets the manifest of a copy agree with a file that was changed. */
export function resign(folder: string, key: string, file: string): void {
  const data = readFileSync(join(folder, file));
  const entry = { path: file, sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length };
  editManifest(folder, (manifest) => { manifest['files'] = { ...(manifest['files'] as object), [key]: entry }; });
}
