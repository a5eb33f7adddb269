/** Writes the job directory that a trainer runs: data, configuration, and what it is about. */
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { HeldOutStore } from '../../store/heldOutStore.ts';
import { StoreFolder } from '../../store/storeFolder.ts';
import { parseHeldOutPairs, parseReferences, readJobData, trainingStages, type JobData, type TrainingStage } from './jobData.ts';

/** All paths are absolute. */
export interface TrainingRequest {
  readonly stage: TrainingStage;
  readonly data: string;
  readonly base: string;
  readonly out: string;
  readonly config?: string;
}

const jobSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  stage: v.picklist(trainingStages),
  base: v.string(),
  rows: v.string(),
  dataHash: v.string(),
  heldOutSources: v.number(),
});

export type JobRecord = v.InferOutput<typeof jobSchema>;

export interface PreparedJob {
  readonly record: JobRecord;
  readonly split: JobData['split'];
  /** The directory held the same job already: it is resumed. */
  readonly resumed: boolean;
}

/** @throws AppError `input.invalid` if `out` holds another job, `document.notFound` for a missing file, `engine.modelMissing` for the base */
export async function prepareJob(fs: FileSystem, request: TrainingRequest): Promise<PreparedJob> {
  const { stage, base, out } = request;
  if (await fs.stat(join(base, 'config.json')) === undefined) throw new AppError('engine.modelMissing', { path: base });
  const heldOut = heldOutStore(fs, out);
  const data = await readJobData(fs, stage, request.data, await heldOut?.read());
  const record: JobRecord = {
    format: 1, id: basename(out), stage, base, rows: 'rows.jsonl', dataHash: data.hash, heldOutSources: data.split.sources,
  };
  const before = await fs.stat(join(out, 'job.json')) === undefined ? undefined : await readJob(fs, out);
  if (before !== undefined && (before.dataHash !== data.hash || before.stage !== stage || before.base !== base)) {
    throw new AppError('input.invalid', { where: out, reason: 'holds another job (other data, stage or base). Choose another --out.' });
  }
  const config = request.config === undefined ? new Uint8Array() : await fs.read(request.config);
  if (config === undefined) throw new AppError('document.notFound', { path: request.config ?? '' });
  await fs.makeFolder(out);
  const put = (name: string, text: string): Promise<void> => fs.writeAtomic(join(out, name), new TextEncoder().encode(text));
  await put('rows.jsonl', data.rows);
  await put('heldout.jsonl', data.heldOut);
  await put('references.jsonl', data.references);
  if (data.replay !== '') await put('replay.jsonl', data.replay);
  await fs.writeAtomic(join(out, 'config.yaml'), config);
  await put('job.json', `${JSON.stringify({ ...record, ...(data.replay !== '' && { replay: 'replay.jsonl' }), split: data.split }, undefined, 2)}\n`);
  await heldOut?.add([...parseHeldOutPairs(data.heldOut), ...parseReferences(data.references)].map(({ source }) => source));
  return { record, split: data.split, resumed: before !== undefined };
}

/** Of the workspace whose `.interlinear/jobs` holds the job; undefined: it lies elsewhere, and holds out for itself alone. */
export function heldOutStore(fs: FileSystem, job: string): HeldOutStore | undefined {
  const folder = dirname(dirname(job));
  return basename(folder) === '.interlinear' ? new HeldOutStore(new StoreFolder(dirname(folder), fs)) : undefined;
}

/** @throws AppError `document.notFound`, `input.invalid` */
export async function readJob(fs: FileSystem, folder: string): Promise<JobRecord> {
  const path = join(folder, 'job.json');
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path });
  try {
    return v.parse(jobSchema, JSON.parse(new TextDecoder().decode(bytes)));
  } catch (thrown) {
    throw new AppError('input.invalid', { where: path, reason: 'it is no job of this version' }, thrown);
  }
}
