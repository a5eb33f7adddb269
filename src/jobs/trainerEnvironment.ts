/** The trainer's private Python environment: planned, told of, made whole or not at all. */
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { readText, writeText, type JobFiles } from './files.ts';
import { checkPython } from './python.ts';
import type { RunCommand } from './runCommand.ts';
import type { TrainerSurvey } from './trainerSurvey.ts';

/** For which processor PyTorch is installed; on macOS there is one build. */
export type TorchBuild = 'nvidia' | 'cpu';

/** As `trainer/pyproject.toml` needs them for its stages; the lock file beside it holds the versions of all. */
export const trainerPackages = [
  'accelerate', 'datasets', 'numpy', 'onnx', 'onnxruntime', 'peft', 'pyyaml', 'safetensors', 'tokenizers', 'torch', 'transformers', 'trl',
] as const;

/**
 * Bytes on the disk when installed. With NVIDIA's libraries 5.5 GB were measured with the versions of the lock on Linux x64; without
 * them it is an estimate. A download is about half of it.
 */
export const installedBytes: Readonly<Record<TorchBuild, number>> = { nvidia: 6e9, cpu: 2e9 };

const cpuIndex = 'https://download.pytorch.org/whl/cpu';

export interface SetUpStep {
  readonly command: string;
  readonly args: readonly string[];
  readonly what: 'environment' | 'packages';
}

export interface SetUpPlan {
  readonly folder: string;
  readonly build: TorchBuild;
  /** The interpreter it is made with; undefined: uv brings one. */
  readonly python: string | undefined;
  readonly tool: 'uv' | 'pip';
  /** Where packages come from beside the usual registry. */
  readonly index: string | undefined;
  /** On the disk when installed: measured once. */
  readonly bytes: number;
  /** What the installer is asked for: constraints, indexes and packages. */
  readonly wanted: readonly string[];
  readonly steps: readonly SetUpStep[];
}

export interface SetUpRequest {
  /** Absolute; replaced if it is there. */
  readonly folder: string;
  /** `trainer/requirements.lock`. */
  readonly lock: string;
  readonly build: TorchBuild;
  readonly platform: NodeJS.Platform;
}

/** @throws AppError `trainer.noPython`, `trainer.noSpace` */
export function planSetUp(survey: TrainerSurvey, request: SetUpRequest): SetUpPlan {
  const { folder, lock, build, platform } = request;
  const bytes = installedBytes[build];
  if (survey.freeBytes < bytes) throw new AppError('trainer.noSpace', { path: folder, needed: bytes, free: survey.freeBytes });
  const python = survey.pythons.find(({ usable, venv }) => usable && (venv || survey.uv !== undefined))?.path;
  if (python === undefined && survey.uv === undefined) throw new AppError('trainer.noPython', { found: describePythons(survey) });
  const tool = survey.uv === undefined ? 'pip' : 'uv';
  // PyTorch's builds for Linux and Windows in the usual registry bring NVIDIA's libraries along.
  const index = build === 'cpu' && platform !== 'darwin' ? cpuIndex : undefined;
  const own = pythonIn(folder, platform);
  const wanted = ['--constraint', lock, ...(index === undefined ? [] : ['--extra-index-url', index]), ...trainerPackages.map((name) => name === 'torch' && index !== undefined ? 'torch==2.13.0+cpu' : name)];
  const steps: readonly SetUpStep[] = tool === 'uv' || python === undefined
    ? [
      { command: 'uv', args: ['venv', '--python', python ?? '3.12', folder], what: 'environment' },
      { command: 'uv', args: ['pip', 'install', '--python', own, '--index-strategy', 'unsafe-best-match', ...wanted], what: 'packages' },
    ]
    : [
      { command: python, args: ['-m', 'venv', folder], what: 'environment' },
      { command: own, args: ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', ...wanted], what: 'packages' },
    ];
  return { folder, build, python, tool, index, bytes, wanted, steps };
}

function describePythons({ pythons }: TrainerSurvey): string {
  return pythons.map(({ path, version, usable }) => `${path} (${version}${usable ? ', no venv module' : ''})`).join(', ');
}

/** Where an environment keeps its interpreter. */
export function pythonIn(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

export interface SetUpParts {
  readonly files: JobFiles;
  readonly run: RunCommand;
  /** Each line that the installer prints. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

const marker = 'interlinear.json';

/**
 * Makes the environment; what was there before is removed first, and a half-made one is removed at the end. What has been
 * downloaded stays in the installer's own cache, so that a second try does not fetch it again.
 * @returns the interpreter
 * @throws AppError `trainer.setUpFailed`, `trainer.unavailable`; an AbortError when it was cancelled
 */
export async function setUpEnvironment(plan: SetUpPlan, { files, run, onLine, signal }: SetUpParts): Promise<string> {
  const { folder } = plan;
  await files.remove(folder);
  try {
    for (const { command, args, what } of plan.steps) {
      const { code, stderr } = await run(command, args, { onLine, signal });
      signal.throwIfAborted();
      if (code !== 0) throw new AppError('trainer.setUpFailed', { step: what, command: [command, ...args.slice(0, 3)].join(' '), reason: lastLine(stderr) });
    }
    const python = pythonIn(folder);
    await checkPython(python);
    await writeText(files, join(folder, marker), `${JSON.stringify({ build: plan.build })}\n`);
    return python;
  } catch (thrown) {
    await files.remove(folder);
    throw thrown;
  }
}

/** The interpreter of an environment that was made to its end. */
export async function completeEnvironment(files: JobFiles, folder: string): Promise<string | undefined> {
  return await readText(files, join(folder, marker)) === undefined ? undefined : pythonIn(folder);
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return lines.findLast((line) => /error/iu.test(line)) ?? lines.at(-1) ?? 'no message';
}

/** What PyTorch sees. Loads it, so this takes some seconds. */
export async function torchDevice(run: RunCommand, python: string): Promise<{ readonly torch: string; readonly gpu: string | undefined } | undefined> {
  const script = 'import torch; c = torch.cuda.is_available(); print(torch.__version__); print(torch.cuda.get_device_name() + " (CUDA " + str(torch.version.cuda) + ")" if c else "")';
  const { code, stdout } = await run(python, ['-c', script]);
  const [torch, gpu] = stdout.split('\n');
  if (code !== 0 || torch === undefined) return undefined;
  return { torch, gpu: gpu === undefined || gpu === '' ? undefined : gpu };
}
