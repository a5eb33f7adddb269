import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import { AdapterRegistry, adaptersInForce, type AdoptedAdapter } from '../../../src/jobs/adapterRegistry.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';

const record = (id: string): AdoptedAdapter => ({
  act: 'adopt', id, at: '2026-11-21T09:00:00.000Z', adapter: { name: `starter+${id}`, revision: id }, base: { name: 'starter', revision: 'base' },
  folder: `.interlinear/models/${id}`, job: id, gate: { outcome: 'passed' },
});
const path = '/ws/.interlinear/adapters.jsonl';

describe('adapter registry', () => {
  const fresh = (): { files: FakeFileSystem; registry: AdapterRegistry } => {
    const files = new FakeFileSystem();
    return { files, registry: new AdapterRegistry('/ws', files) };
  };

  it('serves the base until something is adopted, and what came before after a roll back', async () => {
    const { registry } = fresh();
    assert.equal(await registry.current(), undefined);
    await registry.adopt(record('a'));
    await registry.adopt(record('b'));
    assert.equal((await registry.current())?.id, 'b');
    const { from, to } = await registry.rollBack('r1', 'now');
    assert.deepEqual([from.id, to?.id], ['b', 'a']);
    await registry.rollBack('r2', 'now');
    assert.equal(await registry.current(), undefined);
    await assert.rejects(registry.rollBack('r3', 'now'), (error) => error instanceof AppError && error.code === 'adapter.none');
  });

  it('lets another of those in force serve, and rolls back what serves', async () => {
    const { registry } = fresh();
    for (const id of ['a', 'b', 'c']) await registry.adopt(record(id));
    assert.equal((await registry.choose('c1', 'now', 'a')).adapter.name, 'starter+a');
    assert.deepEqual(adaptersInForce(await registry.records()).map(({ id }) => id), ['b', 'c', 'a']);
    const { from, to } = await registry.rollBack('r1', 'now');
    assert.deepEqual([from.id, to?.id], ['a', 'c']);
    await assert.rejects(registry.choose('c2', 'now', 'a'), (error) => error instanceof AppError && error.code === 'adapter.none');
  });

  it('only appends: what was written stays byte for byte', async () => {
    const { files, registry } = fresh();
    await registry.adopt(record('a'));
    const before = files.files.get(path);
    assert.ok(before !== undefined);
    await registry.rollBack('r', 'now');
    assert.deepEqual(files.files.get(path)?.slice(0, before.length), before);
  });

  it('survives a torn last line', async () => {
    const { files, registry } = fresh();
    await registry.adopt(record('a'));
    await files.append(path, new TextEncoder().encode('{"act":"adopt","id":"b"'));
    assert.equal((await registry.current())?.id, 'a');
  });

  it('says which model folder is gone', async () => {
    const { files, registry } = fresh();
    await registry.adopt(record('a'));
    await assert.rejects(registry.modelFolder(), (error) => error instanceof AppError && error.code === 'adapter.missing');
    await files.writeAtomic('/ws/.interlinear/models/a/manifest.json', new Uint8Array([1]));
    assert.equal(await registry.modelFolder(), '/ws/.interlinear/models/a');
  });

  it('takes no folder outside of the workspace from a file that came with a clone', async () => {
    const { registry } = fresh();
    await registry.adopt({ ...record('a'), folder: '.interlinear/models/../../../elsewhere' });
    assert.equal(await registry.current(), undefined);
  });
});
