import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** Bundles the thread of documents into `folder`, as esbuild.mjs does it; answers its path. */
export async function bundleDocumentThread(folder: string): Promise<string> {
  const outfile = `${folder}/documentWorker.cjs`;
  await build({
    entryPoints: [fileURLToPath(new URL('../../../src/app/documents/documentWorker.ts', import.meta.url))], outfile,
    bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error',
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}
