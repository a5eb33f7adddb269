/** Files of model folders, read. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
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

/** The error for a file that could not be read. */
export function missingOr(thrown: unknown, path: string): AppError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('engine.modelMissing', { path }, thrown);
  return new AppError('engine.modelInvalid', { path, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
}
