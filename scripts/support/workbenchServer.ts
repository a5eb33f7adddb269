/** Runs code-server with folders of its own, and ends everything that it started. Used by `npm start` and by the tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { execOrThrow } from './exec.ts';
import type { WorkbenchInstall } from './workbenchInstall.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;

export interface ServerFolders {
  readonly user: string;
  readonly extensions: string;
}

export interface ServerLaunch {
  readonly install: WorkbenchInstall;
  readonly folders: ServerFolders;
  readonly port: number;
  /** Further arguments of code-server. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** This process's environment for a server: without the traces of a VS Code or a test runner around us, and without the gallery. */
export function serverEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_TEST_CONTEXT$|NODE_OPTIONS$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{}', ...extra };
}

/** Installs a packaged extension over whatever version is there. */
export async function installExtension(install: WorkbenchInstall, folders: ServerFolders, vsix: string): Promise<void> {
  await execOrThrow(install.node, [...commonArgs(install, folders), '--install-extension', vsix, '--force'], { env: { EXTENSIONS_GALLERY: '{}' } });
}

/** Starts the server on 127.0.0.1 and waits until it answers. */
export async function launchServer(launch: ServerLaunch): Promise<RunningServer> {
  const authority = `127.0.0.1:${launch.port}`;
  const args = [...commonArgs(launch.install, launch.folders), '--bind-addr', authority, '--disable-telemetry', '--disable-update-check'];
  args.push('--disable-getting-started-override', '--ignore-last-opened', ...launch.args);
  const child = spawn(launch.install.node, args, { env: launch.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', launch.onLine);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => { resolve(); });
    child.once('exit', () => { resolve(); });
  });
  const stop = makeStop(child, ended);
  const url = `http://${authority}`;
  const healthy = await Promise.race([answers(url), ended.then(() => false)]);
  if (healthy) return { url, ended, stop };
  await stop();
  throw new Error(`The workbench did not start at ${url}; its log says why.`);
}

export async function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Whether nobody listens on a port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(() => true, () => false);
}

/** Takes a port, 0 any free one, and gives it back. Rejects where it is taken. */
async function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => { if (typeof address === 'object' && address !== null) resolve(address.port); });
    });
  });
}

function commonArgs(install: WorkbenchInstall, folders: ServerFolders): string[] {
  // Without a configuration file code-server writes one into the home folder.
  return [install.entry, '--config', '/dev/null', '--user-data-dir', folders.user, '--extensions-dir', folders.extensions];
}

function makeStop(child: ChildProcess, ended: Promise<void>): () => Promise<void> {
  const killNow = (): void => { killGroup(child, 'SIGKILL'); };
  process.once('exit', killNow);
  return async () => {
    killGroup(child, 'SIGTERM');
    await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    killGroup(child, 'SIGKILL');
    process.removeListener('exit', killNow);
  };
}

/** The server starts extension hosts and terminals: all of its process group ends with it. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

async function answers(url: string): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const healthy = await fetch(`${url}/healthz`).then((reply) => reply.ok, () => false);
    if (healthy) return true;
    await sleep(50);
  }
  return false;
}
