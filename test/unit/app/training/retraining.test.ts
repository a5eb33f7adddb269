import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { curvesOf, thinned } from '../../../../src/app/training/curves.ts';
import { discardJob, listJobs, readJobFacts } from '../../../../src/app/training/jobFacts.ts';
import { readJobData } from '../../../../src/app/training/jobData.ts';
import { writeJudgmentData } from '../../../../src/app/training/judgmentData.ts';
import { preflight } from '../../../../src/app/training/preflight.ts';
import { presetsFor, presetText, shapeOf, withJudge } from '../../../../src/app/training/presets.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { TrainerJobs } from '../../../../src/jobs/trainerJobs.ts';
import { curveNames } from '../../../../src/protocol/training.ts';
import type { TrainerEvent } from '../../../../src/protocol/trainerEvents.ts';
import { openWorkspaceStore, type WorkspaceStore } from '../../../../src/store/workspaceStore.ts';
import { buildDraft, buildSet, hashOf, shownOf } from '../../support/judgmentBuilders.ts';
import { FakeFileSystem, fakeParts } from '../../store/support/memoryFileSystem.ts';

const time = '2026-11-21T09:00:00.000Z';

/** A store in which `count` segments have one text accepted and one rejected. */
async function judged(count: number): Promise<{ readonly fs: FakeFileSystem; readonly store: WorkspaceStore }> {
  const fs = new FakeFileSystem();
  const store = openWorkspaceStore('/ws', fakeParts(fs));
  await fs.writeAtomic('/ws/.interlinear/.gitignore', Buffer.from('jobs/\n'));
  for (let index = 0; index < count; index++) {
    const set = buildSet([`良い訳${index}。`, `悪い訳${index}。`, `見た訳${index}。`], { id: `s${index}`, source: `First${index} second${index} third${index} of all.` });
    const { order, blind, elapsedMs } = shownOf(set);
    const on = { set, shown: { order, blind, elapsedMs } };
    await store.record(buildDraft({ act: 'reject', candidate: hashOf(`悪い訳${index}。`) }, { segment: `s${index}` }), on);
    await store.record(buildDraft({ act: 'accept', candidate: hashOf(`良い訳${index}。`) }, { segment: `s${index}` }), on);
  }
  return { fs, store };
}

describe('data from judgments', () => {
  it('is pairs for preferences, and completions with held-out pairs for supervised training', async () => {
    const { fs, store } = await judged(100);
    const { data: counts } = await writeJudgmentData(store, fs, { supervised: true, folder: '/ws/.interlinear/jobs/j/data', version: '0', acceptedOverSeen: false });
    assert.deepEqual(counts, { pairs: 100, supervised: 100, sources: 100, documents: 1 });
    const data = await readJobData(fs, 'sft', '/ws/.interlinear/jobs/j/data');
    assert.ok(data.split.sources >= 30 && data.split.training === 100 - data.split.sources, JSON.stringify(data.split));
    assert.match(data.rows, /^\{"prompt":"<\|en\|>[^"]*","promptForm":"raw","completion":"良い訳/u);
  });

  it('has more pairs when seen texts count, and none without judgments', async () => {
    const { fs, store } = await judged(3);
    const write = (acceptedOverSeen: boolean): ReturnType<typeof writeJudgmentData> => writeJudgmentData(store, fs, { supervised: false, folder: '/d', version: '0', acceptedOverSeen });
    assert.deepEqual([(await write(false)).data.pairs, (await write(true)).data.pairs], [3, 6]);
    const empty = await judged(0);
    assert.equal((await writeJudgmentData(empty.store, empty.fs, { supervised: false, folder: '/d', version: '0', acceptedOverSeen: false })).data.pairs, 0);
  });
});

describe('the preflight', () => {
  const dataOf = async (count: number): Promise<Awaited<ReturnType<typeof readJobData>>> => {
    const { fs, store } = await judged(count);
    await writeJudgmentData(store, fs, { supervised: false, folder: '/d', version: '0', acceptedOverSeen: false });
    return readJobData(fs, 'cpo', '/d');
  };
  const [standard = assert.fail()] = presetsFor('cpo', false);

  it('counts rows and steps as the trainer will', async () => {
    const counts = preflight(await dataOf(150), shapeOf('cpo', standard));
    assert.equal(counts.training + counts.validation + counts.heldOut, 150);
    assert.ok(counts.heldOutSources >= 30 && counts.validation > 0, JSON.stringify(counts));
    assert.equal(counts.steps, Math.ceil(counts.training / 8) * 3);
  });

  it('says how many judgments are missing', async () => {
    const data = await dataOf(60);
    const thrown = (() => { try { preflight(data, shapeOf('cpo', standard)); return undefined; } catch (error) { return error; } })();
    assert.ok(thrown instanceof AppError && thrown.code === 'trainer.tooFewRows');
    const { rows, needed, missing } = thrown.data as { readonly rows: number; readonly needed: number; readonly missing: number };
    assert.equal(needed, 64);
    assert.ok(missing >= needed - rows && missing < 2 * (needed - rows), JSON.stringify(thrown.data));
  });

  it('knows the limit of steps of a preset, which is YAML', async () => {
    const trial = presetsFor('cpo', true).find(({ id }) => id === 'trial') ?? assert.fail();
    assert.equal(preflight(await dataOf(150), shapeOf('cpo', trial)).steps, 12);
    assert.deepEqual(JSON.parse(presetText(trial)), trial.config);
    const judged = withJudge(trial, { url: 'http://127.0.0.1:8001', model: 'judge', apiKeyEnv: 'KEY', principles: ['Be polite.'] });
    assert.deepEqual(judged.config, { ...trial.config, grpo: { judge: { url: 'http://127.0.0.1:8001', model: 'judge', api_key_env: 'KEY' }, principles: ['Be polite.'] } });
    assert.deepEqual(withJudge(trial, { url: 'u', model: 'm', principles: [] }).config['grpo'], { judge: { url: 'u', model: 'm' } });
    assert.deepEqual(presetsFor('cpo', true).map(({ id }) => id), ['replay', 'standard', 'large', 'trial']);
  });
});

