import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DocumentState } from '../../../src/store/documentState.ts';
import { openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { FakeFileSystem, fakeParts } from './support/memoryFileSystem.ts';

const name = { document: 'docs/letter.en.md', targetLanguage: 'ja' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const state: DocumentState = {
  written: new Map([['s1', '雨']]), existing: new Map([['s2', '雪']]), acknowledged: new Map([['s3', '風']]), source: 'Rain.',
  segments: [{ id: 's1' }], focus: 's1',
};

function storeOn(fs: FakeFileSystem, writer = 'w1'): ReturnType<typeof openWorkspaceStore>['states'] {
  return openWorkspaceStore('/ws', fakeParts(fs, writer)).states;
}

function stateFiles(fs: FakeFileSystem): { readonly state: readonly string[]; readonly bases: readonly string[] } {
  const found = fs.find('/state/');
  return { state: found.filter((path) => path.endsWith('.json')), bases: found.filter((path) => path.includes('.base-')) };
}

describe('document state', () => {
  it('is there in the next window, and the focus stays where no new one is told', async () => {
    const fs = new FakeFileSystem();
    await storeOn(fs).save(name, state, state, 's1');
    assert.deepEqual(await storeOn(fs, 'w2').load(name), state);
    const changed = { ...state, written: new Map([['s1', '雨だ'], ['s4', '霧']]), existing: new Map() };
    await storeOn(fs, 'w2').save(name, state, changed);
    assert.deepEqual(await storeOn(fs, 'w3').load(name), changed);
  });

  it('writes a large source once: an accept costs a few bytes', async () => {
    const fs = new FakeFileSystem();
    const store = storeOn(fs);
    const large = { source: 'It rains. '.repeat(100_000), segments: [{ id: 's1' }] };
    const existing = new Map(Array.from({ length: 10_000 }, (_, index) => [`e${index}`, '雪'] as const));
    await store.save(name, large, { ...state, existing });
    const { state: [path = ''], bases } = stateFiles(fs);
    assert.equal(bases.length, 1);
    fs.room = 1000;
    await store.save(name, large, { ...state, existing, written: new Map([['s1', '雪']]) }, 's1');
    assert.ok((fs.files.get(path)?.length ?? 0) < 500);
    assert.deepEqual((await storeOn(fs, 'w2').load(name))?.existing, existing);
  });

  it('keeps one base a document: that of the source as it was last', async () => {
    const fs = new FakeFileSystem();
    const store = storeOn(fs);
    await store.save(name, state, state);
    const [before] = stateFiles(fs).bases;
    await store.save(name, { ...state, source: 'Rain and snow.' }, state);
    const { bases } = stateFiles(fs);
    assert.equal(bases.length, 1);
    assert.notEqual(bases[0], before);
    assert.equal((await storeOn(fs, 'w2').load(name))?.source, 'Rain and snow.');
  });

  it('is the old one still when the disk is full half-way', async () => {
    const fs = new FakeFileSystem();
    const store = storeOn(fs);
    await store.save(name, state, state, 's1');
    const next = { ...state, source: 'Rain and snow. '.repeat(20) };
    const needed = fs.files.get(stateFiles(fs).bases[0] ?? '')?.length ?? 0;
    for (const room of [10, needed + next.source.length]) {
      fs.room = room;
      await assert.rejects(store.save(name, next, state), /store.diskFull/u);
      assert.deepEqual(await storeOn(fs, 'w2').load(name), state);
    }
  });

  it('of version 0.1, with everything in one file, is read, and written anew in two', async () => {
    const fs = new FakeFileSystem();
    await storeOn(fs).save(name, state, state);
    const { state: [path = ''], bases: [base = ''] } = stateFiles(fs);
    fs.files.delete(base);
    const old = {
      ...name, source: 'Rain.', segments: [{ id: 's1', source: 'Rain.' }], focus: 's1',
      written: { s1: '雨' }, existing: { s2: '雪' }, acknowledged: { s3: '風' },
    };
    await fs.writeAtomic(path, bytes(JSON.stringify(old)));
    const store = storeOn(fs, 'w2');
    assert.deepEqual(await store.load(name), state);
    await store.save(name, state, state);
    assert.deepEqual(await storeOn(fs, 'w3').load(name), state);
    assert.ok(!fs.text(path).includes('Rain.'));
  });

  it('that is damaged is as if there were none, and is written anew', async () => {
    const fs = new FakeFileSystem();
    const store = storeOn(fs);
    await store.save(name, state, state, 's1');
    const { state: [path = ''], bases: [base = ''] } = stateFiles(fs);
    await fs.writeAtomic(base, bytes('{"source":"Rai'));
    assert.equal(await storeOn(fs, 'w2').load(name), undefined);
    await fs.writeAtomic(path, bytes('[]'));
    assert.equal(await storeOn(fs, 'w2').load(name), undefined);
    const other = storeOn(fs, 'w2');
    await other.save(name, state, state, 's1');
    assert.deepEqual(await storeOn(fs, 'w3').load(name), state);
  });
});
