import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { aptInstall, mayInstall } from './chromium.ts';
import { exec, execOrThrow, which } from './exec.ts';
import { inRoot } from './root.ts';

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const USABLE = 'import sys, ensurepip, venv; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
const ADVICE = 'Python 3.10 or later with its venv module is needed (Debian, Ubuntu: apt-get install python3-venv).';

/** A virtual environment of the repository and the list of packages that belongs into it. */
export interface PythonEnvironment {
  readonly folder: '.venv' | '.venv-bench' | '.venv-servers' | '.venv-comet' | '.venv-align';
  readonly requirements: string;
}

export const trainerEnvironment: PythonEnvironment = { folder: '.venv', requirements: 'trainer/requirements.lock' };
export const benchEnvironment: PythonEnvironment = { folder: '.venv-bench', requirements: 'test/bench/requirements.txt' };

/** Model servers that the contract tests talk to. */
export const serversEnvironment: PythonEnvironment = { folder: '.venv-servers', requirements: 'test/contract/support/requirements.txt' };

/** eflomal, which is built from source: without a C compiler its bench is skipped. */
export const alignEnvironment: PythonEnvironment = { folder: '.venv-align', requirements: 'test/bench/support/align_requirements.txt' };

/** unbabel-comet and mbrs, which ask for an older transformers than the trainer. */
export const cometEnvironment: PythonEnvironment = { folder: '.venv-comet', requirements: 'test/fixtures/scorers/requirements.txt' };

/** The environment's Python; makes the environment if it is missing and installs its list unless that was done last time. */
export async function ensurePython({ folder, requirements }: PythonEnvironment, log: (line: string) => void): Promise<string> {
  const python = process.platform === 'win32' ? inRoot(folder, 'Scripts/python.exe') : inRoot(folder, 'bin/python');
  if (!existsSync(python)) {
    log(`Making the Python environment ${folder} ...`);
    await execOrThrow(await findPython(log), ['-m', 'venv', inRoot(folder)]);
  }
  const hash = createHash('sha256').update(readFileSync(inRoot(requirements))).digest('hex');
  const stamp = inRoot(folder, 'installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    log(`Installing the Python packages of ${requirements} ...`);
    await execOrThrow(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', inRoot(requirements)]);
    writeFileSync(stamp, hash);
  }
  return python;
}

async function findPython(log: (line: string) => void): Promise<string> {
  const found = await firstUsable();
  if (found !== undefined) return found;
  if (!mayInstall()) throw new Error(ADVICE);
  log('Installing python3-venv (apt-get) ...');
  await aptInstall(['python3', 'python3-venv']);
  const installed = await firstUsable('/usr/bin');
  if (installed === undefined) throw new Error(ADVICE);
  return installed;
}

async function firstUsable(folders?: string): Promise<string | undefined> {
  for (const name of CANDIDATES) {
    const path = which(name, folders);
    if (path !== undefined && (await exec(path, ['-c', USABLE])).code === 0) return path;
  }
  return undefined;
}
