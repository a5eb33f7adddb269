/**
 * Decoder folders as Optimum and transformers.js lay them out: `config.json`, `generation_config.json`, `tokenizer.json`,
 * `tokenizer_config.json`, perhaps `chat_template.jinja`, and `onnx/model*.onnx` with their `*.onnx_data` beside them.
 */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import type { ModelPrompt } from '../protocol/engine.ts';
import type { CheckedFiles } from './checkedFiles.ts';
import type { DecoderFacts } from './decoderFacts.ts';
import { readText, readTokenizer } from './files.ts';
import { fileSchema, parseWith } from './manifest.ts';
import type { ModelFolder } from './modelFolder.ts';
import type { TextTokenizer } from './tokenizer.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0));
const endTokens = v.nullish(v.union([tokenId, v.array(tokenId)]));

const configSchema = v.object({
  _name_or_path: v.nullish(v.string()),
  model_type: v.nullish(v.string()),
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: v.nullish(count),
  head_dim: v.nullish(count),
  hidden_size: count,
  vocab_size: count,
  max_position_embeddings: count,
  eos_token_id: endTokens,
});
/** What `interlinear_trainer export decoder` writes beside the files. */
const exportSchema = v.object({ format: v.literal(1), files: v.array(fileSchema) });
const generationSchema = v.object({ eos_token_id: endTokens });
const tokenText = v.nullish(v.union([v.string(), v.pipe(v.object({ content: v.string() }), v.transform(({ content }) => content))]));
const tokenizerSchema = v.object({
  bos_token: tokenText,
  eos_token: tokenText,
  chat_template: v.nullish(v.union([v.string(), v.array(v.object({ name: v.string(), template: v.string() }))])),
});

/** Best first: what is exact, then what is small. A folder with several is read with the first; the setting may name another file. */
const graphs = ['model.onnx', 'model_fp16.onnx', 'model_int8.onnx', 'model_quantized.onnx', 'model_uint8.onnx', 'model_q4.onnx', 'model_q4f16.onnx', 'model_bnb4.onnx'];

/** As servers are asked: plain sampling (Algharb 3.1), whatever the folder's makers advise for chat. */
const plainSampling = { temperature: 1, topP: 1, topK: 0 };
const LONGEST_ANSWER = 512;

/**
 * @param path the folder, or one graph of it. Where our exporter wrote it, every file has the size and the sha256 of its
 * `export.json`; of another one nothing says what they should be.
 * @throws AppError `engine.modelMissing`, `engine.modelInvalid`, with the path of the file at fault
 */
export async function readForeignFolder(path: string, checked: CheckedFiles): Promise<ModelFolder> {
  const { folder, modelPath } = await findGraph(path);
  const exported = await optionalJson(folder, 'export.json', exportSchema);
  for (const file of exported?.files ?? []) await checked.check(folder, file);
  const config = await readJson(folder, 'config.json', configSchema);
  const generation = await optionalJson(folder, 'generation_config.json', generationSchema);
  const tokenizerConfig = await optionalJson(folder, 'tokenizer_config.json', tokenizerSchema);
  const configPath = tokenizerConfig === undefined ? undefined : join(folder, 'tokenizer_config.json');
  const tokenizer = await readTokenizer(join(folder, 'tokenizer.json'), configPath);
  const ends = [generation?.eos_token_id ?? config.eos_token_id ?? idOf(tokenizer, tokenizerConfig?.eos_token)].flat().filter((id) => id !== undefined);
  const [end, ...otherEnds] = ends;
  if (end === undefined) throw new AppError('engine.modelInvalid', { path: join(folder, 'generation_config.json'), reason: 'neither it nor config.json names an eos_token_id' });
  const facts: DecoderFacts = {
    name: basename(folder),
    revision: await revisionOf(folder, modelPath),
    prompt: await promptOf(folder, config, tokenizerConfig),
    layers: config.num_hidden_layers,
    kvHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headDim: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    vocabSize: config.vocab_size,
    bosTokenId: tokenizer.leading,
    endTokens: [end, ...otherEnds],
    contextLength: config.max_position_embeddings,
    defaults: { ...plainSampling, maxTokens: Math.min(LONGEST_ANSWER, Math.floor(config.max_position_embeddings / 2)) },
  };
  return { facts, modelPath, bytes: await bytesOf(modelPath), tokenizer };
}

