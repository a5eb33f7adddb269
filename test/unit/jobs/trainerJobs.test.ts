import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../src/core/errors.ts';
import { nodeProcesses } from '../../../src/jobs/process.ts';
import { TrainerJobs, type TrainerProgram } from '../../../src/jobs/trainerJobs.ts';
import type { TrainerEvent } from '../../../src/protocol/trainerEvents.ts';
import { nodeFileSystem } from '../../../src/store/fileSystem.ts';

/** A trainer of a few lines: heartbeat, steps, and the behaviour that its first argument names. */
const script = `
import { appendFileSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
const [mode, , , folder] = process.argv.slice(2);
const time = '2026-11-21T09:00:00.000Z';
const tell = (event) => appendFileSync(folder + '/events.jsonl', JSON.stringify({ time, ...event }) + '\\n');
writeFileSync(folder + '/heartbeat', '');
tell({ kind: 'started', stage: 'cpo', pid: process.pid, device: 'cpu', versions: {}, seed: 7 });
if (mode === 'fails') { tell({ kind: 'failed', code: 'tooFewRows', text: '3 rows' }); process.exit(1); }
if (mode === 'dies') process.exit(9);
process.on('SIGTERM', () => { if (mode === 'stubborn') return; tell({ kind: 'checkpoint', step: 5, path: 'checkpoints/checkpoint-5' }); tell({ kind: 'stopped', reason: 'cancelled', step: 5 }); process.exit(0); });
tell({ kind: 'checkpoint', step: 3, path: 'checkpoints/checkpoint-3' });
if (mode === 'quick') { tell({ kind: 'finished', step: 8, seconds: 1, output: 'lora', path: 'adapter' }); process.exit(0); }
setInterval(() => utimesSync(folder + '/heartbeat', new Date(), new Date()), 100);
`;

describe('training jobs', () => {
  let folder = '';
  let shift = 0;
  const jobs = new TrainerJobs({
    files: nodeFileSystem, processes: nodeProcesses, env: process.env, now: () => Date.now() + shift, wait: async (ms) => { await sleep(ms); },
  });
  const program = (mode: string): TrainerProgram => ({ command: process.execPath, args: [join(folder, 'trainer.mjs'), mode], package: folder });
  const never = new AbortController().signal;
  const until = async (reached: (events: readonly TrainerEvent[]) => boolean): Promise<void> => {
    while (!reached(await jobs.events(folder))) await sleep(20);
  };

  before(async () => { folder = await mkdtemp(join(tmpdir(), 'job-')); });
  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await nodeFileSystem.makeFolder(folder);
    await writeFile(join(folder, 'trainer.mjs'), script);
    shift = 0;
  });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  it('are followed to their end, and every event is told once', async () => {
    await jobs.start(folder, program('quick'));
    const told: string[] = [];
    const state = await jobs.follow(folder, (event) => told.push(event.kind), never);
    assert.equal(state.kind, 'finished');
    assert.deepEqual(told, ['started', 'checkpoint', 'finished']);
  });

  it('are found again by another instance, which can follow and cancel within five seconds', async () => {
    await jobs.start(folder, program('patient'));
    await until((events) => events.some(({ kind }) => kind === 'checkpoint'));
    const other = new TrainerJobs({ files: nodeFileSystem, processes: nodeProcesses, env: {}, now: Date.now, wait: async (ms) => { await sleep(ms); } });
    assert.equal((await other.state(folder)).kind, 'running');
    const started = Date.now();
    assert.deepEqual(await other.cancel(folder), { kind: 'cancelled', step: 5 });
    assert.ok(Date.now() - started < 5000);
  });

  it('that do not listen are ended, and their last checkpoint is named', async () => {
    await jobs.start(folder, program('stubborn'));
    await until((events) => events.some(({ kind }) => kind === 'checkpoint'));
    const started = Date.now();
    assert.deepEqual(await jobs.cancel(folder), { kind: 'cancelled', step: 3 });
    assert.ok(Date.now() - started < 6000);
  });

  it('that fail say why', async () => {
    await jobs.start(folder, program('fails'));
    assert.deepEqual(await jobs.follow(folder, () => undefined, never), { kind: 'failed', code: 'tooFewRows', text: '3 rows' });
  });

  it('are lost when the process is gone without a word, and can be started again', async () => {
    await jobs.start(folder, program('dies'));
    assert.equal((await jobs.follow(folder, () => undefined, never)).kind, 'lost');
    await jobs.start(folder, program('quick'));
    const told: string[] = [];
    assert.equal((await jobs.follow(folder, (event) => told.push(event.kind), never)).kind, 'finished');
    assert.deepEqual(told, ['started', 'checkpoint', 'finished'], 'events of the earlier run are not told again');
  });

  it('are lost when another process got their number: the heartbeat is old', async () => {
    await jobs.start(folder, program('patient'));
    await until((events) => events.length > 0);
    shift = 120_000;
    assert.equal((await jobs.state(folder)).kind, 'lost');
    shift = 0;
    await jobs.cancel(folder);
  });

  it('are not started twice', async () => {
    await jobs.start(folder, program('patient'));
    await until((events) => events.length > 0);
    await assert.rejects(jobs.start(folder, program('quick')), (error) => error instanceof AppError && error.code === 'trainer.running');
    await jobs.cancel(folder);
  });

  it('name the program that cannot be started', async () => {
    const missing = { ...program('quick'), command: join(folder, 'no-python') };
    await assert.rejects(jobs.start(folder, missing), (error) => error instanceof AppError && error.code === 'trainer.unavailable');
  });
});
