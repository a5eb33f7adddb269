/** *Set Up Trainer* with every machine that it may meet. pip and venv are real; nvidia-smi, the bad Pythons and the packages' content are fakes. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { trainerPackages } from '../../src/jobs/trainerEnvironment.ts';
import { environmentWithFakeGpu } from './support/fakeGpu.ts';
import { startPackageIndex, type PackageIndex } from './support/packageIndex.ts';
import { patient, toast, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const real = realpathSync(inRoot('.venv/bin/python'));

/** The folder that is the whole PATH of the workbench. */
class Programs {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'bin');
    mkdirSync(this.folder);
  }

  put(name: string, body: string): void {
    writeFileSync(join(this.folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(this.folder, name), 0o755);
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }
}

const picker = (workbench: Workbench) => workbench.page.locator('.quick-input-widget');
const dialog = (workbench: Workbench) => workbench.page.locator('.monaco-dialog-box');

async function choose(workbench: Workbench, label: string): Promise<void> {
  await picker(workbench).locator('.monaco-list-row', { hasText: label }).first().click(patient);
}

/** Runs the command and takes a way; the line says what was found. */
async function setUp(workbench: Workbench, found: string, way: string): Promise<void> {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Interlinear: Set Up Trainer...');
  await workbench.page.getByPlaceholder(found).waitFor(patient);
  await choose(workbench, way);
}

async function answer(workbench: Workbench, label: string): Promise<void> {
  await dialog(workbench).getByRole('button', { name: label, exact: true }).click(patient);
  await dialog(workbench).waitFor({ state: 'detached', ...patient });
}

async function refusesBadPythons(workbench: Workbench, programs: Programs): Promise<void> {
  await setUp(workbench, 'Found: no Python, no uv, no NVIDIA GPU', 'Private environment for the CPU');
  await toast(workbench, 'No Python was found. Install Python 3.10 or later, or uv').waitFor(patient);
  programs.put('python3', 'echo /opt/old/python3; echo 3.8.10; echo 1');
  await setUp(workbench, 'Found: Python 3.8.10, no uv, no NVIDIA GPU', 'Private environment for the CPU');
  await toast(workbench, '/opt/old/python3 (3.8.10)').waitFor(patient);
  programs.put('python3', 'echo /usr/bin/python3; echo 3.12.3; echo 0');
  await setUp(workbench, 'Found: Python 3.12.3, no uv, no NVIDIA GPU', 'Private environment for an NVIDIA GPU');
  await toast(workbench, '(3.12.3, no venv module)').waitFor(patient);
}

/** What would be downloaded, to the byte, and where to; then no. */
async function tellsBeforehand(workbench: Workbench, index: PackageIndex): Promise<string> {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Interlinear: Set Up Trainer...');
  await picker(workbench).locator('.monaco-list-row', { hasText: 'NVIDIA H100 (fake), 81559 MiB, driver 550.54' }).waitFor(patient);
  await workbench.screenshot('set-up-1-ways');
  await choose(workbench, 'Private environment for an NVIDIA GPU');
  await dialog(workbench).getByText(`Download: ${trainerPackages.length} packages, ${(index.bytes / 1e6).toFixed(1)} MB`).waitFor(patient);
  await workbench.screenshot('set-up-2-size');
  const folder = /Where: (.*)/u.exec((await dialog(workbench).locator('.dialog-message-detail').innerText(patient)))?.[1]?.trim() ?? '';
  await answer(workbench, 'Cancel');
  assert.ok(folder.endsWith('trainer') && !existsSync(folder), folder);
  return folder;
}

/** The index does not answer, so that pip is still asking; nothing is asked of the person afterwards. */
async function isCancelledWhileAsking(workbench: Workbench, index: PackageIndex, folder: string): Promise<void> {
  index.silent = true;
  await setUp(workbench, 'NVIDIA H100 (fake)', 'Private environment for an NVIDIA GPU');
  await until('pip asks the index', () => index.asking > 0);
  const asking = toast(workbench, 'Asking the package index how much would be downloaded');
  await asking.getByRole('button', { name: 'Cancel' }).click(patient);
  await until('pip is ended', () => index.asking === 0);
  await asking.waitFor({ state: 'detached', ...patient });
  assert.equal(await dialog(workbench).count(), 0);
  assert.ok(!existsSync(folder));
  index.silent = false;
}

