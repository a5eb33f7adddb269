/**
 * Runs the suite in `test/workbench/suite` inside VS Code's extension host through @vscode/test-electron: in the VS Code
 * that VSCODE_TEST_EXECUTABLE names, else in a downloaded one where there is a display, else in the browser workbench.
 */
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { rmSync } from 'node:fs';
import { inRoot, root } from '../../scripts/support/root.ts';
import { workbenchObstacle } from '../../scripts/support/workbenchInstall.ts';
import { copyFolder } from './support/copyFolder.ts';

const SHIM = inRoot('test/workbench/support/codeShim');

async function findExecutable(): Promise<string> {
  const named = process.env['VSCODE_TEST_EXECUTABLE'];
  if (named !== undefined && named !== '') return named;
  const shimWorks = workbenchObstacle() === undefined;
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  if (!hasDisplay && shimWorks) return SHIM;
  try {
    return await downloadAndUnzipVSCode({ cachePath: inRoot('build/vscode-test') });
  } catch (error) {
    if (!shimWorks) throw error;
    console.log(`VS Code cannot be downloaded (${String(error)}); the browser workbench stands in for it.`);
    return SHIM;
  }
}

const folder = copyFolder('samples', 'interlinear-suite-');
try {
  await runTests({
    vscodeExecutablePath: await findExecutable(),
    extensionDevelopmentPath: root,
    extensionTestsPath: inRoot('build/suite/index.cjs'),
    launchArgs: [folder],
    extensionTestsEnv: { INTERLINEAR_RESULTS: process.env['INTERLINEAR_RESULTS'] ?? inRoot('artifacts/suite/results.json') },
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
