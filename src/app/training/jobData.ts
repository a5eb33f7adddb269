/** The data of a job: rows to train on, and what is held out of them before anything else. */
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import { sourceKey, splitHeldOut } from '../../core/evaluation/heldOut.ts';
import { sha256Hex } from '../../core/hash.ts';
import { describeIssues } from '../../core/validation.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { IsHeldOut } from '../../store/heldOutStore.ts';

export const trainingStages = ['cpt', 'sft', 'cpo', 'mrpo', 'grpo'] as const;
export type TrainingStage = (typeof trainingStages)[number];

/** Names in a data folder; only the first is needed. */
export const rowsFile: Readonly<Record<TrainingStage, string>> = {
  cpt: 'texts.jsonl', sft: 'sft.jsonl', cpo: 'pairs.jsonl', mrpo: 'pools.jsonl', grpo: 'prompts.jsonl',
};

const languages = { sourceLanguage: v.optional(v.string(), 'en'), targetLanguage: v.optional(v.string(), 'ja') };
const pairSchema = v.object({ source: v.string(), chosen: v.string(), rejected: v.string(), ...languages });
const referenceSchema = v.object({ source: v.string(), reference: v.string(), preferred: v.exactOptional(v.boolean()), ...languages });

export type HeldOutPair = v.InferOutput<typeof pairSchema>;
export type Reference = v.InferOutput<typeof referenceSchema>;

/** One line of a data file, with what splitting needs to know of it. */
interface Line {
  readonly text: string;
  readonly source: string;
  readonly document: string;
}

export interface JobData {
  readonly rows: string;
  readonly heldOut: string;
  readonly references: string;
  readonly replay: string;
  readonly split: { readonly unit: string; readonly training: number; readonly heldOut: number; readonly sources: number; readonly droppedForHeldOut: number };
  /** Of everything above: the name of this data in later runs. */
  readonly hash: string;
}

/**
 * Reads a data folder, or one file of rows. Pairs are held out by document or cluster unless the folder brings its own
 * `heldout.jsonl`; rows whose source stands in what is held out, now or by an earlier job, or in `references.jsonl` never
 * reach training.
 * @throws AppError `document.notFound`, `input.invalid`
 */
export async function readJobData(fs: FileSystem, stage: TrainingStage, data: string, isHeldOut: IsHeldOut = () => false): Promise<JobData> {
  const isFile = data.endsWith('.jsonl');
  const beside = async (name: string): Promise<string> => isFile ? '' : await textOf(fs, join(data, name)) ?? '';
  const path = isFile ? data : join(data, rowsFile[stage]);
  const text = await textOf(fs, path);
  if (text === undefined) throw new AppError('document.notFound', { path });
  const lines = linesOf(text, path);
  const [given, references, replay] = [await beside('heldout.jsonl'), await beside('references.jsonl'), await beside('replay.jsonl')];
  const split = given === '' && stage === 'cpo' ? splitHeldOut(lines, isHeldOut) : undefined;
  const heldOut = split === undefined ? given : joined(split.heldOut);
  const closed = new Set([...linesOf(heldOut, 'heldout.jsonl'), ...linesOf(references, 'references.jsonl')].map(({ source }) => sourceKey(source)));
  const isOpen = ({ source }: Line): boolean => !closed.has(sourceKey(source)) && !isHeldOut(source);
  const training = (split?.training ?? lines).filter(isOpen);
  const rows = joined(training);
  const openReplay = joined(linesOf(replay, 'replay.jsonl').filter(isOpen));
  const held = linesOf(heldOut, 'heldout.jsonl');
  return {
    rows, heldOut, references, replay: openReplay,
    split: {
      unit: split?.unit ?? 'given', training: training.length, heldOut: held.length, sources: new Set(held.map(({ source }) => source)).size,
      droppedForHeldOut: (split?.training ?? lines).length - training.length,
    },
    hash: sha256Hex([rows, heldOut, references, openReplay].join('\0')).slice(0, 16),
  };
}

export function parseHeldOutPairs(text: string): readonly HeldOutPair[] {
  return parsed(text, pairSchema, 'heldout.jsonl');
}

export function parseReferences(text: string): readonly Reference[] {
  return parsed(text, referenceSchema, 'references.jsonl');
}

const rowSchema = v.object({ source: v.string(), ...languages });

/** Sources of a job's rows with their languages; rows that name no source are left out. @throws AppError `document.notFound` */
export async function readSources(fs: FileSystem, path: string): Promise<readonly v.InferOutput<typeof rowSchema>[]> {
  const text = await textOf(fs, path);
  if (text === undefined) throw new AppError('document.notFound', { path });
  return text.split('\n').flatMap((line) => {
    const row = v.safeParse(rowSchema, jsonOf(line));
    return row.success ? [row.output] : [];
  });
}

function parsed<S extends v.GenericSchema>(text: string, schema: S, name: string): readonly v.InferOutput<S>[] {
  return linesOf(text, name).map((line, index) => {
    const result = v.safeParse(schema, JSON.parse(line.text));
    if (!result.success) throw new AppError('input.invalid', { where: `${name}:${index + 1}`, reason: describeIssues(result.issues) });
    return result.output;
  });
}

async function textOf(fs: FileSystem, path: string): Promise<string | undefined> {
  const bytes = await fs.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

const lineSchema = v.object({ source: v.exactOptional(v.string()), prompt: v.exactOptional(v.string()), text: v.exactOptional(v.string()), document: v.optional(v.string(), '') });

function linesOf(text: string, name: string): readonly Line[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const result = v.safeParse(lineSchema, jsonOf(line));
    const source = result.success ? result.output.source ?? result.output.prompt ?? result.output.text : undefined;
    if (!result.success || source === undefined) throw new AppError('input.invalid', { where: `${name}:${index + 1}`, reason: 'it is no JSON object with a source' });
    return [{ text: line, source, document: result.output.document }];
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function joined(lines: readonly Line[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}

export interface JobLanguages {
  /** BCP 47. */
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}

/** Languages of the first row that a job holds out. @throws AppError `input.invalid` */
export async function heldOutLanguages(fs: FileSystem, job: string): Promise<JobLanguages> {
  const text = async (name: string): Promise<string> => new TextDecoder().decode(await fs.read(join(job, name)) ?? new Uint8Array());
  const [first] = [...parseHeldOutPairs(await text('heldout.jsonl')), ...parseReferences(await text('references.jsonl'))];
  return first ?? { sourceLanguage: 'en', targetLanguage: 'ja' };
}
