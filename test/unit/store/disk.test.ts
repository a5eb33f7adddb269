import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '../../../src/core/errors.ts';
import { nodeFileSystem, storeError } from '../../../src/store/fileSystem.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { buildDraft } from '../support/judgmentBuilders.ts';

const script = fileURLToPath(new URL('./support/appendMany.ts', import.meta.url));
const run = promisify(execFile);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('store on a real disk', () => {
  let root = '';
  before(async () => { root = await mkdtemp(join(tmpdir(), 'interlinear-store-')); });
  after(async () => { await rm(root, { recursive: true, force: true }); });

  it('takes appends of two processes at once, of one reviewer and of two', async () => {
    const workspace = join(root, 'two');
    const count = 40;
    const jobs = ['anna', 'anna', 'bo'].map((reviewer) => run(process.execPath, ['--import', 'tsx', script, workspace, reviewer, String(count)]));
    await Promise.all(jobs);
    const store = openWorkspaceStore(workspace, nodeStoreParts());
    const { events, problems } = await store.journal();
    assert.deepEqual(problems, []);
    assert.equal(new Set(events.map(({ id }) => id)).size, count * 3);
    assert.equal(new Set(events.map(({ writer }) => writer)).size, 3);
    const { sets, skipped } = await store.candidates.load('letter.en.md', 'ja');
    assert.deepEqual([sets.length, skipped], [count * 2, 0]);
  });

  it('keeps every confirmed record when the window is killed', async () => {
    const workspace = join(root, 'killed');
    const child = spawn(process.execPath, ['--import', 'tsx', script, workspace, 'anna', '100000'], { stdio: 'ignore' });
    const store = openWorkspaceStore(workspace, nodeStoreParts());
    let seen = 0;
    while (seen < 20) seen = (await store.journal()).events.length;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const { events, problems } = await openWorkspaceStore(workspace, nodeStoreParts()).journal();
    assert.ok(events.length >= seen);
    assert.deepEqual(problems.filter(({ kind }) => kind !== 'torn'), []);
  });

  it('sees what another window appended after it had read', async () => {
    const workspace = join(root, 'again');
    const [one, two] = [openWorkspaceStore(workspace, nodeStoreParts()), openWorkspaceStore(workspace, nodeStoreParts())];
    for (let index = 1; index <= 3; index += 1) {
      await one.record(buildDraft({ act: 'comment', text: String(index) }));
      assert.equal((await two.journal()).events.length, index);
    }
  });

  it('answers nothing for what is not there, and removes what is not there', async () => {
    const path = join(root, 'none', 'x');
    assert.deepEqual([await nodeFileSystem.read(path), await nodeFileSystem.list(path), await nodeFileSystem.stat(path)], [undefined, [], undefined]);
    await nodeFileSystem.remove(path);
  });

  it('replaces a file as a whole and leaves no draft behind', async () => {
    const folder = join(root, 'replace');
    await mkdir(folder);
    const path = join(folder, 'a.json');
    await nodeFileSystem.writeAtomic(path, bytes('one'));
    await nodeFileSystem.writeAtomic(path, bytes('two'));
    await nodeFileSystem.append(path, bytes('!'));
    await nodeFileSystem.truncate(path, 2);
    assert.equal(await readFile(path, 'utf8'), 'tw');
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
    await assert.rejects(nodeFileSystem.writeAtomic(join(folder, 'taken'), bytes('x')), (thrown) => thrown instanceof AppError && thrown.code === 'store.unwritable');
    assert.deepEqual((await readdir(folder)).sort(), ['a.json', 'taken']);
  });

  it('names a file that stands where the store should be', async () => {
    const workspace = join(root, 'blocked');
    await mkdir(workspace);
    await writeFile(join(workspace, '.interlinear'), 'mine');
    await assert.rejects(
      openWorkspaceStore(workspace, nodeStoreParts()).record(buildDraft({ act: 'comment', text: 'a' })),
      (thrown) => thrown instanceof AppError && thrown.code === 'store.unwritable',
    );
    assert.equal(await readFile(join(workspace, '.interlinear'), 'utf8'), 'mine');
  });

  it('says what the operating system said in its own codes', () => {
    const refusal = (code: string): string => storeError(Object.assign(new Error('x'), { code }), '/p').code;
    assert.deepEqual(
      ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO'].map(refusal),
      ['store.diskFull', 'store.diskFull', 'store.unwritable', 'store.unwritable', 'store.unwritable', 'store.unwritable'],
    );
  });

  it('is full on a device that is full', async (t) => {
    const device = '/dev/full';
    if (await nodeFileSystem.stat(device) === undefined) {
      t.skip('needs /dev/full');
      return;
    }
    await assert.rejects(nodeFileSystem.append(device, bytes('x')), (thrown) => thrown instanceof AppError && thrown.code === 'store.diskFull');
  });
});
