/** The last part of a rehearsal: the server that will serve takes the rehearsed adapter, translates a line, and lets it go. */
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { adapterRevision, readAdapterFolder } from '../../jobs/adapterFolder.ts';
import { serverBackend } from '../backends.ts';
import { withAdapterAt, type AdapterHost, type HostParts } from './adapterHost.ts';
import { adapterName, trialLine } from './adoptOnServer.ts';
import type { SourceText } from './serving.ts';

export interface ServingRehearsal {
  /** What the server wrote with the adapter. */
  readonly line: string;
}

/** Where the trainer leaves the adapter of a rehearsal. */
export function rehearsedFolder(job: string): string {
  return join(job, 'rehearsed');
}

/**
 * @param parts `job` is the job that was rehearsed; its rehearsed adapter is removed afterwards
 * @throws AppError `trainer.noAdapter` (a run of every weight makes no adapter), `adapter.*`, `backend.*`
 */
export async function rehearseServing(host: AdapterHost, parts: HostParts, trial: SourceText, signal: AbortSignal): Promise<ServingRehearsal> {
  const folder = rehearsedFolder(parts.job);
  try {
    return await withAdapterAt(host, { ...parts, job: folder }, async ({ choice }) => {
      if (choice.kind !== 'server') throw new AppError('trainer.noAdapter', { job: parts.job, state: 'rehearsed without a model of the embedded engine' });
      const backend = serverBackend(choice);
      try {
        const line = await trialLine(backend, trial, signal);
        if (line === '') throw await silent(parts, choice.urls[0] ?? '');
        return { line };
      } finally {
        await backend.dispose();
      }
    }, signal);
  } finally {
    await parts.fs.remove(folder);
  }
}

async function silent({ fs, job }: HostParts, url: string): Promise<AppError> {
  const { path } = await readAdapterFolder(fs, join(rehearsedFolder(job), 'adapter'));
  return new AppError('adapter.noAnswer', { adapter: adapterName(job, await adapterRevision(fs, path)), url, reason: 'its translation of a trial sentence is empty' });
}
