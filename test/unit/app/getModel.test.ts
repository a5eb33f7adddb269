import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { convertModel, fetchModel } from '../../../src/app/models/getModel.ts';
import { planDownload, type DownloadPlan } from '../../../src/app/models/planDownload.ts';
import { catalogue, findModel, type CatalogueModel } from '../../../src/core/models/catalogue.ts';
import { isNonCommercial } from '../../../src/core/ranking/licence.ts';
import type { Hub } from '../../../src/jobs/models/hub.ts';
import type { RunCommand } from '../../../src/jobs/runCommand.ts';
import { FakeHub } from '../support/fakeHub.ts';

const { signal } = new AbortController();
const model: CatalogueModel = findModel('mbert') ?? assert.fail('it is in the catalogue');
const weights = new Uint8Array(5000).fill(7);

describe('the catalogue of models', () => {
  it('names each once, with a source and a licence', () => {
    assert.equal(new Set(catalogue.map(({ id }) => id)).size, catalogue.length);
    for (const { repository, licence, files } of catalogue) {
      assert.match(repository, /^[\w.-]+\/[\w.-]+$/u);
      assert.notEqual(licence, '');
      assert.ok(files.every(({ from, to }) => from.length > 0 && /^(?:checkpoint|encoder)\//u.test(to)));
    }
    assert.deepEqual(catalogue.filter(({ licence }) => isNonCommercial(licence)).map(({ kind }) => kind), ['cometkiwi', 'wspalign', 'wspalign', 'wspalign']);
  });
});

describe('a published model', () => {
  let fake: FakeHub;
  let hub: Hub;
  let folder: string;
  const plan = (): Promise<DownloadPlan> => planDownload({ model, hub, out: join(folder, 'mbert'), bits: 16 }, signal);
  const get = async (planned: DownloadPlan): Promise<number> => {
    let last = 0;
    await fetchModel(planned, { hub, signal, onBytes: ({ done }) => { last = done; } });
    return last;
  };

  beforeEach(async () => {
    fake = await new FakeHub().start();
    fake.repositories[model.repository] = { 'config.json': new Uint8Array(10), 'tokenizer.json': new Uint8Array(90), 'pytorch_model.bin': weights };
    hub = { host: fake.host, fetch, pauses: [] };
    folder = await mkdtemp(join(tmpdir(), 'get-model-'));
  });
  afterEach(async () => {
    fake.close();
    await rm(folder, { recursive: true });
  });

  it('is planned by what the host has: older weights where there are no newer ones, optional files left out', async () => {
    const found = await plan();
    assert.deepEqual(found.files.map(({ file }) => file.path), ['config.json', 'tokenizer.json', 'pytorch_model.bin']);
    assert.deepEqual([found.bytes, found.left, found.needed, found.digests], [5100, 5100, 5100 + 2550, 3]);
    assert.deepEqual(await readdir(folder), []);
  });

  it('is counted by what is still to be fetched, and what an older revision left is removed', async () => {
    const first = await plan();
    assert.equal(await get(first), 5100);
    assert.equal((await plan()).left, 0);
    fake.repositories[model.repository] = { 'config.json': new Uint8Array(11), 'tokenizer.json': new Uint8Array(90), 'pytorch_model.bin': weights };
    const second = await plan();
    assert.equal(second.left, 5101);
    await get(second);
    assert.deepEqual(await readdir(join(folder, 'mbert.download')), [second.checkout.split(/[/\\]/u).at(-1)]);
  });

  it('is refused where there is no room, where the place is taken, and while somebody else fetches it', async () => {
    const planned = await plan();
    await assert.rejects(get({ ...planned, free: planned.needed - 1 }), { code: 'model.noSpace' });
    await mkdir(planned.checkout, { recursive: true });
    await writeFile(join(planned.checkout, 'lock'), `${process.pid}\n`);
    await assert.rejects(get(planned), { code: 'model.busy' });
    await mkdir(join(folder, 'mbert'));
    await writeFile(join(folder, 'mbert', 'x'), '');
    await assert.rejects(plan(), { code: 'input.invalid' });
  });

  it('is missing a file that it needs: that is said with the names', async () => {
    fake.repositories[model.repository] = { 'config.json': new Uint8Array(10), 'tokenizer.json': new Uint8Array(90) };
    await assert.rejects(plan(), { code: 'model.refused', data: { url: `${fake.host}/${model.repository}`, status: 404, reason: 'no model.safetensors, pytorch_model.bin' } });
  });

  it('is converted whole or not at all, and the checkpoint stays until then', async () => {
    const planned = await plan();
    await get(planned);
    const out = join(folder, 'mbert');
    const steps: string[] = [];
    const exporter = (code: number): RunCommand => async (_, args, options) => {
      options?.onLine?.('{"step": 1, "of": 3, "what": "reading the checkpoint"}');
      const place = args[5] ?? '';
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'manifest.json'), args.join(' '));
      return { code, stdout: '', stderr: 'a warning\ncheckpointBroken: it has no eighth layer.\n{"step": 1, "of": 3, "what": "x"}' };
    };
    const parts = { python: 'python', package: '/trainer', bits: 16, signal, onStep: ({ what }: { readonly what: string }) => { steps.push(what); } } as const;
    await assert.rejects(convertModel(planned, out, { ...parts, run: exporter(1) }), { code: 'model.notConverted', data: { path: join(planned.checkout, 'checkpoint'), reason: 'it has no eighth layer.' } });
    assert.deepEqual(await readdir(folder), ['mbert.download']);
    await convertModel(planned, out, { ...parts, run: exporter(0) });
    assert.deepEqual(await readdir(folder), ['mbert']);
    assert.match(await readFile(join(out, 'manifest.json'), 'utf8'), /--licence Apache-2\.0 --source google-bert\/bert-base-multilingual-cased@c0ffee\w+ --bits 16/u);
    assert.deepEqual(steps, ['reading the checkpoint', 'reading the checkpoint']);
  });
});
