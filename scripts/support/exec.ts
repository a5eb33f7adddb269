import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './root.ts';

export interface ExecOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called for every chunk of standard output and standard error, for live progress. */
  readonly onOutput?: (text: string) => void;
}

export interface ExecResult {
  /** Exit code; a process ended by a signal or one that could not start has 128. */
  readonly code: number;
  readonly stdout: string;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** Runs a program without a shell and collects what it prints. Never rejects: a program that cannot start is a result too. */
export async function exec(command: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let output = '';
  const collect = (text: string): void => {
    output += text;
    options.onOutput?.(text);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    collect(text);
  });
  child.stderr.setEncoding('utf8').on('data', collect);
  try {
    const [code] = (await once(child, 'close')) as [number | null]; // node's documented signature of 'close'
    return { code: code ?? 128, stdout, output };
  } catch (error) {
    return { code: 128, stdout, output: `${command}: ${String(error)}\n` };
  }
}

/** As `exec`, but throws with the last lines of the output when the program fails. */
export async function execOrThrow(command: string, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const result = await exec(command, args, options);
  if (result.code === 0) return result;
  const tail = result.output.trimEnd().split('\n').slice(-25).join('\n');
  throw new Error(`${[command, ...args].join(' ')} ended with code ${result.code.toString()}:\n${tail}`);
}

/** The path of a program on the PATH, or undefined. */
export function which(program: string, path = process.env['PATH'] ?? ''): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const candidates = path.split(delimiter).flatMap((folder) => endings.map((ending) => join(folder, program + ending)));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
