/** A trained adapter as the file that llama.cpp and Ollama load, and Ollama's own way to take it. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { trainerEnvironment } from './trainerJobs.ts';

export interface Conversion {
  /** Needs numpy and gguf. */
  readonly python: string;
  /** Folder of the Python package. */
  readonly package: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly adapter: string;
  /** The .gguf file; it appears whole or not at all. */
  readonly out: string;
}

/** @throws AppError `adapter.notConverted` */
export async function convertToGguf({ python, package: folder, env, adapter, out }: Conversion, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(out), { recursive: true });
  const draft = `${out}.part`;
  try {
    await run(python, ['-m', 'interlinear_trainer.convert.lora_gguf', adapter, draft], { env: { ...env, ...trainerEnvironment(folder) }, signal });
    await rename(draft, out);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw new AppError('adapter.notConverted', { adapter, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
  }
}

/** What `ollama create` reads: the base as Ollama knows it, and the adapter. */
export function modelfile(base: string, gguf: string): string {
  return `FROM ${base}\nADAPTER ${gguf}\n`;
}

export interface OllamaModel {
  /** `ollama`, or its path. */
  readonly program: string;
  readonly name: string;
  /** The model that the adapter was trained on, as Ollama knows it. */
  readonly base: string;
  readonly gguf: string;
}

/** Makes a model of base and adapter beside the others; nothing is replaced. @throws AppError `adapter.notConverted` */
export async function createOllamaModel({ program, name, base, gguf }: OllamaModel, signal: AbortSignal): Promise<void> {
  const file = `${gguf}.Modelfile`;
  await writeFile(file, modelfile(base, gguf));
  try {
    await run(program, ['create', name, '-f', file], { env: process.env, signal });
  } catch (thrown) {
    throw new AppError('adapter.notConverted', { adapter: name, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
  } finally {
    await rm(file, { force: true });
  }
}

/** A model that is not there is fine. */
export async function removeOllamaModel(program: string, name: string): Promise<void> {
  await run(program, ['rm', name], { env: process.env, signal: new AbortController().signal }).catch(() => undefined);
}

/** Rejects with the last line of standard error. */
function run(program: string, args: readonly string[], options: { readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...options, maxBuffer: 16_000_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(stderr.trim().split('\n').at(-1) || error.message));
    });
  });
}
