import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import type { DescribedScorer, ScoreProgress, ScorerKind } from '../../protocol/engine.ts';
import { fileSchema, parseWith } from '../manifest.ts';
import { CheckedFiles } from '../checkedFiles.ts';
import { readText, readTokenizer } from '../files.ts';
import type { TextTokenizer } from '../tokenizer.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const common = {
  format: v.literal(1),
  name: v.pipe(v.string(), v.nonEmpty()),
  revision: v.string(),
  licence: v.string(),
  padTokenId: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Tokens of one row at most, its control tokens included. */
  maxTokens: count,
  /** What the encoder's matrices are kept in; 32 in folders that do not say. */
  bits: v.optional(v.picklist([8, 16, 32]), 32),
};
const tokenizerFiles = { tokenizer: fileSchema, tokenizerConfig: v.optional(fileSchema) };

/** What `interlinear_trainer export` writes. Weights of over 1.5 GB lie beside their graph, under its name and `Data`. */
const schema = v.variant('kind', [
  v.object({
    kind: v.literal('comet'), ...common,
    files: v.object({ encoder: fileSchema, encoderData: v.optional(fileSchema), sides: fileSchema, pairs: fileSchema, ...tokenizerFiles }),
  }),
  v.object({
    kind: v.literal('cometkiwi'), ...common,
    files: v.object({ quality: fileSchema, qualityData: v.optional(fileSchema), ...tokenizerFiles }),
  }),
  v.object({
    kind: v.literal('awesome'), ...common,
    layer: count,
    /** Of one hidden state. */
    width: count,
    /** What both directions' probabilities must exceed for a link. */
    threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    files: v.object({ states: fileSchema, statesData: v.optional(fileSchema), ...tokenizerFiles }),
  }),
  v.object({
    kind: v.literal('wspalign'), ...common,
    /** Its encoder is told which of the joined texts a token belongs to. */
    typed: v.boolean(),
    files: v.object({ spans: fileSchema, spansData: v.optional(fileSchema), ...tokenizerFiles }),
  }),
]);

export type ScorerManifest = v.InferOutput<typeof schema>;

/** A checked folder: every file has the size and the sha256 of the manifest. */
export interface ScorerFolder<K extends ScorerKind = ScorerKind> {
  readonly folder: string;
  readonly manifest: Extract<ScorerManifest, { kind: K }>;
  readonly tokenizer: TextTokenizer;
  /** Of its graphs and their weights in memory, where 16-bit floats become 32. */
  readonly bytes: number;
}

/** @throws AppError `engine.modelMissing` or `engine.modelInvalid`, with the path of the file at fault */
export async function readScorerFolder(folder: string, checked = new CheckedFiles()): Promise<ScorerFolder> {
  const manifest = await readManifest(folder);
  for (const file of Object.values(manifest.files)) if (file !== undefined) await checked.check(folder, file);
  const { tokenizer, tokenizerConfig, ...graphs } = manifest.files;
  const stored = Object.values(graphs).reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
  const bytes = manifest.bits === 16 ? 2 * stored : stored;
  const configPath = tokenizerConfig === undefined ? undefined : join(folder, tokenizerConfig.path);
  return { folder, manifest, bytes, tokenizer: await readTokenizer(join(folder, tokenizer.path), configPath) };
}

/** What lies in the folder, every file read and compared. @throws as `readScorerFolder` */
export async function describeScorerFolder(folder: string, checked: CheckedFiles, onBytes: (value: ScoreProgress) => void): Promise<DescribedScorer> {
  const { kind, name, revision, licence, files } = await readManifest(folder);
  const listed = Object.values(files).filter((file) => file !== undefined);
  const total = listed.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of listed) {
    onBytes({ done, total });
    await checked.check(folder, file, 'always');
    done += file.bytes;
  }
  return { kind, name, revision, licence, bytes: total };
}

async function readManifest(folder: string): Promise<ScorerManifest> {
  const path = join(folder, 'manifest.json');
  const text = await readText(path).catch(async (thrown: unknown) => { throw await checkpointFault(folder) ?? thrown; });
  return parseWith(schema, text, path);
}

/** For a folder that is still what unbabel-comet reads. */
async function checkpointFault(folder: string): Promise<AppError | undefined> {
  const settings = await readText(join(folder, 'hparams.yaml')).catch(() => undefined);
  if (settings === undefined) return undefined;
  if (/^class_identifier:\s*xcomet/mu.test(settings)) return new AppError('model.xcomet', { name: folder });
  return new AppError('engine.modelInvalid', { path: folder, reason: 'it holds a checkpoint of unbabel-comet; "interlinear_trainer export comet" (or cometkiwi) makes a model folder of it' });
}
