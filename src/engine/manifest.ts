import * as v from 'valibot';
import { AppError } from '../core/errors.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0));
const texts = v.array(v.string());

/** A file of the model folder: only plain relative paths, so that a manifest cannot reach outside of its folder. */
export const fileSchema = v.object({
  path: v.pipe(v.string(), v.regex(/^(?![/\\]|[A-Za-z]:)(?!.*(?:^|[/\\])\.\.(?:[/\\]|$)).+$/u, 'must stay in the model folder')),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u, 'must be 64 hex digits')),
  bytes: count,
});

const schema = v.object({
  kind: v.literal('decoder'),
  format: v.literal(1),
  name: v.pipe(v.string(), v.nonEmpty()),
  revision: v.string(),
  parameters: count,
  promptFamily: v.string(),
  promptTemplate: v.pipe(v.string(), v.includes('{source}')),
  sourceLanguages: texts,
  targetLanguages: texts,
  layers: count,
  kvHeads: count,
  headDim: count,
  vocabSize: count,
  bosTokenId: v.nullable(tokenId),
  eosTokenId: tokenId,
  padTokenId: tokenId,
  contextLength: count,
  defaults: v.object({
    temperature: v.pipe(v.number(), v.minValue(0)),
    topP: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
    topK: v.pipe(v.number(), v.integer(), v.minValue(0)),
    maxTokens: count,
  }),
  licence: v.string(),
  attribution: texts,
  files: v.object({ model: fileSchema, tokenizer: fileSchema, tokenizerConfig: v.optional(fileSchema) }),
});

/** `manifest.json` of a model folder: what the graph and its tokenizer are. */
export type Manifest = v.InferOutput<typeof schema>;
export type ManifestFile = v.InferOutput<typeof fileSchema>;

/** @throws AppError `engine.modelInvalid` that names the field */
export function parseManifest(text: string, path: string): Manifest {
  return parseWith(schema, text, path);
}

/** The same for the manifests of other models. @throws AppError `engine.modelInvalid` that names the field */
export function parseWith<S extends v.GenericSchema>(manifestSchema: S, text: string, path: string): v.InferOutput<S> {
  const invalid = (reason: string): AppError => new AppError('engine.modelInvalid', { path, reason });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw invalid('not JSON');
  }
  const parsed = v.safeParse(manifestSchema, raw);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw invalid(`${v.getDotPath(issue) ?? 'manifest'}: ${issue.message}`);
}
