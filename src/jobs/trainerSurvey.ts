/** What a machine has to train with: Pythons, uv, an NVIDIA GPU, room on the disk. Looks only; nothing is installed. */
import { freeBytesAt } from './freeBytes.ts';
import type { RunCommand } from './runCommand.ts';

export interface FoundPython {
  /** Absolute path of the interpreter. */
  readonly path: string;
  /** `3.12.4`. */
  readonly version: string;
  /** 3.10 or later. */
  readonly usable: boolean;
  /** It can make virtual environments (Debian splits that off into python3-venv). */
  readonly venv: boolean;
}

export interface FoundGpu {
  readonly name: string;
  readonly memoryMiB: number;
  readonly driver: string;
}

export interface TrainerSurvey {
  /** uv's version. */
  readonly uv: string | undefined;
  /** The one to use first. */
  readonly pythons: readonly FoundPython[];
  readonly gpu: FoundGpu | undefined;
  readonly freeBytes: number;
}

const names = ['python3.12', 'python3.13', 'python3.11', 'python3.10', 'python3', 'python'] as const;
const probe = 'import sys, importlib.util as u; print(sys.executable, "%d.%d.%d" % sys.version_info[:3], int(all(map(u.find_spec, ("venv", "ensurepip")))), sep="\\n")';

/** @param folder where the environment shall be, for the room on its disk; it need not exist */
export async function surveyMachine(run: RunCommand, folder: string): Promise<TrainerSurvey> {
  const [uv, gpu, freeBytes, ...pythons] = await Promise.all([findUv(run), findGpu(run), freeBytesAt(folder), ...names.map((name) => probePython(run, name))]);
  const found = pythons.flatMap((python) => python ?? []);
  const distinct = [...new Map(found.map((python) => [python.path, python])).values()];
  return { uv, gpu, freeBytes, pythons: [...distinct.filter(({ usable }) => usable), ...distinct.filter(({ usable }) => !usable)] };
}

/** Undefined: no such program, or no Python. */
export async function probePython(run: RunCommand, command: string): Promise<FoundPython | undefined> {
  const { code, stdout } = await run(command, ['-c', probe]);
  const [path, version, venv] = stdout.split('\n');
  if (code !== 0 || path === undefined || version === undefined) return undefined;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return { path, version, usable: major === 3 && minor >= 10, venv: venv === '1' };
}

async function findUv(run: RunCommand): Promise<string | undefined> {
  const { code, stdout } = await run('uv', ['--version']);
  return code === 0 ? stdout.replace(/^uv\s+/u, '').split(' ')[0] : undefined;
}

/** By the driver's own tool: PyTorch is not there yet. */
async function findGpu(run: RunCommand): Promise<FoundGpu | undefined> {
  const { code, stdout } = await run('nvidia-smi', ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits']);
  const [name, memory, driver] = (stdout.split('\n')[0] ?? '').split(',').map((part) => part.trim());
  if (code !== 0 || name === undefined || memory === undefined || driver === undefined) return undefined;
  return { name, memoryMiB: Number(memory), driver };
}

export interface GpuMemory {
  /** The number by which CUDA knows it. */
  readonly index: string;
  readonly usedMiB: number;
  readonly memoryMiB: number;
}

/** Every NVIDIA GPU of the machine; none where the driver's tool does not answer. */
export async function gpuMemory(run: RunCommand): Promise<readonly GpuMemory[]> {
  const { code, stdout } = await run('nvidia-smi', ['--query-gpu=index,memory.used,memory.total', '--format=csv,noheader,nounits']);
  if (code !== 0) return [];
  return stdout.split('\n').flatMap((line) => {
    const [index, used, total] = line.split(',').map((part) => part.trim());
    return index === undefined || index === '' || total === undefined ? [] : [{ index, usedMiB: Number(used), memoryMiB: Number(total) }];
  });
}
