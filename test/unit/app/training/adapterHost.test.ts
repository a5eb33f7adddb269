/** Lending an adapter to a gate, on fakes of vLLM, llama-server and Ollama; the converter is a script. No model runs. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BackendProfile } from '../../../../src/app/backendProfile.ts';
import type { ServerChoice } from '../../../../src/app/backends.ts';
import { hostOf, withAdapterAt, type AdapterHost, type HostParts, type LentAdapter } from '../../../../src/app/training/adapterHost.ts';
import { rehearseServing } from '../../../../src/app/training/rehearseServing.ts';
import { withAdoptedModel } from '../../../../src/app/training/adoptOnServer.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { AdapterRegistry } from '../../../../src/jobs/adapterRegistry.ts';
import { nodeFileSystem } from '../../../../src/store/fileSystem.ts';
import { fakeLoraServer } from '../../support/fakeLoraServer.ts';
import { FakeOpenAi, json, stopFakes } from '../../support/fakeOpenAi.ts';

const never = new AbortController().signal;
const at = (url: string): ServerChoice => ({ kind: 'server', urls: [url], name: 'box', model: 'Qwen3-8B' });
const profile = (command?: string): BackendProfile => ({ name: 'box', urls: [], model: '', paths: [], teacher: false, command });
const fails = (code: string) => (error: unknown): boolean => error instanceof AppError && error.code === code;

describe('lending an adapter', { skip: process.platform === 'win32' ? 'the fakes are shell scripts' : false }, () => {
  let folder = '';
  const job = (): string => join(folder, '.interlinear', 'jobs', 'job');
  const started: string[] = [];
  const parts = (): HostParts => ({
    fs: nodeFileSystem, job: job(), trainer: { python: join(folder, 'python'), package: '/trainer', env: process.env },
    besideServer: async (given, work) => { started.push(given.command ?? ''); return work('http://127.0.0.1:9'); },
  });
  const lent = (host: AdapterHost, look: (adapter: LentAdapter) => void = () => undefined): Promise<LentAdapter> => withAdapterAt(host, parts(), (adapter) => { look(adapter); return Promise.resolve(adapter); }, never);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'host-'));
    await nodeFileSystem.makeFolder(join(job(), 'adapter'));
    for (const [name, text] of [['adapter_config.json', '{"r":8}'], ['adapter_model.safetensors', 'weights'], ['interlinear.json', '{}']] as const) await writeFile(join(job(), 'adapter', name), text);
    for (const [name, body] of [['python', 'echo converted > "$4"'], ['ollama', `echo "$1 $2" >> '${join(folder, 'calls')}'`]] as const) {
      await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
      await chmod(join(folder, name), 0o755);
    }
  });
  after(async () => { await rm(folder, { recursive: true, force: true }); });
  afterEach(stopFakes);

  it('knows how a server takes adapters, and says when it cannot', async () => {
    const kinds = async (answers: ConstructorParameters<typeof FakeOpenAi>[0], command?: string): Promise<string> => (await hostOf(profile(command), at((await new FakeOpenAi(answers).start()).url), never)).kind;
    assert.equal((await hostOf(profile(), at((await fakeLoraServer()).server.url), never)).kind, 'runtime');
    assert.equal(await kinds({ '/api/version': (_, response) => { json(response, { version: '0.33' }); } }), 'ollama');
    const llama = { '/props': (_: unknown, response: Parameters<typeof json>[0]): void => { json(response, { total_slots: 1 }); } };
    assert.equal(await kinds(llama, 'llama-server -m base.gguf'), 'llama');
    await assert.rejects(kinds(llama), fails('backend.cannot'));
    await assert.rejects(kinds({}), fails('backend.cannot'));
  });

  it('loads it under its own name into vLLM for as long as it is wanted', async () => {
    const { server, loaded } = await fakeLoraServer();
    const { choice } = await lent({ kind: 'runtime', server: at(server.url) }, ({ choice: now }) => {
      assert.ok(now.kind === 'server' && loaded.has(now.model ?? ''));
    });
    assert.ok(choice.kind === 'server' && /^job-[0-9a-f]{12}$/u.test(choice.model ?? ''));
    assert.equal(loaded.size, 0);
  });

  it('starts a llama-server of its own with the file, which is gone afterwards', async () => {
    const host = { kind: 'llama', server: at('http://127.0.0.1:8'), profile: profile('llama-server -m base.gguf') } as const;
    const { choice, identity } = await lent(host);
    assert.ok(choice.kind === 'server' && choice.urls[0] === 'http://127.0.0.1:9');
    assert.match(identity?.model ?? '', /^job-[0-9a-f]{12}$/u);
    assert.match(started.at(-1) ?? '', /^llama-server -m base\.gguf --lora ".*\.gguf"$/u);
    assert.deepEqual((await readdir(job())).sort(), ['adapter']);
  });

  it('makes a model of Ollama and removes it, even when the work fails', async () => {
    const host = { kind: 'ollama', server: at('http://127.0.0.1:8'), program: join(folder, 'ollama') } as const;
    await assert.rejects(withAdapterAt(host, parts(), () => Promise.reject(new Error('the gate failed')), never), /the gate failed/u);
    const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
    assert.match(calls.join(), /^create (job-[0-9a-f]{12}),rm \1$/u);
    assert.deepEqual((await readdir(job())).sort(), ['adapter']);
  });

  it('of the embedded engine needs a merged model', async () => {
    await assert.rejects(lent({ kind: 'embedded' }), fails('trainer.noAdapter'));
    await nodeFileSystem.makeFolder(join(job(), 'model'));
    await writeFile(join(job(), 'model', 'manifest.json'), '{}');
    assert.deepEqual((await lent({ kind: 'embedded' })).choice, { kind: 'embedded', modelFolder: join(job(), 'model') });
  });

  it('to a rehearsal: loaded, used for a line, unloaded, and nothing of it is left', async () => {
    const rehearsed = join(job(), 'rehearsed');
    const leave = async (): Promise<void> => {
      await nodeFileSystem.makeFolder(join(rehearsed, 'adapter'));
      for (const name of ['adapter_config.json', 'adapter_model.safetensors', 'interlinear.json']) await writeFile(join(rehearsed, 'adapter', name), await readFile(join(job(), 'adapter', name)));
    };
    const trial = { source: 'Hello.', sourceLanguage: 'en', targetLanguage: 'ja' };
    const events: string[] = [];
    await leave();
    const { server } = await fakeLoraServer({ onEvent: (event) => { events.push(event); } });
    assert.match((await rehearseServing({ kind: 'runtime', server: at(server.url) }, parts(), trial, never)).line, /^\d+-0$/u);
    assert.match(events.join(), /^load (rehearsed-[0-9a-f]{12}),unload \1$/u);
    assert.equal(await nodeFileSystem.stat(rehearsed), undefined);
    await leave();
    const silent = await fakeLoraServer({ chat: (_, response) => { json(response, { choices: [{ index: 0, message: { content: '' }, finish_reason: 'stop' }] }); } });
    await assert.rejects(rehearseServing({ kind: 'runtime', server: at(silent.server.url) }, parts(), trial, never), fails('adapter.noAnswer'));
    assert.deepEqual([silent.loaded.size, await nodeFileSystem.stat(rehearsed)], [0, undefined]);
    await assert.rejects(rehearseServing({ kind: 'runtime', server: at(server.url) }, parts(), trial, never), fails('trainer.noAdapter'));
  });

  it('an adopted one is loaded again where the server has forgotten it, whatever its address is by now', async () => {
    const record = { act: 'adopt', at: 'now', id: '1', adapter: { name: 'job-1', revision: '1' }, base: { name: 'b', revision: '' }, job: 'job', gate: { outcome: 'passed' } } as const;
    await new AdapterRegistry(folder, nodeFileSystem).adopt({ ...record, server: { url: 'http://127.0.0.1:1', model: 'job-1', profile: 'box' } });
    const { server, loaded } = await fakeLoraServer();
    assert.equal((await withAdoptedModel(nodeFileSystem, folder, at(server.url))).model, 'job-1');
    assert.deepEqual([...loaded], [['job-1', join(job(), 'adapter')]]);
    assert.equal((await withAdoptedModel(nodeFileSystem, folder, at(server.url))).model, 'job-1');
    assert.equal((await withAdoptedModel(nodeFileSystem, folder, { ...at(server.url), name: 'another' })).model, 'Qwen3-8B');
    await rm(join(job(), 'adapter'), { recursive: true });
    assert.equal((await withAdoptedModel(nodeFileSystem, folder, at(server.url))).model, 'job-1');
    await assert.rejects(withAdoptedModel(nodeFileSystem, folder, at((await fakeLoraServer()).server.url)), fails('adapter.missing'));
  });
});
