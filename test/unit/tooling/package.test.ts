import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inRoot } from '../../../scripts/support/root.ts';
import { currentTarget, isShipped, runtimePackagePaths } from '../../../scripts/support/vsix.ts';
import { workbenchObstacle } from '../../../scripts/support/workbenchInstall.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

describe('the package', () => {
  it('has only the dependency that is not bundled', () => {
    const { dependencies } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as Manifest;
    assert.deepEqual(Object.keys(dependencies), ['onnxruntime-node']);
  });

  it('finds the binding of every platform that it is made for', () => {
    for (const [platform, arch] of [['linux', 'x64'], ['linux', 'arm64'], ['darwin', 'arm64'], ['win32', 'x64'], ['win32', 'arm64']] as const) {
      const paths = runtimePackagePaths(currentTarget(platform, arch));
      assert.ok(paths.some((path) => path.includes('bin/') && existsSync(inRoot('node_modules', path))), `${platform}-${arch}`);
    }
  });

  it('ships what retraining needs, and nothing that only a working tree needs', () => {
    const shipped = ['trainer/requirements.lock', 'trainer/interlinear_trainer/__main__.py', 'media/starter-en-ja/model.safetensors', 'dist/webview/training.js', 'docs/training.md'];
    for (const path of shipped) assert.ok(isShipped(path), path);
    const left = ['trainer/tests/test_train.py', 'trainer/.mypy_cache/x', 'trainer/interlinear_trainer/__pycache__/a.pyc', 'dist/extension.cjs.map', 'src/extension.ts', '.venv/bin/python'];
    for (const path of left) assert.ok(!isShipped(path), path);
  });

  it('says where it cannot be made or started', () => {
    assert.throws(() => currentTarget('darwin', 'x64'), /darwin-x64/);
    assert.match(workbenchObstacle('win32', 'x64') ?? '', /Linux x64 only; this is win32 x64/);
    assert.equal(workbenchObstacle('linux', 'x64'), undefined);
  });
});
