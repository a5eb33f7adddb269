import type { Backend } from '../backend/backend.ts';
import { EmbeddedBackend } from '../backend/embedded/embeddedBackend.ts';
import { OpenAiBackend, type OpenAiOptions } from '../backend/openai/openAiBackend.ts';
import { isLoopback } from '../backend/openai/endpointUrl.ts';
import type { BackendProbe } from '../backend/probe.ts';
import { gpuMemory, readProgram, serverLoad, type GpuMemory, type ServerLoad } from '../backend/serverLoad.ts';
import type { Provider } from '../protocol/engine.ts';
import type { EngineSupervisor } from '../backend/supervisor.ts';
import { openEngine, type EngineParts } from './engine.ts';

/** A server as it was named by the user. */
export interface ServerChoice extends Pick<OpenAiOptions, 'urls' | 'name' | 'model' | 'apiKey' | 'promptFamily' | 'promptForm' | 'paths'> {
  readonly kind: 'server';
}

/** What translates: the embedded engine with a model folder, or a server. */
export type BackendChoice = { readonly kind: 'embedded'; readonly modelFolder: string; readonly provider?: Provider | undefined } | ServerChoice;

export interface BackendParts extends EngineParts {
  /** Runs embedded models together with others and stays its owner's; absent: a backend has a process of its own. */
  readonly engine?: Pick<EngineSupervisor, 'use'>;
}

/** Builds a backend; nothing is started or sent before it is asked something. */
export function createBackend(choice: BackendChoice, parts: BackendParts): Backend {
  if (choice.kind === 'server') return serverBackend(choice);
  const { engine: shared } = parts;
  const engine = shared === undefined ? openEngine(parts) : { use: shared.use.bind(shared), dispose: () => Promise.resolve() };
  return new EmbeddedBackend(engine, choice.modelFolder, choice.provider);
}

/** True when text sent to this URL does not leave the machine. */
export function staysHere(url: string): boolean {
  return isLoopback(url);
}

/** Asks a server what it is and what it can do. @throws AppError `backend.*` */
export async function probeServer(choice: ServerChoice, signal: AbortSignal): Promise<BackendProbe> {
  const backend = serverBackend(choice);
  try {
    return await backend.probe(signal);
  } finally {
    await backend.dispose();
  }
}

/** What *Backend Status* shows of a server: the probe, how busy it is, and the GPUs where it runs here. @throws AppError `backend.*` */
export async function serverStatus(choice: ServerChoice, signal: AbortSignal): Promise<{ probe: BackendProbe; load: ServerLoad | undefined; gpus: readonly GpuMemory[] | undefined }> {
  const probe = await probeServer(choice, signal);
  const [load, gpus] = await Promise.all([serverLoad(probe.url, globalThis.fetch, signal), gpusOf(choice.urls)]);
  return { probe, load, gpus };
}

/** Memory of this machine's GPUs, which says nothing of a server elsewhere. Undefined there, and without nvidia-smi. */
export async function gpusOf(urls: readonly string[]): Promise<readonly GpuMemory[] | undefined> {
  return urls.every(isLoopback) ? gpuMemory(readProgram) : undefined;
}

/** A server with what it can do beyond translating: adapters. */
export function serverBackend({ kind: _, model, ...choice }: ServerChoice): OpenAiBackend {
  return new OpenAiBackend({ ...choice, model: model === '' ? undefined : model });
}
