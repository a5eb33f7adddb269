/**
 * Adopts an adapter on a running vLLM or SGLang, at each of its addresses: loaded under a name of its own for each version, seen
 * in the server's list, and asked for one translation before anything is recorded. Rolling back needs the registry alone; the old name or
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
  /** Of servers that are one to the user: each takes the adapter, or none does. */
  readonly urls: readonly string[];
  /** The profile that names the server. */
  readonly profile?: string;
  /** The server's base model; undefined: the first that it lists. */
  readonly base: string | undefined;
  /** Opens the server at a URL with a model; it knows what folders here are called there. What is opened here is disposed here. */
  readonly open: (model: string | undefined, url: string) => AdapterServer;
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
  const { fs, workspace, job, because, at, id, urls } = adoption;
  const folder = await readAdapterFolder(fs, join(job, 'adapter'));
  const revision = await adapterRevision(fs, folder.path);
  const name = adapterName(job, revision);
  const gate = await gateOutcome(fs, job, (tested) => tested.model === name);
  if (gate.outcome !== 'passed' && because === undefined) throw new AppError('adapter.notPassed', { adapter: name, outcome: gate.outcome });
  const base = await loadEverywhere(adoption, { name, ...folder }, signal);
  const [url = '', ...others] = urls;
  const record: AdoptedAdapter = {
    act: 'adopt', id, at, adapter: { name, revision }, base, server: { url, ...(others.length > 0 && { others }), model: name, ...(adoption.profile !== undefined && { profile: adoption.profile }) }, job: basename(job), gate, ...(because !== undefined && { because }),
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

/** One address of a server. */
interface AtUrl {
  readonly url: string;
  readonly base: string | undefined;
  readonly open: (model: string | undefined) => AdapterServer;
}

type BaseModel = AdoptedAdapter['base'];

/** Where one address fails, the others let go of the adapter again. Answers the base that the first serves. */
async function loadEverywhere({ urls, base, open, trial }: ServerAdoption, adapter: LoadedAdapter, signal: AbortSignal): Promise<BaseModel> {
  const bases: BaseModel[] = [];
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const url of urls) {
      const at: AtUrl = { url, base, open: (model) => open(model, url) };
      const found = await loadAndTry(at, { adapter, trial }, signal);
      bases.push(found.base);
      if (found.fresh) undo.push(() => unload(at, adapter.name));
    }
  } catch (thrown) {
    for (const back of undo) await back();
    throw thrown;
  }
  const [first] = bases;
  if (first === undefined) throw new AppError('backend.cannot', { url: '', what: 'serve adapters', needs: 'an address' });
  return first;
}

/** What fails after loading is unloaded again, unless it was there before. */
async function loadAndTry(at: AtUrl, { adapter, trial }: { readonly adapter: LoadedAdapter; readonly trial: SourceText }, signal: AbortSignal): Promise<{ readonly base: BaseModel; readonly fresh: boolean }> {
  const server = at.open(at.base);
  try {
    const { model, revision } = await server.describe(signal);
    const fresh = await load(server, at, adapter, signal);
    try {
      await tryIt(server, { ...at, trial }, adapter.name, signal);
    } catch (thrown) {
      if (fresh) await unload(at, adapter.name);
      throw thrown;
    }
    return { base: { name: model, revision }, fresh };
  } finally {
    await server.dispose();
  }
}

/** After a failure: that one is what the person has to know. */
async function unload({ base, open }: AtUrl, name: string): Promise<void> {
  const server = open(base);
  await server.unloadAdapter(name, new AbortController().signal).catch(() => undefined);
  await server.dispose();
}

/** False where it is loaded already, which is fine. @throws AppError `adapter.rank`, `backend.*` */
async function load(server: AdapterServer, { url }: Pick<AtUrl, 'url'>, { name, path, rank }: LoadedAdapter, signal: AbortSignal): Promise<boolean> {
  try {
    await server.loadAdapter({ name, path }, signal);
    return true;
  } catch (thrown) {
    const said = thrown instanceof AppError && thrown.code === 'backend.refused' ? JSON.stringify(thrown.data) : '';
    // the name holds the hash of the weights: what has it is this adapter
    if (/already (?:been )?(?:loaded|exists)/iu.test(said)) return false;
    if (/rank/iu.test(said)) throw new AppError('adapter.rank', { url, rank, said: /rank[^"]*/iu.exec(said)?.[0] ?? '' }, thrown);
    throw thrown;
  }
}

/**
 * Runs `work` with the name under which the server has the job's adapter, and takes it out again: for a gate before adoption.
 * @throws AppError as `adoptOnServer`
 */
export async function withAdapterOnServer<T>(at: Pick<ServerAdoption, 'fs' | 'job'> & AtUrl, work: (name: string) => Promise<T>, signal: AbortSignal): Promise<T> {
  const folder = await readAdapterFolder(at.fs, join(at.job, 'adapter'));
  const name = adapterName(at.job, await adapterRevision(at.fs, folder.path));
  const server = at.open(at.base);
  try {
    const fresh = await load(server, at, { name, ...folder }, signal);
    try {
      return await work(name);
    } finally {
      // what was there before serves already
      if (fresh) await server.unloadAdapter(name, new AbortController().signal).catch(() => undefined);
    }
  } finally {
    await server.dispose();
  }
}

async function tryIt(server: AdapterServer, { url, open, trial }: AtUrl & Pick<ServerAdoption, 'trial'>, name: string, signal: AbortSignal): Promise<void> {
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
