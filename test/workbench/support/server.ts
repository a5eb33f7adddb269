/** Starts VS Code's server (code-server) in a private home, profile and temp folder, and ends all of it again. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkbenchInstall } from '../../../scripts/support/workbenchInstall.ts';
import { quietSettings } from './quietSettings.ts';

/** `disabled`: there is no workspace trust, all is trusted. `restricted`: the folder is not trusted. `granted`: it was asked and granted. */
export type Trust = 'disabled' | 'restricted' | 'granted';

export interface ServerOptions {
  readonly install: WorkbenchInstall;
  /** Folder for the server's log. */
  readonly artifacts: string;
  readonly trust?: Trust;
  /** User settings beside those that keep the workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Reaches the extension host and its children. */
  readonly env?: Readonly<Record<string, string>>;
  /** Packaged extensions to install first. */
  readonly vsix?: readonly string[];
}

export interface Server {
  readonly url: string;
  readonly authority: string;
  /** Private folder of this run, deleted by `stop`. */
  readonly profile: string;
  /** Calls back for each line of the server's log. */
  onLine(listener: (line: string) => void): void;
  stop(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<Server> {
  const profile = makeProfile(options);
  const env = makeEnv(profile, options.env ?? {});
  const { node, entry } = options.install;
  const args = [entry, '--config', '/dev/null', '--user-data-dir', join(profile, 'user'), '--extensions-dir', join(profile, 'extensions')];
  for (const vsix of options.vsix ?? []) execFileSync(node, [...args, '--install-extension', vsix], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const authority = `127.0.0.1:${await freePort()}`;
  args.push('--auth', 'none', '--bind-addr', authority, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened');
  if ((options.trust ?? 'disabled') === 'disabled') args.push('--disable-workspace-trust');
  const child = spawn(node, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const listeners = followLog(child, options.artifacts);
  const stop = makeStop(child, profile);
  const url = `http://${authority}`;
  await waitUntilHealthy(url, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, authority, profile, onLine: (listener) => listeners.push(listener), stop };
}

function makeProfile(options: ServerOptions): string {
  const profile = mkdtempSync(join(tmpdir(), 'interlinear-workbench-'));
  mkdirSync(join(profile, 'user/User'), { recursive: true });
  for (const name of ['extensions', 'tmp', 'chrome']) mkdirSync(join(profile, name));
  mkdirSync(options.artifacts, { recursive: true });
  const settings = { ...quietSettings(options.trust ?? 'disabled'), ...options.settings };
  writeFileSync(join(profile, 'user/User/settings.json'), JSON.stringify(settings));
  return profile;
}

/** A home of its own keeps runs apart; the variables of a VS Code that started this one would confuse the new one. */
function makeEnv(profile: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_TEST_CONTEXT$|NODE_OPTIONS$)/.test(name));
  const temporary = join(profile, 'tmp');
  return {
    ...Object.fromEntries(inherited),
    ...extra,
    HOME: profile,
    XDG_CONFIG_HOME: join(profile, 'config'),
    XDG_DATA_HOME: join(profile, 'data'),
    XDG_RUNTIME_DIR: temporary,
    TMPDIR: temporary,
    EXTENSIONS_GALLERY: '{}',
  };
}

function followLog(child: ChildProcess, artifacts: string): ((line: string) => void)[] {
  const listeners: ((line: string) => void)[] = [];
  const log = createWriteStream(join(artifacts, 'server.log'));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      for (const listener of listeners) listener(line);
    });
  }
  return listeners;
}

function makeStop(child: ChildProcess, profile: string): () => Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  const killNow = (): void => {
    killGroup(child, 'SIGKILL');
    rmSync(profile, { recursive: true, force: true });
  };
  process.once('exit', killNow);
  return async () => {
    killGroup(child, 'SIGTERM');
    await Promise.race([gone, sleep(5000, undefined, { ref: false })]);
    killGroup(child, 'SIGKILL');
    process.removeListener('exit', killNow);
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
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

async function waitUntilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`code-server ended with code ${child.exitCode}; see server.log`);
    const healthy = await fetch(`${url}/healthz`).then((reply) => reply.ok, () => false);
    if (healthy) return;
    await sleep(50);
  }
  throw new Error('code-server did not answer within 30 seconds; see server.log');
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => { if (typeof address === 'object' && address !== null) resolve(address.port); });
    });
  });
}
