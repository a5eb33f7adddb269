import { join } from 'node:path';
import { memoryTokens } from '../../core/memory/tokens.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { readSources } from '../training/jobData.ts';

/** A source whatever its case, white space and inline codes: rows of jobs hold it masked. */
export function sourceKey(source: string): string {
  return memoryTokens(source).join(' ');
}

/**
 * Keys of the sources that this workspace holds out and judges adapters by: those of `.interlinear/heldout.jsonl`, and of jobs
 * from before that file. A memory that gave their translations away, as an example in a prompt or as a candidate to learn from,
 * would make the gate's figures worthless.
 */
export async function heldOutSources(fs: FileSystem, root: string): Promise<ReadonlySet<string>> {
  const folder = join(root, '.interlinear');
  const jobs = (await fs.list(join(folder, 'jobs'))).filter(({ kind }) => kind === 'folder').map(({ name }) => join(folder, 'jobs', name));
  const keys = new Set<string>();
  for (const path of [join(folder, 'heldout.jsonl'), ...jobs.flatMap((job) => [join(job, 'heldout.jsonl'), join(job, 'references.jsonl')])]) {
    if (await fs.stat(path) === undefined) continue;
    for (const { source } of await readSources(fs, path)) keys.add(sourceKey(source));
  }
  return keys;
}
