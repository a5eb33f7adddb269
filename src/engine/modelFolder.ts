import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf, type DecoderFacts } from './decoderFacts.ts';
import { CheckedFiles } from './checkedFiles.ts';
import { readText, readTokenizer } from './files.ts';
import { readForeignFolder } from './foreignFolder.ts';
import { parseManifest } from './manifest.ts';
import type { TextTokenizer } from './tokenizer.ts';

export interface ModelFolder {
  readonly facts: DecoderFacts;
  readonly modelPath: string;
  /** Of the graph and its weights. */
  readonly bytes: number;
  readonly tokenizer: TextTokenizer;
}

/**
 * Reads a model folder: with our manifest, after whose sizes and hashes every file is checked before native code gets it; or
 * as Optimum and transformers.js lay decoders out, of which one graph may be named instead of the folder.
 * @throws AppError `engine.modelMissing` or `engine.modelInvalid`, with the path of the file at fault
 */
export async function readModelFolder(path: string, checked = new CheckedFiles()): Promise<ModelFolder> {
  const isForeign = path.endsWith('.onnx') || (!await exists(join(path, 'manifest.json')) && await exists(join(path, 'config.json')));
  return isForeign ? readForeignFolder(path, checked) : readOwnFolder(path, checked);
}

async function readOwnFolder(folder: string, checked: CheckedFiles): Promise<ModelFolder> {
  const manifestPath = join(folder, 'manifest.json');
  const manifest = parseManifest(await readText(manifestPath), manifestPath);
  const { model, tokenizer, tokenizerConfig } = manifest.files;
  const modelPath = await checked.check(folder, model);
  const tokenizerPath = await checked.check(folder, tokenizer);
  const configPath = tokenizerConfig && (await checked.check(folder, tokenizerConfig));
  return { facts: factsOf(manifest), modelPath, bytes: model.bytes, tokenizer: await readTokenizer(tokenizerPath, configPath) };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
