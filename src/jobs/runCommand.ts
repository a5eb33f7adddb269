/** Runs a program to its end, line by line, and ends it with all its children when asked to. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandResult {
  /** Undefined: the program is not there, or could not be started. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Ends the program and what it started; the result then has the code 130. */
  readonly signal?: AbortSignal;
  /** Each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type RunCommand = (command: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;

const grouped = process.platform !== 'win32';

export const runCommand: RunCommand = (command, args, options = {}) => new Promise((resolve) => {
  const { signal, onLine, env } = options;
  const child = spawn(command, args, { detached: grouped, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const abort = (): void => { end(child); };
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const settle = (code: number | undefined): void => {
    signal?.removeEventListener('abort', abort);
    resolve({ code, stdout: output.join('\n'), stderr: errors.join('\n') });
  };
  const [output, errors]: [string[], string[]] = [[], []];
  createInterface({ input: child.stdout }).on('line', (line) => { output.push(line); onLine?.(line); });
  createInterface({ input: child.stderr }).on('line', (line) => { errors.push(line); onLine?.(line); });
  child.once('error', () => { settle(undefined); });
  child.once('close', (code) => { settle(code ?? 130); });
});

function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(grouped ? -child.pid : child.pid, 'SIGTERM');
  } catch {
    // it has ended by itself
  }
}
