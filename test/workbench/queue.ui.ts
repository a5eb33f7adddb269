/** Trainings that wait for each other and for a server's GPU. The trainer is real; nvidia-smi and vLLM are fakes: no GPU is here. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { writeJudgmentData } from '../../src/app/training/judgmentData.ts';
import { prepareJob } from '../../src/app/training/prepareJob.ts';
import { nodeFileSystem } from '../../src/store/fileSystem.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../src/store/workspaceStore.ts';
import { environmentWithFakeGpu } from './support/fakeGpu.ts';
import { judgeFolder } from './support/judgedFolder.ts';
import { answered, oneThread, patient, toast, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const training = { timeout: 240_000 };

/** Three jobs that were prepared and never started: one that would take an hour, two of a few steps. */
async function prepared(folder: string): Promise<void> {
  await judgeFolder(folder, 150);
  const data = join(folder, 'data');
  mkdirSync(data);
  await writeJudgmentData(openWorkspaceStore(folder, nodeStoreParts()), nodeFileSystem, { supervised: false, folder: data, version: '0', acceptedOverSeen: false });
  for (const [name, config] of [['long', 'epochs: 1000.0\nstop: {patience: 1000}\n'], ['second', 'max_steps: 12\n'], ['third', 'max_steps: 12\n']] as const) {
    writeFileSync(join(folder, `${name}.yaml`), config);
    await prepareJob(nodeFileSystem, { stage: 'cpo', data, base: inRoot('media/starter-en-ja'), out: join(folder, '.interlinear/jobs', name), config: join(folder, `${name}.yaml`) });
  }
}

/** VS Code closes a picker that loses the keyboard, as it does when a job ends meanwhile: then it is opened again. */
async function pick(workbench: Workbench, command: string, label: string): Promise<void> {
  await until(`${label} is picked`, async () => {
    await workbench.command(command);
    await choose(workbench, label, { timeout: 10_000 });
    return true;
  });
}

async function choose(workbench: Workbench, label: string, timeout = patient): Promise<void> {
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click(timeout);
}

async function show(workbench: Workbench, job: string): Promise<void> {
  await pick(workbench, 'Interlinear: Open Training Dashboard...', job);
  await workbench.page.locator('.tab.active', { hasText: `Training: ${job}` }).waitFor(patient);
}

async function stateIs(workbench: Workbench, state: string, timeout = patient): Promise<void> {
  await workbench.review().locator(`.state[data-state="${state}"]`).waitFor(timeout);
}

const button = (workbench: Workbench, label: string): Promise<void> => workbench.review().getByText(label, { exact: true }).click(patient);

async function stopsTheServerAndQueues(workbench: Workbench, events: () => readonly string[]): Promise<void> {
  await pick(workbench, 'Interlinear: Start Backend...', 'fake vllm');
  await toast(workbench, /"fake vllm" runs at/u).waitFor(patient);
  await pick(workbench, 'Interlinear: Resume Training', 'long');
  await workbench.page.getByPlaceholder(/GPU 0: 70123 of 81559 MiB in use/u).waitFor(patient);
  await workbench.screenshot('queue-1-server');
  await choose(workbench, 'Stop it');
  await until('the server was stopped', () => events().at(-1) === 'stop');
  await toast(workbench, 'Training long').waitFor(patient);
  await pick(workbench, 'Interlinear: Resume Training', 'second');
  await toast(workbench, 'second waits').waitFor(patient);
  await workbench.command('Interlinear: Resume Training'); // the only one that is left
  await toast(workbench, 'third waits').waitFor(patient);
}

/** The one that waits second becomes the first, the other leaves, and a window that is loaded anew knows it. */
async function waits(workbench: Workbench): Promise<void> {
  await show(workbench, 'third');
  await workbench.review().getByText('Number 2 in the queue').waitFor(patient);
  await workbench.review().locator('vscode-button[appearance="primary"]', { hasText: 'Move Up' }).waitFor(patient);
  await workbench.screenshot('queue-2-waiting');
  await button(workbench, 'Move Up');
  await workbench.review().getByText('Number 1 in the queue').waitFor(patient);
  await show(workbench, 'second');
  await workbench.review().getByText('Number 2 in the queue').waitFor(patient);
  await button(workbench, 'Cancel');
  await stateIs(workbench, 'new');
  await show(workbench, 'third');
  await workbench.reload();
  await workbench.review().getByText('Number 1 in the queue').waitFor(training);
}

describe('the queue of trainings', () => {
  it('waits for the GPU, is moved and left, outlives a reload, and gives the server back', { timeout: 600_000 }, async () => {
    const seeded = mkdtempSync(join(tmpdir(), 'interlinear-queue-'));
    await prepared(seeded);
    const log = join(seeded, 'server.log');
    writeFileSync(log, '');
    const events = (): readonly string[] => readFileSync(log, 'utf8').trim().split('\n').map((line) => line.split(' ')[0] ?? '');
    const command = `"${process.execPath}" --import "${import.meta.resolve('tsx')}" "${inRoot('test/workbench/support/fakeVllmProgram.ts')}" "${log}" {port}`;
    const settings = { ...answered, 'interlinear.trainer.python': inRoot('.venv/bin/python'), 'interlinear.backends': [{ name: 'fake vllm', model: 'Qwen3-8B', command }] };
    await withWorkbench({ folder: seeded, settings, env: { ...environmentWithFakeGpu(seeded), ...oneThread } }, async (workbench) => {
      await stopsTheServerAndQueues(workbench, events);
      await waits(workbench);
      await show(workbench, 'long');
      await button(workbench, 'Cancel');
      await stateIs(workbench, 'cancelled');
      await show(workbench, 'third');
      await stateIs(workbench, 'finished', training);
      await until('the server was started again', () => events().filter((event) => event === 'start').length === 2);
      await workbench.screenshot('queue-3-finished');

      await pick(workbench, 'Interlinear: Resume Training', 'second');
      await choose(workbench, 'Put it to sleep');
      await until('the server sleeps', () => events().at(-1) === 'sleep');
      await show(workbench, 'second');
      await stateIs(workbench, 'running', training);
      const { pid } = JSON.parse(workbench.read('.interlinear/jobs/second/run.json').toString()) as { readonly pid: number }; // the product wrote it
      process.kill(pid, 'SIGKILL');
      await stateIs(workbench, 'lost', training);
      await until('the server is awake again', () => events().at(-1) === 'wake');
      assert.deepEqual(events().slice(-2), ['sleep', 'wake']);
    }).finally(() => { rmSync(seeded, { recursive: true, force: true }); });
  });
});
