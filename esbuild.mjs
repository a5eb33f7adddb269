/**
 * Bundles everything that runs: the extension, its engine and compute processes, the command line, the webview, and the
 * suite that tests the extension inside VS Code.
 *
 * usage: node esbuild.mjs [--watch] [--minify]
 */
import { build, context } from 'esbuild';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: { watch: { type: 'boolean' }, minify: { type: 'boolean' } },
});

const shared = {
  bundle: true,
  absWorkingDir: import.meta.dirname,
  logLevel: 'warning',
  metafile: true,
  minify: flags.minify === true,
  sourcemap: flags.minify !== true,
};

// The package is "type": "module" while VS Code and fork want CommonJS, hence .cjs. Bundled code that asks for its own
// place gets the bundle's: import.meta.url is not there in CommonJS.
// jsonc-parser's CommonJS build is UMD, whose parts a bundler cannot follow. Tests and benches bundle threads by the same file.
const host = { ...shared, ...JSON.parse(readFileSync(new URL('scripts/support/hostBundle.json', import.meta.url), 'utf8')) };
const webview = { ...shared, platform: 'browser', format: 'iife', target: 'es2022', loader: { '.ttf': 'dataurl', '.svg': 'dataurl' } };

const suite = filesIn('test/workbench/suite');
const bundles = [
  { ...host, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'] },
  { ...host, entryPoints: ['src/engine/main.ts'], outfile: 'dist/engine.cjs', external: ['onnxruntime-node'] },
  { ...host, entryPoints: ['src/app/computeWorker.ts'], outfile: 'dist/computeWorker.cjs' },
  { ...host, entryPoints: ['src/app/documents/documentWorker.ts'], outfile: 'dist/documentWorker.cjs' },
  { ...host, entryPoints: ['src/app/memory/memoryWorker.ts'], outfile: 'dist/memoryWorker.cjs' },
  { ...host, entryPoints: ['src/backend/serverGuard.ts'], outfile: 'dist/serverGuard.cjs' },
  { ...host, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.cjs', banner: { js: `#!/usr/bin/env node\n${host.banner.js}` } },
  { ...webview, entryPoints: ['webview/review/main.ts'], outfile: 'dist/webview/review.js' },
  { ...webview, entryPoints: ['webview/training/main.ts'], outfile: 'dist/webview/training.js' },
  { ...webview, entryPoints: ['webview/concordance/main.ts'], outfile: 'dist/webview/concordance.js' },
  { ...webview, entryPoints: ['webview/blind/main.ts'], outfile: 'dist/webview/blind.js' },
  { ...host, entryPoints: suite, outdir: 'build/suite', outExtension: { '.js': '.cjs' }, external: ['vscode', 'mocha'], minify: false },
];

if (flags.watch) {
  for (const bundle of bundles) await (await context({ ...bundle, plugins: [announce(bundle)] })).watch();
} else {
  // esbuild prints its errors itself; every bundle is tried, so that one run shows them all.
  for (const result of await Promise.allSettled(bundles.map((bundle) => build(bundle)))) {
    if (result.status === 'fulfilled') printSizes(result.value.metafile);
    else process.exitCode = 1;
  }
}

function filesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`).filter((path) => path.endsWith('.ts')) : [];
}

function printSizes(metafile) {
  for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
    if (!path.endsWith('.map') && path.startsWith('dist/')) console.log(`${(bytes / 1024).toFixed(1).padStart(9)} kB  ${path}`);
  }
}

/** The lines by which .vscode/tasks.json knows that a watch build began and ended. */
function announce(bundle) {
  return {
    name: 'announce',
    setup(builder) {
      builder.onStart(() => console.log(`build started ${bundle.entryPoints[0]}`));
      builder.onEnd(() => console.log(`build finished ${bundle.entryPoints[0]}`));
    },
  };
}
