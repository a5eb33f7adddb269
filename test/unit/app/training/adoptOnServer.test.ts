/** Adoption on fakes of vLLM and SGLang that speak their protocols from the documentation; no model runs. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { serverBackend } from '../../../../src/app/backends.ts';
import { adoptOnServer, withAdapterOnServer } from '../../../../src/app/training/adoptOnServer.ts';
import { adoptedUrls, letGo, type Kept } from '../../../../src/app/training/letGo.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { AdoptedAdapter } from '../../../../src/jobs/adapterRegistry.ts';
import { AdapterRegistry } from '../../../../src/jobs/adapterRegistry.ts';
import { nodeFileSystem } from '../../../../src/store/fileSystem.ts';
import { json, stopFakes } from '../../support/fakeOpenAi.ts';
import { fakeLoraServer } from '../../support/fakeLoraServer.ts';

const never = new AbortController().signal;
const rank = 64;

describe('adoption on a server', () => {
  let folder = '';
  const job = (): string => join(folder, 'job');
  const write = (path: string, value: unknown): Promise<void> => nodeFileSystem.writeAtomic(path, new TextEncoder().encode(JSON.stringify(value)));
  const where = (url: string, there: string): Parameters<typeof withAdapterOnServer>[0] & Pick<Parameters<typeof adoptOnServer>[0], 'urls' | 'open'> => ({
    fs: nodeFileSystem, job: job(), url, urls: [url], base: 'Qwen3-8B', open: (model: string | undefined, at: string = url) => serverBackend({ kind: 'server', urls: [at], model, paths: [{ here: folder, there }] }),
  });
  const adopt = (url: string, ...others: readonly string[]): Promise<AdoptedAdapter> => adoptOnServer({
    ...where(url, '/mnt/jobs'), urls: [url, ...others], workspace: folder, trial: { source: 'Hello.', sourceLanguage: 'en', targetLanguage: 'ja' },
    at: 'now', id: crypto.randomUUID(), because: 'a test',
  }, never);
  const failsWith = (code: string, pattern = /./u) => (error: unknown): boolean => error instanceof AppError && error.code === code && pattern.test(JSON.stringify(error.data));
  const modelAt = (url: string): Promise<string | undefined> => new AdapterRegistry(folder, nodeFileSystem).modelAt(url);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'server-'));
    await nodeFileSystem.makeFolder(join(job(), 'adapter'));
    await write(join(job(), 'adapter', 'adapter_config.json'), { r: rank, peft_type: 'LORA' });
    await write(join(job(), 'adapter', 'adapter_model.safetensors'), 'weights');
    await write(join(job(), 'adapter', 'interlinear.json'), { stage: 'cpo' });
  });
  after(async () => { await rm(folder, { recursive: true, force: true }); });
  afterEach(stopFakes);

  it('loads under a name of its own by the path that the server sees, and records it', async () => {
    const { server, loaded } = await fakeLoraServer();
    const record = await adopt(server.url);
    assert.match(record.adapter.name, /^job-[0-9a-f]{12}$/u);
    assert.deepEqual([...loaded], [[record.adapter.name, '/mnt/jobs/job/adapter']]);
    assert.equal(await modelAt(server.url), record.adapter.name);
    assert.equal(server.requests.at(-1)?.body['model'], record.adapter.name);
    const registry = new AdapterRegistry(folder, nodeFileSystem);
    assert.equal(await registry.modelFolder(), undefined);
    await adopt(server.url); // what is loaded already is this very adapter
    assert.equal(loaded.size, 1);
    await registry.rollBack('back-2', 'now');
    await registry.rollBack('back-1', 'now');
    assert.equal(await modelAt(server.url), undefined);
  });

  it('loads into SGLang by its own address, chosen in a request by its name', async () => {
    const { server, loaded } = await fakeLoraServer({ kind: 'sglang' });
    const record = await adopt(server.url);
    assert.deepEqual([...loaded.keys()], [record.adapter.name]);
    assert.ok(server.requests.some(({ path }) => path === '/load_lora_adapter'));
    assert.equal(server.requests.at(-1)?.body['model'], record.adapter.name);
    loaded.clear();
    await withAdapterOnServer(where(server.url, '/mnt'), () => Promise.resolve(), never);
    assert.ok(loaded.size === 0 && server.requests.some(({ path }) => path === '/unload_lora_adapter'));
  });

  it('loads at every address of a service, and at none where one refuses', async () => {
    const [one, other] = [await fakeLoraServer(), await fakeLoraServer()];
    const record = await adopt(one.server.url, other.server.url);
    assert.deepEqual([...one.loaded.keys(), ...other.loaded.keys()], [record.adapter.name, record.adapter.name]);
    assert.deepEqual([await modelAt(one.server.url), await modelAt(other.server.url)], [record.adapter.name, record.adapter.name]);
    const third = await fakeLoraServer();
    await adopt(one.server.url, third.server.url);
    assert.equal(third.loaded.size, 1, 'that the first has it says nothing of the others');
    const [fourth, small] = [await fakeLoraServer(), await fakeLoraServer({ refuse: (_, response) => { json(response, { error: { message: 'LoRA rank 64 is greater than max_lora_rank 16.' } }, 400); } })];
    await assert.rejects(adopt(one.server.url, fourth.server.url, small.server.url), failsWith('adapter.rank', new RegExp(small.server.url, 'u')));
    assert.equal(fourth.loaded.size, 0);
    assert.equal(one.loaded.size, 1, 'it had it before');
    assert.equal(await modelAt(small.server.url), undefined);
  });

  it('needs a gate that passed for this adapter, or a reason', async () => {
    const { server, loaded } = await fakeLoraServer();
    await write(join(job(), 'gate.json'), { after: { model: 'other', revision: 'x' }, decision: { outcome: 'passed' }, measured: {}, heldOutUses: 1 });
    await assert.rejects(adoptOnServer({ ...where(server.url, '/mnt'), workspace: folder, trial: { source: 'a', sourceLanguage: 'en', targetLanguage: 'ja' }, at: 'now', id: 'x' }, never), failsWith('adapter.notPassed'));
    assert.equal(loaded.size, 0);
  });

  it('says the rank that the server does not take', async () => {
    const { server } = await fakeLoraServer({ refuse: (_, response) => { json(response, { error: { message: 'LoRA rank 64 is greater than max_lora_rank 16.' } }, 400); } });
    await assert.rejects(adopt(server.url), failsWith('adapter.rank', /"rank":64.*max_lora_rank 16/u));
    assert.equal(await modelAt(server.url), undefined);
  });

  it('says when the server does not see the folder, or cannot load adapters', async () => {
    const missing = await fakeLoraServer({ refuse: ({ body }, response) => { json(response, { error: { message: `No adapter found for ${String(body['lora_path'])}` } }, 404); } });
    await assert.rejects(adopt(missing.server.url), failsWith('backend.notVisible', /job.adapter/u));
    const closed = await fakeLoraServer({ refuse: (_, response) => { json(response, { detail: 'Not Found' }, 404); } });
    await assert.rejects(adopt(closed.server.url), failsWith('backend.cannot', /VLLM_ALLOW_RUNTIME_LORA_UPDATING/u));
  });

  it('takes an adapter out that is not listed or writes nothing', async () => {
    const forgetful = await fakeLoraServer({ forgets: true });
    await assert.rejects(adopt(forgetful.server.url), failsWith('adapter.noAnswer', /does not list/u));
    const silent = await fakeLoraServer({ chat: ({ body }, response) => { json(response, { choices: [{ index: 0, message: { content: body['model'] === 'Qwen3-8B' ? 'はい' : '' }, finish_reason: 'stop' }] }); } });
    await assert.rejects(adopt(silent.server.url), failsWith('adapter.noAnswer', /empty/u));
    assert.equal(silent.loaded.size, 0);
    assert.equal(await modelAt(silent.server.url), undefined);
  });

  it('lends the adapter to a gate and takes it out again', async () => {
    const { server, loaded } = await fakeLoraServer();
    const seen = await withAdapterOnServer(where(server.url, '/mnt'), (name) => Promise.resolve([name, loaded.get(name)]), never);
    assert.equal(seen[1], '/mnt/job/adapter');
    assert.equal(loaded.size, 0);
  });

  it('leaves an adapter that serves already in its place after a gate', async () => {
    const { server, loaded } = await fakeLoraServer();
    const record = await adopt(server.url);
    await withAdapterOnServer(where(server.url, '/mnt'), (name) => Promise.resolve(name), never);
    assert.ok(loaded.has(record.adapter.name));
    await new AdapterRegistry(folder, nodeFileSystem).rollBack(crypto.randomUUID(), 'now');
  });

  it('is let go of by every address after a roll back, but not while another adoption has it', async () => {
    const [first, second] = [await fakeLoraServer(), await fakeLoraServer()];
    const registry = new AdapterRegistry(folder, nodeFileSystem);
    const back = async (): Promise<readonly Kept[]> => {
      const { from } = await registry.rollBack(crypto.randomUUID(), 'now');
      return letGo({ registry, from, urls: adoptedUrls(from), open: (url) => serverBackend({ kind: 'server', urls: [url] }) }, never);
    };
    await adopt(first.server.url, second.server.url);
    await adopt(first.server.url, second.server.url);
    assert.deepEqual([await back(), first.loaded.size, second.loaded.size], [[], 1, 1]);
    assert.deepEqual([await back(), first.loaded.size, second.loaded.size], [[], 0, 0]);
  });

  it('is told of a server that keeps it, and not of one that is gone', async () => {
    const stubborn = await fakeLoraServer({ keeps: true });
    const gone = await fakeLoraServer();
    const registry = new AdapterRegistry(folder, nodeFileSystem);
    await adopt(stubborn.server.url, gone.server.url);
    await gone.server.stop();
    const { from } = await registry.rollBack(crypto.randomUUID(), 'now');
    const kept = await letGo({ registry, from, urls: adoptedUrls(from), open: (url) => serverBackend({ kind: 'server', urls: [url] }) }, never);
    assert.deepEqual(kept.map(({ url }) => url), [stubborn.server.url]);
  });

  it('says when the adapter folder was deleted', async () => {
    const { server } = await fakeLoraServer();
    await rm(join(job(), 'adapter', 'adapter_model.safetensors'));
    await assert.rejects(adopt(server.url), failsWith('trainer.noAdapter'));
  });
});
