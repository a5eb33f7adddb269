import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, it } from 'node:test';
import { findTests, runNodeTests } from '../../../scripts/support/nodeTests.ts';
import type { SuiteResult } from '../../../scripts/support/results.ts';
import { inRoot, root } from '../../../scripts/support/root.ts';

/** Writes test files into a folder of their own inside the repository, where tsx is found, and runs them. */
async function runFiles(files: Readonly<Record<string, string>>): Promise<SuiteResult> {
  mkdirSync(inRoot('build'), { recursive: true });
  const folder = mkdtempSync(inRoot('build/node-tests-'));
  try {
    for (const [name, code] of Object.entries(files)) writeFileSync(`${folder}/${name}`, `import { describe, it } from 'node:test';\n${code}`);
    const found = findTests(relative(root, folder), '.test.ts');
    assert.equal(found.length, Object.keys(files).length);
    return await runNodeTests(found, { concurrency: 2 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('running test files', () => {
  it('counts every test once and names it by its path', async () => {
    const result = await runFiles({
      'a.test.ts': `describe('outer', () => {
        it('passes', () => undefined);
        it('fails', () => { console.log('a hint'); throw new Error('boom'); });
        it('skips', (t) => { t.skip('needs a GPU'); });
        it('waits', { todo: 'later' }, () => undefined);
        describe('inner', { skip: 'needs a server' }, () => { it('x', () => undefined); });
      });`,
    });
    assert.equal(result.passed, 1);
    assert.deepEqual(result.skips.map(({ reason }) => reason), ['needs a GPU', 'todo: later', 'needs a server']);
    assert.equal(result.failures.length, 1);
    assert.match(result.failures[0]?.test ?? '', /a\.test\.ts > outer > fails$/);
    assert.match(result.failures[0]?.detail ?? '', /boom[^]*a hint/);
  });

  it('fails a file without tests and one that does not load', async () => {
    const result = await runFiles({ 'empty.test.ts': 'void describe; void it;', 'broken.test.ts': "throw new Error('at load');" });
    assert.equal(result.passed, 0);
    assert.deepEqual(result.failures.map(({ detail }) => /holds no test|at load/.exec(detail)?.[0]).sort(), ['at load', 'holds no test']);
  });

  it('fails when there is nothing to run', async () => {
    assert.equal((await runNodeTests([], { concurrency: 1 })).failures.length, 1);
  });
});
