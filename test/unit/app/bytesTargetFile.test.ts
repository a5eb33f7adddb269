import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BytesTargetFile } from '../../../src/app/bytesTargetFile.ts';
import { nodeFileSystem } from '../../../src/store/fileSystem.ts';

describe('a target file on disk', () => {
  it('is made with the folder that it is the first file of', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interlinear-target-'));
    try {
      const path = join(folder, 'values-ja', 'strings.xml');
      await new BytesTargetFile(path, nodeFileSystem, 'values-ja/strings.xml').create('こんにちは');
      assert.equal(readFileSync(path, 'utf8'), 'こんにちは');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
