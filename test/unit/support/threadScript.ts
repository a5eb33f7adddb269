import { build, type BuildOptions } from 'esbuild';
import { readFileSync } from 'node:fs';
import { inRoot } from '../../../scripts/support/root.ts';

const entries = { computeWorker: 'src/app/computeWorker.ts', documentWorker: 'src/app/documents/documentWorker.ts' } as const;

/** Bundles a thread into `folder`, as esbuild.mjs does it; answers its path. */
export async function bundleThread(name: keyof typeof entries, folder: string): Promise<string> {
  const outfile = `${folder}/${name}.cjs`;
  const host = JSON.parse(readFileSync(inRoot('scripts/support/hostBundle.json'), 'utf8')) as BuildOptions; // read by esbuild.mjs too
  await build({ ...host, absWorkingDir: inRoot('.'), entryPoints: [entries[name]], outfile, logLevel: 'error' });
  return outfile;
}
