/**
 * Adopts an adapter on a running vLLM or SGLang: loaded under a name of its own for each version, seen in the server's
 * list, and asked for one translation before anything is recorded. Rolling back needs the registry alone; the old name or
 * the base still serves.
 */
import { basename, join } from 'node:path';
import type { Backend } from '../../backend/backend.ts';
import type { BackendProbe } from '../../backend/probe.ts';
import { AppError } from '../../core/errors.ts';
import { AdapterRegistry, type AdoptedAdapter } from '../../jobs/adapterRegistry.ts';
import { adapterRevision, readAdapterFolder } from '../../jobs/adapterFolder.ts';
import { modelNames } from '../../backend/openai/modelNames.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { serverBackend, type ServerChoice } from '../backends.ts';
import { gateOutcome } from './adoptAdapter.ts';
import type { SourceText } from './serving.ts';

/** A server that can take adapters while it runs. */
export interface AdapterServer extends Pick<Backend, 'describe' | 'generate' | 'dispose'> {
  loadAdapter(adapter: { readonly name: string; readonly path: string }, signal: AbortSignal): Promise<void>;
  unloadAdapter(name: string, signal: AbortSignal): Promise<void>;
  probe(signal: AbortSignal): Promise<BackendProbe>;
}

export interface ServerAdoption {
  readonly fs: FileSystem;
  readonly workspace: string;
  readonly job: string;
  readonly url: string;
  /** The profile that names the server. */
  readonly profile?: string;
  /** The server's base model; undefined: the first that it lists. */
  readonly base: string | undefined;
  /** Opens the server with a model; it knows what folders here are called there. What is opened here is disposed here. */
  readonly open: (model: string | undefined) => AdapterServer;
  /** Translated once to see that the adapter answers. */
  readonly trial: SourceText;
  readonly because?: string;
  readonly at: string;
  readonly id: string;
}

/**
 * @throws AppError `trainer.noAdapter` (the folder is gone or not finished), `adapter.notPassed`, `adapter.rank`,
 * `adapter.noAnswer`, `backend.cannot`, `backend.notVisible`, `backend.refused`
 */
export async function adoptOnServer(adoption: ServerAdoption, signal: AbortSignal): Promise<AdoptedAdapter> {
  const { fs, workspace, job, because, at, id, url } = adoption;
  const folder = await readAdapterFolder(fs, join(job, 'adapter'));
  const revision = await adapterRevision(fs, folder.path);
  const name = adapterName(job, revision);
  const gate = await gateOutcome(fs, job, (tested) => tested.model === name);
  if (gate.outcome !== 'passed' && because === undefined) throw new AppError('adapter.notPassed', { adapter: name, outcome: gate.outcome });
  const base = await loadAndTry(adoption, { name, ...folder }, signal);
  const record: AdoptedAdapter = {
    act: 'adopt', id, at, adapter: { name, revision }, base, server: { url, model: name, ...(adoption.profile !== undefined && { profile: adoption.profile }) }, job: basename(job), gate, ...(because !== undefined && { because }),
  };
  await new AdapterRegistry(workspace, fs).adopt(record);
  return record;
}

/**
 * The server with the adapter that the workspace has adopted there as its model. A server that was started anew has forgotten it:
 * it is loaded again from its job. @throws AppError `adapter.missing` when the job's folder is gone, and those of loading
 */
export async function withAdoptedModel(fs: FileSystem, workspace: string, server: ServerChoice): Promise<ServerChoice> {
  const adopted = await new AdapterRegistry(workspace, fs).adoptedAt(server.urls, server.name);
  if (adopted === undefined) return server;
  const signal = new AbortController().signal;
  for (const url of server.urls) {
    const names = await modelNames(url, server.apiKey, globalThis.fetch);
    // Ollama's names have a tag
    if (names.includes(adopted.model) || names.includes(`${adopted.model}:latest`)) continue;
    await onServer(server, url, async (client) => {
      const path = join(workspace, '.interlinear', 'jobs', adopted.job, 'adapter');
      const folder = await readAdapterFolder(fs, path).catch((thrown: unknown) => { throw new AppError('adapter.missing', { adapter: adopted.model, path }, thrown); });
      await load(client, { url }, { name: adopted.model, ...folder }, signal);
    });
  }
  return { ...server, model: adopted.model };
}

