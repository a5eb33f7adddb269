import { fork, type ChildProcess } from 'node:child_process';
import type { Port } from '../protocol/channel.ts';

/** A child process that speaks frames. */
export interface PeerProcess {
  readonly port: Port;
  /** Resolves once, with what is known of the end: signal or exit code, and the last lines of stderr. Never rejects. */
  readonly exited: Promise<string>;
  /** Asks it to end; what does not end within the grace is killed. Idempotent. */
  kill(): void;
}

export type SpawnPeer = () => PeerProcess;

export interface ForkOptions {
  /** The engine's bundle, `dist/engine.cjs`. */
  readonly modulePath: string;
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const graceMs = 2000;
const stderrKept = 2000;

/**
 * Forks a Node module with advanced serialization, which carries typed arrays. Under Electron the child runs as Node; the
 * parent's own flags, such as a debugger's port, are not handed down.
 */
export function forkPeer(options: ForkOptions): PeerProcess {
  const child = fork(options.modulePath, [], {
    serialization: 'advanced',
    execArgv: [...(options.execArgv ?? [])],
    env: { ...process.env, ...options.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const exited = exitOf(child);
  let killing = false;
  return {
    port: childPort(child, exited),
    exited,
    kill: () => {
      if (killing) return;
      killing = true;
      child.kill();
      const hard = setTimeout(() => child.kill('SIGKILL'), graceMs);
      void exited.then(() => { clearTimeout(hard); });
    },
  };
}

/** Posting to a child that is gone does nothing: `onClose` says so. */
export function childPort(child: ChildProcess, exited: Promise<string>): Port {
  return {
    post: (frame) => {
      // Frames are objects; `unknown` in Port is what a receiver must check.
      if (child.connected) child.send(frame as object, () => undefined);
    },
    onFrame: (listener) => { child.on('message', listener); },
    onClose: (listener) => { void exited.then(listener); },
  };
}

function exitOf(child: ChildProcess): Promise<string> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-stderrKept); });
  return new Promise((resolve) => {
    const settle = (what: string): void => { resolve(stderr.trim() === '' ? what : `${what}: ${stderr.trim()}`); };
    child.once('error', (error) => { settle(error.message); });
    child.once('close', (code, signal) => { settle(signal === null ? `exit code ${String(code)}` : `signal ${signal}`); });
  });
}
