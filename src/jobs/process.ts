/** Processes that outlive the one that started them. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface DetachedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes stdout and stderr. */
  readonly log: string;
}

export interface Processes {
  /** Starts in a group of its own and returns its id. Rejects if the program cannot be started. */
  start(command: DetachedCommand): Promise<number>;
  alive(pid: number): boolean;
  /** To the whole group; a process that is gone is fine. */
  signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void;
}

export const nodeProcesses: Processes = {
  start: ({ command, args, cwd, env, log }) => new Promise((resolve, reject) => {
    const output = openSync(log, 'a');
    const child = spawn(command, args, { cwd, env: { ...env }, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      // a process has an id once it was spawned
      resolve(child.pid ?? 0);
    });
  }),
  alive: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  },
  signal: (pid, name) => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // it has ended by itself
    }
  },
};
