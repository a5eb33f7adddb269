/** Real model servers for the contract tests: llama.cpp's from a wheel, and `transformers serve`. Both run the starter model on the CPU. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import * as v from 'valibot';
import { ManagedServer } from '../../../src/backend/managedServer.ts';
import { systemClock } from '../../../src/backend/openai/clock.ts';
import { execOrThrow } from '../../../scripts/support/exec.ts';
import { ensurePython, serversEnvironment, trainerEnvironment } from '../../../scripts/support/python.ts';
import { inRoot } from '../../../scripts/support/root.ts';

export const starterFolder = inRoot('media/starter-en-ja');
const log = (line: string): void => { console.log(line); };

/** Why a server cannot run here: a test that meets it is skipped with this reason. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

export interface RunningServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Runs the test body, or skips with the reason why its servers are not here. */
export async function withServers(t: TestContext, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    t.skip(error.message);
  }
}

interface LlamaOptions {
  readonly slots: number;
  readonly threads: number;
}

/** llama.cpp's HTTP server with the starter model in float32. @throws Unavailable */
export async function startLlama(options: LlamaOptions): Promise<RunningServer> {
  return start(await llamaCommand(options), {});
}

/** The command of such a server, as a person would write it into a profile. @throws Unavailable */
export async function llamaCommand({ slots, threads }: LlamaOptions): Promise<string> {
  const python = await serversPython();
  const gguf = await starterGguf();
  const script = inRoot('test/contract/support/llama_server.py');
  return `"${python}" "${script}" "${gguf}" {port} ${slots.toString()} 512 ${threads.toString()}`;
}

/** `transformers serve` with the same weights in float32. @throws Unavailable */
export async function startTransformers(): Promise<RunningServer> {
  const servers = await serversPython();
  const trainer = await trainerPython();
  const { stdout } = await execOrThrow(servers, ['-c', 'import site; print(site.getsitepackages()[0])']);
  const cache = inRoot('build/contract/hub');
  mkdirSync(cache, { recursive: true });
  const command = `"${trainer}" -m transformers.cli.transformers serve --device cpu --dtype float32 --host 127.0.0.1 --port {port} "${starterFolder}"`;
  // torch and transformers are the trainer's, the web server is ours
  return start(command, { PYTHONPATH: stdout.trim(), HF_HUB_CACHE: cache, HF_HUB_OFFLINE: '1' });
}

async function start(command: string, env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const parts = { spawn, fetch: globalThis.fetch, clock: systemClock, onLog: () => undefined };
  const server = new ManagedServer({ command, env, startMs: 180_000 }, parts);
  const url = await server.start(new AbortController().signal);
  return { url, stop: () => server.stop() };
}

/** The starter's weights in float32 as GGUF, made once for each revision. @throws Unavailable */
export async function starterGguf(): Promise<string> {
  return made(`${starterRevision()}.gguf`, (path) => convert(serversPython(), 'gguf', path));
}

/** The starter with a float32 graph, for the engine. @throws Unavailable */
export async function starterFloat(): Promise<string> {
  return made(`${starterRevision()}-fp32`, (path) => convert(trainerPython(), 'float_folder', path));
}

async function convert(python: Promise<string>, module: string, out: string): Promise<void> {
  await execOrThrow(await python, ['-m', `interlinear_trainer.convert.${module}`, starterFolder, out], { cwd: inRoot('trainer') });
}

async function made(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = inRoot('build/contract', name);
  mkdirSync(inRoot('build/contract'), { recursive: true });
  if (!existsSync(path)) await make(path);
  return path;
}

function starterRevision(): string {
  const manifest = inRoot('media/starter-en-ja/manifest.json');
  return v.parse(v.object({ revision: v.string() }), JSON.parse(readFileSync(manifest, 'utf8'))).revision;
}

export function serversPython(): Promise<string> {
  return ensurePython(serversEnvironment, log).catch((error: unknown) => { throw unavailable('the model servers cannot be installed', error); });
}

/** The Python with torch and transformers. @throws Unavailable */
export function trainerPython(): Promise<string> {
  return ensurePython(trainerEnvironment, log).catch((error: unknown) => { throw unavailable("the trainer's environment cannot be installed", error); });
}

function unavailable(what: string, error: unknown): Unavailable {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new Unavailable(`${what}: ${first}`);
}
