import { join } from 'node:path';
import { sourceKey } from '../../core/evaluation/heldOut.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { readSources } from './jobData.ts';

/** Keys of the sources that a job of this workspace trained on, pairs and replay. */
export async function trainedSources(fs: FileSystem, root: string): Promise<ReadonlySet<string>> {
  const jobs = join(root, '.interlinear', 'jobs');
  const keys = new Set<string>();
  for (const { name } of (await fs.list(jobs)).filter(({ kind }) => kind === 'folder')) {
    for (const path of ['rows.jsonl', 'replay.jsonl'].map((file) => join(jobs, name, file))) {
      if (await fs.stat(path) === undefined) continue;
      for (const { source } of await readSources(fs, path)) keys.add(sourceKey(source));
    }
  }
  return keys;
}
