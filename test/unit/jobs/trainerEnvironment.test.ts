import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot } from '../../../scripts/support/root.ts';
import { AppError } from '../../../src/core/errors.ts';
import { runCommand, type CommandResult, type RunCommand } from '../../../src/jobs/runCommand.ts';
import { completeEnvironment, planSetUp, setUpEnvironment, trainerPackages, type SetUpPlan } from '../../../src/jobs/trainerEnvironment.ts';
import { probePython, surveyMachine, type TrainerSurvey } from '../../../src/jobs/trainerSurvey.ts';
import { nodeFileSystem } from '../../../src/store/fileSystem.ts';

const survey: TrainerSurvey = { uv: undefined, pythons: [{ path: '/usr/bin/python3', version: '3.11.2', usable: true, venv: true }], gpu: undefined, freeBytes: 1e11 };
const request = { folder: '/storage/trainer', lock: '/ext/trainer/requirements.lock', build: 'nvidia', platform: 'linux' } as const;

const answers = (table: Readonly<Record<string, string>>): RunCommand => (command) => {
  const stdout = table[command];
  const result: CommandResult = { code: stdout === undefined ? undefined : 0, stdout: stdout ?? '', stderr: '' };
  return Promise.resolve(result);
};

const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : thrown;
  }
};

describe('the survey of a machine', () => {
  it('finds usable Pythons first, uv and the GPU', async () => {
    const found = await surveyMachine(answers({
      'uv': 'uv 0.9.1 (abc)', 'nvidia-smi': 'NVIDIA H100, 81559, 570.86\n', 'python3.12': '/opt/py312\n3.12.4\n0', 'python3': '/usr/bin/python3\n3.9.2\n1', 'python': '/usr/bin/python3\n3.9.2\n1',
    }), tmpdir());
    assert.equal(found.uv, '0.9.1');
    assert.deepEqual(found.gpu, { name: 'NVIDIA H100', memoryMiB: 81559, driver: '570.86' });
    assert.deepEqual(found.pythons, [{ path: '/opt/py312', version: '3.12.4', usable: true, venv: false }, { path: '/usr/bin/python3', version: '3.9.2', usable: false, venv: true }]);
    assert.ok(found.freeBytes > 0 && Number.isFinite(found.freeBytes));
  });

  it('knows a program that is not there, and measures room where no folder is yet', async () => {
    assert.equal(await probePython(runCommand, 'no-such-python-3'), undefined);
    assert.ok(Number.isFinite((await surveyMachine(answers({}), join(tmpdir(), 'not', 'there', 'yet'))).freeBytes));
  });
});

describe('the plan of the environment', () => {
  it('names what pyproject.toml needs, whatever it starts from', async () => {
    const project = await readFile(inRoot('trainer/pyproject.toml'), 'utf8');
    const lists = [/^dependencies = \[(.*?)^\]/msu, /^train = (.*)$/mu].map((pattern) => pattern.exec(project)?.[1] ?? '');
    const named = lists.flatMap((list) => [...list.matchAll(/"([a-z0-9-]+)/gu)].map(([, name = '']) => name));
    // sacrebleu measures the starter model when it is made, no stage
    assert.deepEqual(named.filter((name) => name !== 'sacrebleu').sort(), [...trainerPackages]);
  });

  it('uses pip of the Python that was found, with the versions of the lock', () => {
    const { steps, tool, index } = planSetUp(survey, request);
    assert.deepEqual([tool, index], ['pip', undefined]);
    assert.deepEqual(steps[0], { command: '/usr/bin/python3', args: ['-m', 'venv', '/storage/trainer'], what: 'environment' });
    assert.equal(steps[1]?.command, '/storage/trainer/bin/python');
    assert.ok(steps[1].args.includes('/ext/trainer/requirements.lock') && steps[1].args.includes('torch'));
  });

  it('takes PyTorch for the CPU from its own index, but not on macOS', () => {
    assert.ok(planSetUp(survey, { ...request, build: 'cpu' }).steps[1]?.args.includes('torch==2.13.0+cpu'));
    assert.equal(planSetUp(survey, { ...request, build: 'cpu', platform: 'darwin' }).index, undefined);
  });

  it('uses uv where it is, even without any Python', () => {
    const { steps, python } = planSetUp({ ...survey, uv: '0.9.1', pythons: [] }, request);
    assert.equal(python, undefined);
    assert.deepEqual(steps[0]?.args, ['venv', '--python', '3.12', '/storage/trainer']);
  });

  it('says what is missing: no Python, an old one, no venv module, no room', () => {
    const old = [{ path: '/usr/bin/python3', version: '3.8.1', usable: false, venv: true }];
    const bare = [{ path: '/usr/bin/python3', version: '3.11.2', usable: true, venv: false }];
    for (const pythons of [[], old, bare]) assert.equal(codeOf(() => planSetUp({ ...survey, pythons }, request)), 'trainer.noPython');
    assert.equal(codeOf(() => planSetUp({ ...survey, freeBytes: 1e9 }, request)), 'trainer.noSpace');
  });
});

describe('setting the environment up', () => {
  const plan = (folder: string, script: string): SetUpPlan => ({
    folder, build: 'cpu', python: process.execPath, tool: 'pip', index: undefined, bytes: 1, wanted: [],
    steps: [{ command: process.execPath, args: ['-e', script], what: 'packages' }],
  });
  const parts = (signal: AbortSignal, lines: string[] = []): Parameters<typeof setUpEnvironment>[1] => ({ files: nodeFileSystem, run: runCommand, onLine: (line) => { lines.push(line); }, signal });
  const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'trainer-'));
    await use(folder).finally(() => rm(folder, { recursive: true, force: true }));
  };

  it('tells every line, and leaves nothing half-made when the installer fails', () => inFolder(async (folder) => {
    const lines: string[] = [];
    const script = `require('fs').mkdirSync(${JSON.stringify(folder)}, {recursive: true}); console.log('Collecting torch'); console.error('ERROR: no matching distribution'); process.exit(1)`;
    await assert.rejects(setUpEnvironment(plan(folder, script), parts(new AbortController().signal, lines)), (error: AppError) => error.code === 'trainer.setUpFailed' && JSON.stringify(error.data).includes('no matching distribution'));
    assert.deepEqual(lines.sort(), ['Collecting torch', 'ERROR: no matching distribution']);
    assert.ok(!existsSync(folder));
    assert.equal(await completeEnvironment(nodeFileSystem, folder), undefined);
  }));

  it('ends the installer and what it started when it is cancelled', () => inFolder(async (folder) => {
    const controller = new AbortController();
    const child = join(folder, '..', `${Date.now()}.alive`);
    const beat = `setInterval(() => require('fs').writeFileSync(${JSON.stringify(child)}, String(Date.now())), 20)`;
    const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(beat)}], {stdio: 'inherit'}); setInterval(() => {}, 1000)`;
    const settled = assert.rejects(setUpEnvironment(plan(folder, script), parts(controller.signal)), { name: 'AbortError' });
    while (!existsSync(child)) await sleep(20);
    controller.abort();
    await settled;
    const last = await readFile(child, 'utf8');
    await sleep(150);
    assert.equal(await readFile(child, 'utf8'), last);
    await rm(child);
  }));
});
