/** Reads VS Code's command line as far as extension tests use it, and runs them in the browser workbench. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot } from '../../../scripts/support/root.ts';
import { installWorkbench } from '../../../scripts/support/workbenchInstall.ts';
import { runExtensionTests } from './extensionTests.ts';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});
const { extensionDevelopmentPath: extension, extensionTestsPath: tests } = values;
if (typeof extension !== 'string' || typeof tests !== 'string') {
  throw new Error('codeShim runs extension tests: --extensionDevelopmentPath=... --extensionTestsPath=... [FOLDER]');
}
const results = process.env['INTERLINEAR_RESULTS'];
process.exitCode = await runExtensionTests({
  install: await installWorkbench(console.log),
  extension: resolve(extension),
  tests: resolve(tests),
  folder: resolve(positionals[0] ?? extension),
  artifacts: process.env['INTERLINEAR_ARTIFACTS'] ?? inRoot('artifacts/suite'),
  timeoutMs: 300_000,
  ...(results === undefined ? {} : { env: { INTERLINEAR_RESULTS: results } }),
});