/** The graph and the folder of its `config.json`: the graph's own, or the one above `onnx/`. */
async function findGraph(path: string): Promise<{ readonly folder: string; readonly modelPath: string }> {
  if (path.endsWith('.onnx')) {
    const own = dirname(path);
    return { folder: basename(own) === 'onnx' ? dirname(own) : own, modelPath: path };
  }
  for (const place of [join(path, 'onnx'), path]) {
    const found = (await namesIn(place)).filter((name) => name.endsWith('.onnx'));
    const chosen = graphs.find((name) => found.includes(name)) ?? (found.length === 1 ? found[0] : undefined);
    if (chosen !== undefined) return { folder: path, modelPath: join(place, chosen) };
    if (found.length > 1) throw new AppError('engine.modelInvalid', { path: place, reason: `it has several graphs (${found.join(', ')}): name one of these files instead of the folder` });
  }
  throw new AppError('engine.modelMissing', { path: join(path, 'onnx', 'model.onnx') });
}

/** Nothing for a folder that is not there. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** The model's own chat template, where it has one, and the names that its prompt family can be told from. */
async function promptOf(folder: string, config: v.InferOutput<typeof configSchema>, tokenizer: v.InferOutput<typeof tokenizerSchema> | undefined): Promise<ModelPrompt> {
  const names = [basename(folder), config._name_or_path, config.model_type].filter((name) => typeof name === 'string');
  const listed = tokenizer?.chat_template;
  const inConfig = Array.isArray(listed) ? listed.find(({ name }) => name === 'default')?.template : listed;
  const chatTemplate = await optionalText(join(folder, 'chat_template.jinja')) ?? inConfig ?? undefined;
  const template = chatTemplate === undefined ? {} : { chatTemplate };
  return { kind: 'family', names, ...template, bosToken: tokenizer?.bos_token ?? '', eosToken: tokenizer?.eos_token ?? '' };
}

const HASHED_BYTES = 2 ** 20;

/** From the graph's beginning and the names and sizes of all files beside it: reading gigabytes to name them would take long. */
async function revisionOf(folder: string, modelPath: string): Promise<string> {
  const hash = createHash('sha256').update(await readText(join(folder, 'config.json'))).update(basename(modelPath));
  for (const { name, size } of await graphFiles(modelPath)) hash.update(`${name} ${size.toString()}`);
  const file = await open(modelPath).catch((thrown: unknown) => { throw new AppError('engine.modelMissing', { path: modelPath }, thrown); });
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HASHED_BYTES) });
    return hash.update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 12);
  } finally {
    await file.close();
  }
}

/** A graph and the files of its weights, which begin with its name. */
async function graphFiles(modelPath: string): Promise<readonly { readonly name: string; readonly size: number }[]> {
  const place = dirname(modelPath);
  const names = (await namesIn(place)).filter((name) => name.startsWith(basename(modelPath))).sort();
  return Promise.all(names.map(async (name) => ({ name, size: (await stat(join(place, name))).size })));
}

async function bytesOf(modelPath: string): Promise<number> {
  return (await graphFiles(modelPath)).reduce((sum, { size }) => sum + size, 0);
}

function idOf(tokenizer: TextTokenizer, token: string | null | undefined): number | undefined {
  if (token === null || token === undefined) return undefined;
  const ids = tokenizer.encode(token);
  return ids.length === 1 ? ids[0] : undefined;
}

async function readJson<S extends v.GenericSchema>(folder: string, name: string, schema: S): Promise<v.InferOutput<S>> {
  const path = join(folder, name);
  return parseWith(schema, await readText(path), path);
}

async function optionalJson<S extends v.GenericSchema>(folder: string, name: string, schema: S): Promise<v.InferOutput<S> | undefined> {
  const path = join(folder, name);
  const text = await optionalText(path);
  return text === undefined ? undefined : parseWith(schema, text, path);
}

async function optionalText(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'engine.modelMissing') return undefined;
    throw thrown;
  }
}
