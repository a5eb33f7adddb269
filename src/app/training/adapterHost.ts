/**
 * Where a trained adapter can serve, and lending it there for a while: to a gate before anything is adopted, and to a rehearsal
 * before anything is trained. What serves now goes on serving.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { adapterRevision, readAdapterFolder } from '../../jobs/adapterFolder.ts';
import { convertToGguf, createOllamaModel, removeOllamaModel, type Conversion } from '../../jobs/convertAdapter.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { BackendProfile } from '../backendProfile.ts';
import { probeServer, serverBackend, type BackendChoice, type ServerChoice } from '../backends.ts';
import { withLora } from './adoptAsFile.ts';
import { adapterName, withAdapterOnServer } from './adoptOnServer.ts';

export type AdapterHost =
  /** The embedded engine: the job's merged model. */
  | { readonly kind: 'embedded' }
  /** vLLM and SGLang load it while they run. */
  | { readonly kind: 'runtime'; readonly server: ServerChoice }
  /** llama-server is started with it. */
  | { readonly kind: 'llama'; readonly server: ServerChoice; readonly profile: BackendProfile }
  /** Ollama makes a model of it and of its base. */
  | { readonly kind: 'ollama'; readonly server: ServerChoice; readonly program: string };

/** Starts a server from a profile's command beside all others, for as long as `work` runs with its URL. */
export type BesideServer = <T>(profile: BackendProfile, work: (url: string) => Promise<T>, signal: AbortSignal) => Promise<T>;

export interface HostParts {
  readonly fs: FileSystem;
  /** Holds the folder `adapter`. */
  readonly job: string;
  /** For hosts that need a file: Python with numpy and gguf. */
  readonly trainer: Pick<Conversion, 'python' | 'package' | 'env'>;
  readonly besideServer: BesideServer;
}

/** The adapter as something to translate with; its name and revision are what an adoption will record. */
export interface LentAdapter {
  readonly choice: BackendChoice;
  /** Undefined: the model says it itself. */
  readonly identity?: { readonly model: string; readonly revision: string };
}

/** What a profile's server is. @throws AppError `backend.cannot` where adapters cannot be served, and those of the probe */
export async function hostOf(profile: BackendProfile, server: ServerChoice, signal: AbortSignal): Promise<AdapterHost> {
  const { kind, url } = await probeServer(server, signal);
  if (kind === 'vllm' || kind === 'sglang') return { kind: 'runtime', server };
  if (kind === 'ollama') return { kind: 'ollama', server, program: 'ollama' };
  if (kind === 'llama-server' && profile.command !== undefined) return { kind: 'llama', server, profile };
  const needs = kind === 'llama-server' ? 'a "command" in its entry of interlinear.backends, with which it can be started anew' : 'vLLM, SGLang, llama-server or Ollama';
  throw new AppError('backend.cannot', { url, what: 'serve adapters', needs });
}

/** @throws AppError `trainer.noAdapter`, `adapter.notConverted`, `adapter.rank`, `backend.*` */
export async function withAdapterAt<T>(host: AdapterHost, parts: HostParts, work: (lent: LentAdapter) => Promise<T>, signal: AbortSignal): Promise<T> {
  const { fs, job } = parts;
  if (host.kind === 'embedded') {
    const modelFolder = join(job, 'model');
    if (await fs.stat(join(modelFolder, 'manifest.json')) === undefined) throw new AppError('trainer.noAdapter', { job, state: 'without a model folder' });
    return work({ choice: { kind: 'embedded', modelFolder } });
  }
  const { server } = host;
  if (host.kind === 'runtime') {
    const [url = ''] = server.urls;
    const open = (model: string | undefined): ReturnType<typeof serverBackend> => serverBackend({ ...server, urls: [url], model });
    return withAdapterOnServer({ fs, job, url, base: server.model, open }, (name) => work({ choice: { ...server, urls: [url], model: name } }), signal);
  }
  return withFile(parts, async (gguf, identity) => {
    if (host.kind === 'ollama') {
      await createOllamaModel({ program: host.program, name: identity.model, base: server.model ?? '', gguf }, signal);
      return work({ identity, choice: { ...server, model: identity.model } }).finally(() => removeOllamaModel(host.program, identity.model));
    }
    return parts.besideServer(withLora(host.profile, gguf), (url) => work({ identity, choice: { ...server, urls: [url] } }), signal);
  }, signal);
}

/** The adapter as a GGUF file, gone afterwards. */
async function withFile<T>({ fs, job, trainer }: HostParts, work: (gguf: string, identity: { readonly model: string; readonly revision: string }) => Promise<T>, signal: AbortSignal): Promise<T> {
  const { path } = await readAdapterFolder(fs, join(job, 'adapter'));
  const revision = await adapterRevision(fs, path);
  const gguf = join(job, `${revision}.gguf`);
  try {
    await convertToGguf({ ...trainer, adapter: path, out: gguf }, signal);
    return await work(gguf, { model: adapterName(job, revision), revision });
  } finally {
    await rm(gguf, { force: true });
  }
}