async function onServer(server: ServerChoice, url: string, work: (client: AdapterServer) => Promise<void>): Promise<void> {
  const client = serverBackend({ ...server, urls: [url] });
  try {
    await work(client);
  } finally {
    await client.dispose();
  }
}

/** A name for each version: the same name again could serve cached blocks of the old one. */
export function adapterName(job: string, revision: string): string {
  return `${basename(job).replace(/[^\w.-]+/gu, '-')}-${revision}`;
}

interface LoadedAdapter {
  readonly name: string;
  readonly path: string;
  readonly rank: number;
}

/** The base that the server serves. What fails after loading is unloaded again. */
async function loadAndTry(adoption: ServerAdoption, adapter: LoadedAdapter, signal: AbortSignal): Promise<{ readonly name: string; readonly revision: string }> {
  const server = adoption.open(adoption.base);
  try {
    const { model, revision } = await server.describe(signal);
    await load(server, adoption, adapter, signal);
    try {
      await tryIt(server, adoption, adapter.name, signal);
    } catch (thrown) {
      await server.unloadAdapter(adapter.name, signal).catch(() => undefined); // what failed first is what the person has to know
      throw thrown;
    }
    return { name: model, revision };
  } finally {
    await server.dispose();
  }
}

/** Loading what is loaded already is fine. @throws AppError `adapter.rank`, `backend.*` */
async function load(server: AdapterServer, { url }: Pick<ServerAdoption, 'url'>, { name, path, rank }: LoadedAdapter, signal: AbortSignal): Promise<void> {
  try {
    await server.loadAdapter({ name, path }, signal);
  } catch (thrown) {
    const said = thrown instanceof AppError && thrown.code === 'backend.refused' ? JSON.stringify(thrown.data) : '';
    // the name holds the hash of the weights: what has it is this adapter
    if (/already (?:been )?(?:loaded|exists)/iu.test(said)) return;
    if (/rank/iu.test(said)) throw new AppError('adapter.rank', { url, rank, said: /rank[^"]*/iu.exec(said)?.[0] ?? '' }, thrown);
    throw thrown;
  }
}

/**
 * Runs `work` with the name under which the server has the job's adapter, and takes it out again: for a gate before adoption.
 * @throws AppError as `adoptOnServer`
 */
export async function withAdapterOnServer<T>(at: Pick<ServerAdoption, 'fs' | 'job' | 'url' | 'base' | 'open'>, work: (name: string) => Promise<T>, signal: AbortSignal): Promise<T> {
  const folder = await readAdapterFolder(at.fs, join(at.job, 'adapter'));
  const name = adapterName(at.job, await adapterRevision(at.fs, folder.path));
  const server = at.open(at.base);
  try {
    await load(server, at, { name, ...folder }, signal);
    try {
      return await work(name);
    } finally {
      await server.unloadAdapter(name, new AbortController().signal).catch(() => undefined); // it may serve already, or the server is gone
    }
  } finally {
    await server.dispose();
  }
}

async function tryIt(server: AdapterServer, { url, open, trial }: ServerAdoption, name: string, signal: AbortSignal): Promise<void> {
  const { models } = await server.probe(signal);
  if (!models.some((model) => model.id === name)) throw new AppError('adapter.noAnswer', { adapter: name, url, reason: 'the server does not list it' });
  const adapted = open(name);
  try {
    if (await trialLine(adapted, trial, signal) === '') throw new AppError('adapter.noAnswer', { adapter: name, url, reason: 'its translation of a trial sentence is empty' });
  } finally {
    await adapted.dispose();
  }
}

/** The likeliest translation of a sentence; empty: it writes nothing. @throws AppError `backend.*` */
export async function trialLine(backend: Pick<Backend, 'describe' | 'generate'>, trial: SourceText, signal: AbortSignal): Promise<string> {
  const { defaults } = await backend.describe(signal);
  const request = { ...trial, segmentKey: 'trial', sampling: { n: 1, temperature: 0, topP: 1, topK: 0, maxTokens: defaults.maxTokens }, seed: 1 };
  const { texts } = await backend.generate(request, () => undefined, signal);
  return (texts[0]?.text ?? '').trim();
}
