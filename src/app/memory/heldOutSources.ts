import { join } from 'node:path';
import { memoryTokens } from '../../core/memory/tokens.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { readSources } from '../training/jobData.ts';

/** A source whatever its case, white space and inline codes: rows of jobs hold it masked. */
export function sourceKey(source: string): string {
  return memoryTokens(source).join(' ');
}

/**
 * Keys of the sources that this workspace's training jobs hold out and judge adapters by. A memory that gave their
 * translations away, as an example in a prompt or as a candidate to learn from, would make the gate's figures worthless.
 */
export async function heldOutSources(fs: FileSystem, root: string): Promise<ReadonlySet<string>> {
  const jobs = join(root, '.interlinear', 'jobs');
  const keys = new Set<string>();
  for (const { name, kind } of await fs.list(jobs)) {
    if (kind !== 'folder') continue;
    for (const file of ['heldout.jsonl', 'references.jsonl']) {
      const path = join(jobs, name, file);
      if (await fs.stat(path) === undefined) continue;
      for (const { source } of await readSources(fs, path)) keys.add(sourceKey(source));
    }
  }
  return keys;
}
