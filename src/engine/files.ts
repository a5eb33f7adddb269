/** Files of model folders: read, and checked where a manifest says what they should be. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../core/errors.ts';
import type { ManifestFile } from './manifest.ts';
import { TextTokenizer } from './tokenizer.ts';

/** @throws AppError `engine.modelInvalid` for a file that is no tokenizer */
export async function readTokenizer(path: string, configPath: string | undefined): Promise<TextTokenizer> {
  const config = configPath === undefined ? {} : await readJson(configPath);
  try {
    return new TextTokenizer(await readJson(path), config);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('engine.modelInvalid', { path, reason: `not a tokenizer: ${String(thrown)}` }, thrown);
  }
}

async function readJson(path: string): Promise<object> {
  const raw: unknown = JSON.parse(await readText(path));
  if (typeof raw === 'object' && raw !== null) return raw;
  throw new AppError('engine.modelInvalid', { path, reason: 'not a JSON object' });
}

/** @throws AppError `engine.modelMissing` */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw missingOr(thrown, path);
  }
}

/** The path of a file whose size and sha256 are the manifest's. @throws AppError `engine.modelMissing`, `engine.modelInvalid` */
export async function checkedFile(folder: string, file: ManifestFile): Promise<string> {
  const path = join(folder, file.path);
  const invalid = (reason: string): AppError => new AppError('engine.modelInvalid', { path, reason });
  let size: number;
  try {
    ({ size } = await stat(path));
  } catch (thrown) {
    throw missingOr(thrown, path);
  }
  if (size !== file.bytes) throw invalid(`${String(size)} bytes, the manifest says ${String(file.bytes)}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== file.sha256) throw invalid('the file was changed: its sha256 is not the one in the manifest');
  return path;
}

function missingOr(thrown: unknown, path: string): AppError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('engine.modelMissing', { path }, thrown);
  return new AppError('engine.modelInvalid', { path, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
}
