import { build } from 'esbuild';
import { inRoot } from '../../../scripts/support/root.ts';

const entries = { computeWorker: 'src/app/computeWorker.ts', documentWorker: 'src/app/documents/documentWorker.ts' } as const;

/** Bundles a thread into `folder`, as esbuild.mjs does it; answers its path. */
export async function bundleThread(name: keyof typeof entries, folder: string): Promise<string> {
  const outfile = `${folder}/${name}.cjs`;
  await build({
    absWorkingDir: inRoot('.'), entryPoints: [entries[name]], outfile,
    bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error',
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}
