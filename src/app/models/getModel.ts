/** A published model becomes a model folder: its checkpoint is fetched, checked, converted by the trainer's exporter, moved into place. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { exportCheckpoint, type ExportStep } from '../../jobs/models/exportCheckpoint.ts';
import { fetchFile } from '../../jobs/models/fetchFile.ts';
import type { Hub } from '../../jobs/models/hub.ts';
import { ifUnlocked } from '../../jobs/machineLock.ts';
import type { RunCommand } from '../../jobs/runCommand.ts';
import type { Bits, DownloadPlan } from './planDownload.ts';

export interface FetchParts {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  readonly onBytes: (value: { readonly done: number; readonly total: number }) => void;
}

export interface ConvertParts {
  readonly python: string;
  /** Folder of the trainer's Python package. */
  readonly package: string;
  readonly run: RunCommand;
  readonly bits: Bits;
  readonly signal: AbortSignal;
  readonly onStep: (step: ExportStep) => void;
}

/**
 * Fetches what is not here yet, into the plan's checkout. Cancelled or broken off, what is here stays and the next time goes on.
 * @throws AppError `model.noSpace`, `model.busy`, and as `fetchFile`
 */
export async function fetchModel(plan: DownloadPlan, parts: FetchParts): Promise<void> {
  if (plan.free < plan.needed) throw new AppError('model.noSpace', { path: dirname(plan.checkout), needed: plan.needed, free: plan.free });
  const { checkout } = plan;
  await mkdir(checkout, { recursive: true });
  const work = async (): Promise<true> => {
    await dropOthers(checkout);
    await fetchAll(plan, parts);
    return true;
  };
  const lock = join(checkout, 'lock');
  // the first look takes away what a holder that died has left
  const done = await ifUnlocked(lock, work) ?? await ifUnlocked(lock, work);
  if (done === undefined) throw new AppError('model.busy', { path: checkout });
}

async function fetchAll({ files, bytes: total }: DownloadPlan, { hub, signal, onBytes }: FetchParts): Promise<void> {
  let before = 0;
  for (const { file, to } of files) {
    const done = before;
    await fetchFile(file, to, { hub, signal, onBytes: (here) => { onBytes({ done: done + here, total }); } });
    before += file.bytes;
  }
}

/** Of a revision that the host no longer has as the newest one. */
async function dropOthers(checkout: string): Promise<void> {
  const parent = dirname(checkout);
  for (const name of await readdir(parent)) if (name !== basename(checkout)) await rm(join(parent, name), { recursive: true, force: true });
}

/**
 * Converts what was fetched into `out`, which appears whole or not at all, and removes the checkpoint then.
 * @throws AppError `model.notConverted`; the signal's AbortError, and the checkpoint stays
 */
export async function convertModel({ model, checkout, commit }: DownloadPlan, out: string, { bits, ...parts }: ConvertParts): Promise<void> {
  const encoder = model.files.some(({ to }) => to.startsWith('encoder/')) ? join(checkout, 'encoder') : undefined;
  const { kind, name, licence, repository } = model;
  const source = commit === undefined ? repository : `${repository}@${commit}`;
  await exportCheckpoint({ kind, name, licence, source, bits, checkpoint: join(checkout, 'checkpoint'), encoder, out }, parts);
  await rm(dirname(checkout), { recursive: true, force: true });
}
