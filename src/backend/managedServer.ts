import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { AppError } from '../core/errors.ts';
import { abortError } from '../protocol/channel.ts';
import { parseCommandLine } from './commandLine.ts';
import type { Clock } from './openai/clock.ts';
import type { Fetch } from './openai/http.ts';

export interface ManagedServerOptions {
  /** As the user configured it: `vllm serve MODEL --enable-lora`. `{port}` stands for the port; without it host and port are appended. */
  readonly command: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Asked until one answers 2xx. */
  readonly healthPaths?: readonly string[];
  /** Loading a large model takes minutes. */
  readonly startMs?: number;
  /** Program and arguments that run `serverGuard.ts`; the server's process id is appended. Without it nobody ends the server after a crash of ours. */
  readonly guard?: readonly [string, ...string[]];
}

export interface ManagedServerParts {
  readonly spawn: (program: string, args: readonly string[], options: SpawnOptions) => ChildProcess;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Called for every piece of the server's output, both streams as they come. */
  readonly onLog: (text: string) => void;
  /** The healthy server ended and nobody had asked it to: how (`ended with code 1`). */
  readonly onEnded?: (how: string) => void;
}

const HEALTH_PATHS = ['/health', '/v1/models'];
const START_MS = 15 * 60_000;
const POLL_MS = 500;
const STOP_MS = 10_000;
const LAST_LOG = 2_000;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** Resolves when the process is gone. */
  readonly gone: Promise<string>;
  readonly killAtExit: () => void;
  readonly guard: ChildProcess | undefined;
}

/**
 * A model server that we start: a free port on 127.0.0.1, its log streamed, waited for until healthy, its whole process
 * tree ended with us. The caller has checked that the workspace is trusted. No shell is involved.
 */
export class ManagedServer {
  readonly #options: ManagedServerOptions;
  readonly #parts: ManagedServerParts;
  #running: Running | undefined;
  #starting: Promise<string> | undefined;
  #log = '';
  /** Of the last start: a restarted server is found at the same address. */
  #port: number | undefined;

  constructor(options: ManagedServerOptions, parts: ManagedServerParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Undefined while it does not run. */
  get url(): string | undefined {
    return this.#running?.url;
  }

  /** The base URL once the server is healthy; a second call meanwhile joins the first. @throws AppError `backend.startFailed` with the end of its log, `input.invalid` */
  start(signal: AbortSignal): Promise<string> {
    this.#starting ??= this.#start(signal).finally(() => { this.#starting = undefined; });
    return this.#starting;
  }

  async #start(signal: AbortSignal): Promise<string> {
    if (this.#running !== undefined) return this.#running.url;
    const running = await this.#launch();
    this.#running = running;
    try {
      await this.#untilHealthy(running, signal);
      void running.gone.then((how) => { this.#ended(running, how); });
      return running.url;
    } catch (thrown) {
      await this.stop();
      throw thrown;
    }
  }

  /** Ends the tree: politely, then by force. Idempotent. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#forget(running);
    signalTree(running.child, 'SIGTERM', this.#parts.spawn);
    const cancel = this.#parts.clock.after(STOP_MS, () => { signalTree(running.child, 'SIGKILL', this.#parts.spawn); });
    await running.gone;
    cancel();
    // the leader may be gone before those it started
    signalTree(running.child, 'SIGKILL', this.#parts.spawn);
  }

  #forget(running: Running): void {
    this.#running = undefined;
    process.off('exit', running.killAtExit);
    running.guard?.kill('SIGKILL');
  }

  #ended(running: Running, how: string): void {
    if (this.#running !== running) return;
    this.#forget(running);
    signalTree(running.child, 'SIGKILL', this.#parts.spawn); // what it had started may be left
    this.#parts.onEnded?.(how);
  }

  async #launch(): Promise<Running> {
    this.#port = await freePort(this.#port);
    const port = this.#port.toString();
    this.#log = '';
    const { program, args, env } = parseCommandLine(this.#options.command);
    const named = args.some((arg) => arg.includes('{port}'));
    const given = named ? args.map((arg) => arg.replaceAll('{port}', port)) : [...args, '--host', '127.0.0.1', '--port', port];
    const child = this.#parts.spawn(program, given, {
      ...(this.#options.cwd !== undefined && { cwd: this.#options.cwd }),
      env: { ...process.env, ...this.#options.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32', // a group of its own, so that the group can be ended
      windowsHide: true,
    });
    const killAtExit = (): void => { signalTree(child, 'SIGKILL', this.#parts.spawn); };
    process.once('exit', killAtExit);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => { this.#heard(text); });
    return { child, url: `http://127.0.0.1:${port}`, gone: goneOf(child), killAtExit, guard: this.#guard(child.pid) };
  }

  /** A process that sees our end of its input close, however we end. */
  #guard(pid: number | undefined): ChildProcess | undefined {
    if (pid === undefined || this.#options.guard === undefined) return undefined;
    const [program, ...args] = this.#options.guard;
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const guard = this.#parts.spawn(program, [...args, pid.toString()], { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true, windowsHide: true });
    guard.once('error', () => undefined); // then there is none; the server still ends with an orderly exit of ours
    guard.unref();
    return guard;
  }

  #heard(text: string): void {
    this.#log = (this.#log + text).slice(-LAST_LOG);
    this.#parts.onLog(text);
  }

  async #untilHealthy({ url, gone }: Running, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const deadline = clock.now() + (this.#options.startMs ?? START_MS);
    let ended: string | undefined;
    void gone.then((how) => { ended = how; });
    while (clock.now() < deadline) {
      if (signal.aborted) throw abortError();
      if (await this.#healthy(url, signal)) return;
      if (ended !== undefined) throw this.#failed(`${ended}: ${this.#log.trim()}`);
      await clock.sleep(POLL_MS, signal);
    }
    throw this.#failed(`it did not answer in time: ${this.#log.trim()}`);
  }

  async #healthy(url: string, signal: AbortSignal): Promise<boolean> {
    for (const path of this.#options.healthPaths ?? HEALTH_PATHS) {
      try {
        const reply = await this.#parts.fetch(url + path, { signal });
        await reply.body?.cancel();
        if (reply.ok) return true;
      } catch {
        if (signal.aborted) throw abortError(); // anything else: not there yet
      }
    }
    return false;
  }

  #failed(reason: string): AppError {
    return new AppError('backend.startFailed', { command: this.#options.command, reason });
  }
}

function goneOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => { resolve(error.message); });
    child.once('close', (code, signal) => { resolve(code === null ? `ended by ${String(signal)}` : `ended with code ${code.toString()}`); });
  });
}

function signalTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', spawn: ManagedServerParts['spawn']): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', child.pid.toString(), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // the group is gone already
  }
}

/** A port of 127.0.0.1 that was free a moment ago: the preferred one if it is. */
async function freePort(preferred: number | undefined): Promise<number> {
  const probe = createServer().listen(preferred ?? 0, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (thrown) {
    if (preferred === undefined) throw thrown;
    return freePort(undefined);
  }
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
