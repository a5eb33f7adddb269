import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesHere, fetchFile } from '../../../../src/jobs/models/fetchFile.ts';
import { askFile, type Hub, type HubFile } from '../../../../src/jobs/models/hub.ts';
import { FakeHub } from '../../support/fakeHub.ts';

const { signal } = new AbortController();
const large = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 31 + (index >> 8)) % 251);
const small = new TextEncoder().encode('{"a": 1}');

describe('a file of a model hub', () => {
  let fake: FakeHub;
  let hub: Hub;
  let folder: string;
  const at = (path: string): { readonly repository: string; readonly path: string } => ({ repository: 'some/model', path });
  const asked = async (path: string): Promise<HubFile> => await askFile(hub, at(path), signal) ?? assert.fail('the file is there');
  const get = (file: HubFile, more: object = {}): Promise<void> => fetchFile(file, join(folder, 'got'), { hub, signal, onBytes: () => undefined, ...more });

  beforeEach(async () => {
    fake = await new FakeHub().start();
    fake.repositories['some/model'] = { 'big.bin': large, 'small.json': small };
    hub = { host: fake.host, token: fake.token, fetch, pauses: [1, 1] };
    folder = await mkdtemp(join(tmpdir(), 'hub-'));
  });
  afterEach(async () => {
    fake.close();
    await rm(folder, { recursive: true });
  });

  it('is told of by HEAD alone: size, revision and digest, of large and small files', async () => {
    const big = await asked('big.bin');
    assert.equal(big.bytes, large.length);
    assert.deepEqual(big.digest, { kind: 'sha256', hex: createHash('sha256').update(large).digest('hex') });
    assert.match(big.url, /\/some\/model\/resolve\/c0ffee0+[0-9a-f]*\/big\.bin$/u);
    const tiny = await asked('small.json');
    assert.deepEqual([tiny.bytes, tiny.digest?.kind, tiny.commit], [small.length, 'git', big.commit]);
    assert.equal(await askFile(hub, at('no.bin'), signal), undefined);
    assert.ok(fake.seen.every((line) => /^hub HEAD /u.test(line)), fake.seen.join('\n'));
  });

  it('comes whole and compared with its digest, and the token stays with the host', async () => {
    for (const [path, bytes] of [['big.bin', large], ['small.json', small]] as const) {
      await get(await asked(path));
      assert.deepEqual(new Uint8Array(await readFile(join(folder, 'got'))), bytes);
      await rm(join(folder, 'got'));
    }
    const toStore = fake.seen.filter((line) => line.startsWith('store'));
    assert.equal(toStore.length, 1);
    assert.ok(!toStore.join().includes('hf_fake'));
    assert.ok(fake.seen.filter((line) => line.startsWith('hub GET')).every((line) => line.endsWith('Bearer hf_fake')));
  });

  it('goes on where a connection broke, without what is here already', async () => {
    fake.breakAfter.push(50_000, 30_000);
    await get(await asked('big.bin'));
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'got'))), large);
    const ranges = fake.seen.filter((line) => line.startsWith('store GET')).map((line) => /bytes=(\d+)-/u.exec(line)?.[1] ?? '0');
    assert.deepEqual(ranges, ['0', '50000', '80000']);
  });

  it('stays in part when it is cancelled, and is completed the next time', async () => {
    const file = await asked('big.bin');
    fake.held = true;
    const cancelling = new AbortController();
    await assert.rejects(get(file, { signal: cancelling.signal, onBytes: (bytes: number) => { if (bytes >= 100_000) cancelling.abort(); } }), { name: 'AbortError' });
    assert.equal(await bytesHere(join(folder, 'got')), 100_000);
    await assert.rejects(stat(join(folder, 'got')));
    fake.held = false;
    await get(file);
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'got'))), large);
    assert.match(fake.seen.at(-1) ?? '', /bytes=100000-/u);
  });

  it('begins anew at a host that gives no parts', async () => {
    const file = await asked('big.bin');
    await writeFile(join(folder, 'got.part'), large.subarray(0, 777));
    fake.whole = true;
    await get(file);
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'got'))), large);
  });

  it('is removed when it is not what the host named', async () => {
    const file = await asked('big.bin');
    fake.lies = true;
    await assert.rejects(get(file), { code: 'model.damaged' });
    assert.equal(await bytesHere(join(folder, 'got')), 0);
    fake.lies = false;
    fake.repositories['some/model'] = { 'big.bin': large.subarray(0, 150_000) };
    await assert.rejects(get(file), { code: 'model.unreachable' }, 'a file that ends early');
  });

  it('is given up when nothing comes any more', async () => {
    const file = await asked('big.bin');
    fake.held = true;
    await assert.rejects(get(file, { stallMs: 50 }), (thrown: Error & { code?: string; data?: { reason?: string } }) => thrown.code === 'model.unreachable' && /no byte for/u.test(thrown.data?.reason ?? ''));
    assert.equal(fake.waiting >= 3, true, 'it was tried again, from what was there');
  });

  it('is asked for again while the host is busy, and refusals say why', async () => {
    fake.statuses.push(503, 429);
    assert.equal((await asked('small.json')).bytes, small.length);
    fake.statuses.push(500, 500, 500);
    await assert.rejects(asked('small.json'), { code: 'model.refused', data: { url: `${fake.host}/some/model/resolve/main/small.json`, status: 500, reason: 'Internal Server Error' } });
    await assert.rejects(askFile(hub, { repository: 'no/body', path: 'x' }, signal), { code: 'model.refused' });
    fake.gated.add('some/model');
    const strange = { ...hub, token: 'other' };
    await assert.rejects(askFile(strange, at('big.bin'), signal), { code: 'model.gated', data: { repository: 'some/model', page: `${fake.host}/some/model`, token: true } });
    assert.equal((await asked('big.bin')).bytes, large.length);
    await assert.rejects(askFile({ ...hub, host: 'http://127.0.0.1:9' }, at('big.bin'), signal), { code: 'model.unreachable' });
  });
});