async function startsInstalling(workbench: Workbench): Promise<void> {
  await setUp(workbench, 'NVIDIA H100 (fake)', 'Private environment for an NVIDIA GPU');
  await dialog(workbench).getByText('Download:').waitFor(patient);
  await answer(workbench, 'Install');
}

/** The index keeps a file back, so that the installer is still at work. */
async function isCancelled(workbench: Workbench, index: PackageIndex, folder: string): Promise<void> {
  await setUp(workbench, 'NVIDIA H100 (fake)', 'Private environment for an NVIDIA GPU');
  await dialog(workbench).getByText('Download:').waitFor(patient);
  index.held = true;
  await answer(workbench, 'Install');
  await until('pip waits for a file', () => index.waiting > 0);
  await toast(workbench, /Setting up the trainer.*Collecting|Setting up the trainer.*Downloading/u).waitFor(patient);
  await workbench.screenshot('set-up-3-progress');
  await toast(workbench, 'Setting up the trainer').getByRole('button', { name: 'Cancel' }).click(patient);
  await until('nothing half-made is left', () => !existsSync(folder));
  await toast(workbench, 'Setting up the trainer').waitFor({ state: 'detached', ...patient });
  index.held = false;
}

async function takesAnExisting(workbench: Workbench, python: string, answers: string | RegExp): Promise<void> {
  await setUp(workbench, 'Found: Python', 'An existing Python...');
  await choose(workbench, 'Enter a path...');
  const input = picker(workbench).locator('input').first();
  await workbench.page.locator('.quick-input-message', { hasText: 'Path of a Python' }).waitFor(patient);
  await input.fill(python);
  await workbench.keys('Enter');
  await toast(workbench, answers).waitFor(patient);
}

describe('setting the trainer up', () => {
  it('says what is missing, how much it is, installs after a yes, is cancelled, and takes an existing Python', { timeout: 400_000 }, async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'interlinear-setup-'));
    const programs = new Programs(scratch);
    const index = await startPackageIndex(real, join(scratch, 'wheels'));
    const env = { ...index.env, PATH: programs.folder, VSCODE_CLI: '1' };
    await withWorkbench({ folder: 'test/fixtures/letter', env }, async (workbench) => {
      await refusesBadPythons(workbench, programs);
      programs.put('python3', `exec "${real}" "$@"`);
      environmentWithFakeGpu(scratch);
      const folder = await tellsBeforehand(workbench, index);
      await isCancelledWhileAsking(workbench, index, folder);
      await isCancelled(workbench, index, folder);
      await startsInstalling(workbench);
      await toast(workbench, /is set up, but PyTorch .*\(fake\) does not see NVIDIA H100 \(fake\): it was built for the CPU, or driver 550\.54/u).waitFor(patient);
      assert.ok(existsSync(join(folder, 'interlinear.json')));
      await workbench.screenshot('set-up-4-no-cuda');
      await takesAnExisting(workbench, '/no/such/python', /\/no\/such\/python cannot train/u);
      const bare = join(scratch, 'bare', 'python');
      mkdirSync(join(scratch, 'bare'));
      writeFileSync(bare, `#!/bin/sh\nexec "${real}" -S -I "$@"\n`);
      chmodSync(bare, 0o755);
      await takesAnExisting(workbench, bare, /trl is missing \(wanted 1\.13\.0\)/u);
      programs.remove('nvidia-smi');
      await takesAnExisting(workbench, join(folder, 'bin', 'python'), /The trainer is ready: PyTorch .*\(fake\) on the CPU/u);
      await workbench.screenshot('set-up-5-existing');
    }).finally(() => {
      index.close();
      rmSync(scratch, { recursive: true, force: true });
    });
  });
});
