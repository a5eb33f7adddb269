/** A llama-server that is started by a command line, for as long as it is needed: it takes adapters only when it starts. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BackendProfile } from '../app/backendProfile.ts';
import type { ServerChoice } from '../app/backends.ts';
import type { AdapterHost, BesideServer, HostParts } from '../app/training/adapterHost.ts';
import { ManagedServer } from '../backend/managedServer.ts';
import { systemClock } from '../backend/openai/clock.ts';
import { pythonOf, type Invocation } from './training.ts';

export const llamaOptions = { 'llama-command': { type: 'string' }, 'gguf-python': { type: 'string' } } as const;

export const llamaHelp = `  --llama-command CMD  a command that starts llama-server with the base as GGUF, "{port}" in place of its port: the adapter becomes
                   a GGUF file, and a server of its own is started with it
  --gguf-python PATH  for it: Python with the packages numpy and gguf (default: that of --python)`;

export interface LlamaServer {
  readonly host: Extract<AdapterHost, { readonly kind: 'llama' }>;
  readonly beside: BesideServer;
  /** The base alone. */
  withBase<T>(work: (choice: ServerChoice) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** For `withAdapterAt`. @param job holds the folder `adapter` */
  parts(job: string): HostParts;
}

/** The server of `--llama-command`; undefined: none was named. */
export function llamaOf(invocation: Invocation): LlamaServer | undefined {
  const { parsed, context } = invocation;
  const command = parsed.text('llama-command');
  if (command === undefined) return undefined;
  const profile: BackendProfile = { name: 'llama-server', urls: [], model: '', paths: [], teacher: false, command };
  const server: ServerChoice = { kind: 'server', urls: [], model: undefined };
  const beside: BesideServer = async (given, work, signal) => {
    const managed = new ManagedServer({ command: given.command ?? '' }, { spawn, fetch: globalThis.fetch, clock: systemClock, onLog: (text) => { context.note(text); } });
    try {
      return await work(await managed.start(signal));
    } finally {
      await managed.stop();
    }
  };
  const python = parsed.text('gguf-python') ?? pythonOf(invocation);
  return {
    host: { kind: 'llama', server, profile }, beside,
    withBase: (work, signal) => beside(profile, (url) => work({ ...server, urls: [url] }), signal),
    parts: (job) => ({ fs: context.fs, job, trainer: { python, package: join(context.home, 'trainer'), env: context.env }, besideServer: beside }),
  };
}
