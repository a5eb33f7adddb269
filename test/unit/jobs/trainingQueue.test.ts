import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ifUnlocked, withLock } from '../../../src/jobs/machineLock.ts';
import { TrainingQueue, type QueueActs, type ServerHold } from '../../../src/jobs/trainingQueue.ts';
import { nodeFileSystem } from '../../../src/store/fileSystem.ts';

const hold: ServerHold = { profile: 'vllm', how: 'stop', url: 'http://127.0.0.1:8000' };

describe('the queue of trainings', () => {
  let folder = '';
  let gpus: readonly string[] = [];
  const alive = new Set<string>();
  const gone = new Set<string>();
  let log: string[] = [];
  const queue = (): TrainingQueue => new TrainingQueue({
    files: nodeFileSystem, folder, gpus: () => Promise.resolve(gpus), isRunning: (job) => Promise.resolve(alive.has(job)), canStart: (job) => Promise.resolve(!gone.has(job)),
  });
  const acts = (changed: Partial<QueueActs> = {}): QueueActs => ({
    start: (job, slot) => { log.push(`start ${job} on ${slot}`); alive.add(job); return Promise.resolve(); },
    canHold: () => true,
    hold: ({ profile }) => { log.push(`hold ${profile}`); return Promise.resolve(); },
    release: ({ profile }) => { log.push(`release ${profile}`); return Promise.resolve(); },
    onFailure: (job, thrown) => { log.push(`${job ?? 'server'} failed: ${String(thrown)}`); },
    ...changed,
  });
  const waiting = async (): Promise<readonly string[]> => (await queue().read()).waiting.map(({ job }) => job);
  const ended = (job: string): void => { alive.delete(job); };
  const add = async (...jobs: readonly string[]): Promise<void> => { for (const job of jobs) await queue().add(job, []); };

  before(async () => { folder = await mkdtemp(join(tmpdir(), 'queue-')); });
  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    gpus = [];
    log = [];
    alive.clear();
    gone.clear();
  });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  it('lets a second job wait on the CPU, and starts it when the first has ended', async () => {
    await add('a', 'b');
    assert.deepEqual(await queue().advance(acts()), ['a']);
    assert.deepEqual(await queue().advance(acts()), []);
    assert.deepEqual(await waiting(), ['b']);
    ended('a');
    assert.deepEqual(await queue().advance(acts()), ['b']);
    assert.deepEqual(log, ['start a on cpu', 'start b on cpu']);
  });

  it('trains one job a GPU, each on its own', async () => {
    gpus = ['0', '1'];
    await add('a', 'b', 'c');
    await queue().advance(acts());
    ended('a');
    await queue().advance(acts());
    assert.deepEqual(log, ['start a on 0', 'start b on 1', 'start c on 0']);
  });

  it('is another order after a move, shorter after a removal, and the same in a later window', async () => {
    await add('a', 'b', 'c', 'd');
    await queue().advance(acts());
    await queue().moveUp('d');
    await queue().moveUp('b');
    assert.deepEqual(await waiting(), ['b', 'd', 'c']);
    assert.equal(await queue().remove('b'), true);
    assert.equal(await queue().remove('a'), false);
    await add('c', 'a');
    assert.deepEqual(await waiting(), ['d', 'c']);
  });

  it('takes a job back that was cancelled a moment ago', async () => {
    await add('a');
    await queue().advance(acts());
    ended('a');
    await add('a');
    assert.deepEqual(await queue().advance(acts()), ['a']);
  });

  it('goes on after a reboot: what ran is no more, what waited starts', async () => {
    await add('a', 'b');
    await queue().advance(acts());
    alive.clear();
    await writeFile(join(folder, 'training-queue.json.lock'), '4194304000\n');
    assert.deepEqual(await queue().advance(acts()), ['b']);
    assert.deepEqual((await queue().read()).running.map(({ job }) => job), ['b']);
  });

  it('counts a training of the command line, and forgets jobs whose folder is gone', async () => {
    await add('a', 'b');
    assert.deepEqual(await queue().advance(acts(), ['/elsewhere']), []);
    gone.add('a');
    assert.deepEqual(await queue().advance(acts()), ['b']);
    assert.deepEqual(await waiting(), []);
  });

  it('tells of a job that cannot start and goes on with the next', async () => {
    await add('a', 'b');
    const broken = acts({ start: (job, slot) => job === 'a' ? Promise.reject(new Error('no Python')) : acts().start(job, slot) });
    assert.deepEqual(await queue().advance(broken), ['b']);
    assert.deepEqual(log, ['a failed: Error: no Python', 'start b on cpu']);
  });

  it('starts no job twice however many windows look at once', async () => {
    await add('a', 'b');
    await Promise.all(Array.from({ length: 8 }, () => queue().advance(acts())));
    assert.deepEqual(log, ['start a on cpu']);
  });

  it('holds a server for as long as jobs want it and gives it back once', async () => {
    await queue().add('a', [hold]);
    await queue().add('b', [hold]);
    await queue().add('c', []);
    await queue().advance(acts());
    ended('a');
    await queue().advance(acts());
    ended('b');
    await queue().advance(acts());
    assert.deepEqual(log, ['hold vllm', 'start a on cpu', 'hold vllm', 'start b on cpu', 'start c on cpu', 'release vllm']);
    assert.deepEqual((await queue().read()).held, []);
  });

  it('gives a server back after a crash between its end and the start of the trainer', async () => {
    await queue().add('a', [hold]);
    // the window dies while the trainer starts: nothing after that is done by it
    void queue().advance(acts({ start: () => new Promise(() => undefined) }));
    while (log.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await writeFile(join(folder, 'training-queue.json.lock'), '4194304000\n');
    assert.deepEqual((await queue().read()).held, [hold]);
    await queue().remove('a');
    await queue().advance(acts());
    assert.deepEqual(log, ['hold vllm', 'release vllm']);
  });

  it('forgets a server that cannot be started again, and says so', async () => {
    await queue().add('a', [hold]);
    await queue().advance(acts());
    ended('a');
    await queue().advance(acts({ release: () => Promise.reject(new Error('no such program')) }));
    assert.deepEqual(log, ['hold vllm', 'start a on cpu', 'server failed: Error: no such program']);
    assert.deepEqual((await queue().read()).held, []);
  });

  it('waits for the window that can end a server', async () => {
    await queue().add('a', [hold]);
    assert.deepEqual(await queue().advance(acts({ canHold: () => false })), []);
    assert.deepEqual(await queue().advance(acts()), ['a']);
  });

  it('is empty where its file cannot be read', async () => {
    await nodeFileSystem.makeFolder(folder);
    await writeFile(join(folder, 'training-queue.json'), '{"format": 9}');
    assert.deepEqual(await queue().read(), { format: 1, running: [], waiting: [], held: [] });
  });
});

describe('a lock of the machine', () => {
  let folder = '';
  const path = (): string => join(folder, 'lock');
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'lock-')); });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  it('lets one in at a time, and is gone after a failure', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside++;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(path(), work)));
    assert.equal(most, 1);
    await assert.rejects(withLock(path(), () => Promise.reject(new Error('inside'))), /inside/u);
    assert.deepEqual(await readdir(folder), []);
  });

  it('is not waited for where the caller does not want to', async () => {
    await withLock(path(), async () => { assert.equal(await ifUnlocked(path(), () => Promise.resolve('in')), undefined); });
    assert.equal(await ifUnlocked(path(), () => Promise.resolve('in')), 'in');
  });

  it('is taken from a holder that died, that left no name, or that has it for an hour', async () => {
    for (const holder of ['4194304000\n', '', `${process.pid}\n`]) {
      await writeFile(path(), holder);
      const old = new Date(Date.now() - 3_600_000);
      if (holder === `${process.pid}\n`) await utimes(path(), old, old);
      assert.equal(await withLock(path(), () => Promise.resolve('in')), 'in');
    }
  });
});
