/** A finished PEFT adapter on disk. */
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { sha256Hex } from '../core/hash.ts';
import { readText, type JobFiles } from './files.ts';

const configSchema = v.object({ r: v.pipe(v.number(), v.integer()) });
const weightsFile = 'adapter_model.safetensors';

export interface AdapterFolder {
  readonly path: string;
  readonly rank: number;
}

/** @throws AppError `trainer.noAdapter` when the folder is gone, unfinished, or holds the weights of a full run */
export async function readAdapterFolder(files: JobFiles, path: string): Promise<AdapterFolder> {
  const text = await readText(files, join(path, 'adapter_config.json'));
  const parsed = text === undefined ? undefined : v.safeParse(v.pipe(v.string(), v.parseJson(), configSchema), text);
  if (parsed?.success !== true || await files.stat(join(path, weightsFile)) === undefined || await files.stat(join(path, 'interlinear.json')) === undefined) {
    throw new AppError('trainer.noAdapter', { job: path, state: 'without a LoRA adapter in it' });
  }
  return { path, rank: parsed.output.r };
}

/** The first 12 hex digits of the SHA-256 of the adapter's weights. */
export async function adapterRevision(files: JobFiles, path: string): Promise<string> {
  return sha256Hex(await files.read(join(path, weightsFile)) ?? new Uint8Array()).slice(0, 12);
}
