import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { downloadSize } from '../../../src/jobs/downloadSize.ts';
import type { RunCommand } from '../../../src/jobs/runCommand.ts';

const report = (...urls: readonly string[]): string => JSON.stringify({ version: '1', install: urls.map((url) => ({ download_info: { url }, metadata: {} })) });
const runs = (stdout: string, code = 0): RunCommand => () => Promise.resolve({ code, stdout, stderr: '' });
const { signal } = new AbortController();
const plan = { python: '/usr/bin/python3', wanted: ['trl'] };
const answers = (sizes: Readonly<Record<string, number>>): typeof fetch => (url) => {
  const size = sizes[url instanceof Request ? url.url : url.toString()];
  return Promise.resolve(size === undefined ? new Response(null, { status: 401 }) : new Response(null, { headers: { 'content-length': size.toString() } }));
};

describe('what a set-up would download', () => {
  it('is what pip would install, by the sizes that the index tells, wheels on the disk included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'size-'));
    const wheel = join(folder, 'a-1-py3-none-any.whl');
    await writeFile(wheel, 'x'.repeat(40));
    let asked: readonly string[] = [];
    const run: RunCommand = (_, args) => {
      asked = args;
      return runs(report('https://i/b.whl', 'https://i/c.whl', pathToFileURL(wheel).href))('', []);
    };
    assert.deepEqual(await downloadSize(plan, { run, fetch: answers({ 'https://i/b.whl': 100, 'https://i/c.whl': 2 }), signal }), { packages: 3, bytes: 142 });
    assert.ok(asked.includes('--dry-run') && asked.at(-1) === 'trl');
    await rm(folder, { recursive: true });
  });

  it('is not told where pip or the index cannot say it', async () => {
    const fetch = answers({ 'https://i/b.whl': 100 });
    assert.equal(await downloadSize(plan, { run: runs('', 1), fetch, signal }), undefined);
    assert.equal(await downloadSize(plan, { run: runs('no report'), fetch, signal }), undefined);
    assert.equal(await downloadSize(plan, { run: runs(report('https://i/b.whl', 'https://i/private.whl')), fetch, signal }), undefined);
    assert.equal(await downloadSize({ ...plan, python: undefined }, { run: runs(report('https://i/b.whl')), fetch, signal }), undefined);
  });

  it('is no longer asked for when it is cancelled', async () => {
    await assert.rejects(downloadSize(plan, { run: runs(report()), fetch: answers({}), signal: AbortSignal.abort() }), { name: 'AbortError' });
  });
});