describe('curves', () => {
  const step = (number: number, loss: number): TrainerEvent => ({ kind: 'step', time, step: number, steps: 9, loss, learningRate: 1e-4 });

  it('take the later run where a job was resumed, and leave out what no event has', () => {
    const curves = curvesOf([step(1, 3), step(2, 9), { kind: 'evaluated', time, step: 2, accuracy: 0.5 }, step(2, 2)]);
    assert.deepEqual(curves.loss, [{ step: 1, value: 3 }, { step: 2, value: 2 }]);
    assert.deepEqual(curves.validationAccuracy, [{ step: 2, value: 0.5 }]);
    assert.equal(curves.gpuBytes, undefined);
  });

  it('have one for each measure of a step and an evaluation', () => {
    const whole = JSON.parse(`{"kind":"step","time":"${time}","step":1,"steps":9,${['loss', 'learningRate', 'gradNorm', 'nll', 'replayNll', 'accuracy', 'margin', 'chosenLogP', 'entropy', 'reward', 'gpuBytes'].map((name, at) => `"${name}":${at / 10}`).join()}}`) as TrainerEvent;
    const curves = curvesOf([whole, { kind: 'evaluated', time, step: 1, accuracy: 0.5, chosenLogP: -2, guardNll: 1 }]);
    assert.deepEqual(Object.keys(curves).sort(), [...curveNames].sort());
  });

  it('keep a spike when they are thinned', () => {
    const points = Array.from({ length: 5000 }, (_, index) => ({ step: index, value: index === 2345 ? 99 : index % 2 }));
    const kept = thinned(points, 400);
    assert.ok(kept.length <= 400 && kept.some(({ value }) => value === 99));
    assert.deepEqual(kept, [...kept].sort((a, b) => a.step - b.step));
  });
});

describe('what is known of a job', () => {
  const folder = '/ws/.interlinear/jobs/one';
  const world = async (): Promise<{ readonly fs: FakeFileSystem; readonly facts: (waiting?: readonly string[]) => ReturnType<typeof readJobFacts> }> => {
    const { fs, store } = await judged(0);
    const write = (name: string, value: unknown): Promise<void> => fs.writeAtomic(`${folder}/${name}`, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
    await write('job.json', { format: 1, id: 'one', stage: 'cpo', base: '/models/starter', rows: 'rows.jsonl', dataHash: 'abc', heldOutSources: 30 });
    await write('run.json', { pid: 1, startedAt: 0, eventsBefore: 0 });
    await write('events.jsonl', `${JSON.stringify({ kind: 'finished', time, step: 8, seconds: 1, output: 'lora', path: 'adapter' })}\n`);
    await write('model/manifest.json', '{}');
    await write('job.log', 'a\n 10%\r 99%\nend\n');
    const processes = { start: () => Promise.resolve(1), alive: () => false, signal: () => undefined };
    const jobs = new TrainerJobs({ files: fs, processes, env: {}, now: () => 0, wait: () => Promise.resolve() });
    return { fs, facts: (waiting = []) => readJobFacts({ fs, store, jobs, waiting }, folder) };
  };

  it('says what can be done with it now', async () => {
    const { fs, facts } = await world();
    const { name, actions, log } = await facts();
    assert.deepEqual([name, actions], ['finished', ['gate', 'compare', 'adopt', 'discard', 'openLog']]);
    assert.deepEqual(log, ['a', ' 99%', 'end']);
    await fs.writeAtomic(`${folder}/events.jsonl`, Buffer.from(`${JSON.stringify({ kind: 'stopped', time, reason: 'cancelled', step: 3 })}\n`));
    assert.deepEqual((await facts()).actions, ['resume', 'discard', 'openLog']);
  });

  it('can leave the queue or move up in it while it waits', async () => {
    const { facts } = await world();
    const { name, place, actions } = await facts(['/ws/.interlinear/jobs/zero', folder]);
    assert.deepEqual([name, place, actions], ['waiting', 2, ['cancel', 'moveUp', 'openLog']]);
    assert.ok(!(await facts([folder])).actions.includes('moveUp'));
  });

  it('keeps the figures and drops the weights when it is discarded', async () => {
    const { fs, facts } = await world();
    await discardJob(fs, folder, time);
    assert.deepEqual([(await facts()).name, (await facts()).actions], ['discarded', ['openLog']]);
    assert.deepEqual(fs.find(`${folder}/model/`), []);
    assert.ok((await facts()).events.length > 0);
  });

  it('lists the jobs of a workspace', async () => {
    const { fs } = await world();
    await fs.makeFolder('/ws/.interlinear/jobs/empty');
    assert.deepEqual(await listJobs(fs, '/ws'), [folder]);
  });
});
