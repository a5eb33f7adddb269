/** Puts a merged model where the workspace serves it from: whole or not at all. */
import { randomUUID } from 'node:crypto';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Copies `source` to `target` unless it is there; the name appears only when every file has been copied. */
export async function installModel(source: string, target: string): Promise<void> {
  if (await exists(join(target, 'manifest.json'))) return;
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await cp(source, draft, { recursive: true });
    await rename(draft, target);
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true });
    throw thrown;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}
