import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import { setHash } from '../../../src/core/hash.ts';
import { openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { buildDraft, buildSet, hashOf, shownOf } from '../support/judgmentBuilders.ts';
import { FakeFileSystem, fakeParts } from './support/memoryFileSystem.ts';

const name = { document: 'docs/letter.en.md', targetLanguage: 'ja' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('frozen sets', () => {
  it('are written once under their hash and read back by another window', async () => {
    const fs = new FakeFileSystem();
    const set = buildSet(['一', '二']);
    const hash = await openWorkspaceStore('/ws', fakeParts(fs)).sets.freeze(set);
    assert.equal(hash, setHash(set));
    fs.room = 0;
    const other = openWorkspaceStore('/ws', fakeParts(fs, 'w2'));
    assert.equal(await other.sets.freeze(set), hash, 'nothing is written again');
    assert.deepEqual((await openWorkspaceStore('/ws', fakeParts(fs, 'w3')).sets.read([hash, hash, '00'])).sets, new Map([[hash, set]]));
  });

  it('are reported when altered, and mended by freezing them again', async () => {
    const fs = new FakeFileSystem();
    const set = buildSet(['一']);
    const hash = await openWorkspaceStore('/ws', fakeParts(fs)).sets.freeze(set);
    for (const damage of ['', '{', fs.text(`/ws/.interlinear/sets/${hash}.json`).replace('一', '三')]) {
      await fs.writeAtomic(`/ws/.interlinear/sets/${hash}.json`, bytes(damage));
      const { sets, problems } = await openWorkspaceStore('/ws', fakeParts(fs)).sets.read([hash]);
      assert.deepEqual([sets.size, problems.map((problem) => problem.kind === 'set' && problem.path)], [0, [`.interlinear/sets/${hash}.json`]]);
    }
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await store.sets.freeze(set);
    assert.equal((await openWorkspaceStore('/ws', fakeParts(fs)).sets.read([hash])).sets.size, 1);
  });

  it('come before the record that names them', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    const set = buildSet(['一']);
    const { order, blind, elapsedMs } = shownOf(set);
    const on = { set, shown: { order, blind, elapsedMs } };
    fs.room = 200;
    await assert.rejects(store.record(buildDraft({ act: 'accept', candidate: hashOf('一') }), on), (thrown) => thrown instanceof AppError && thrown.code === 'store.diskFull');
    assert.deepEqual(fs.find('/judgments/'), []);
    fs.room = Number.POSITIVE_INFINITY;
    await store.record(buildDraft({ act: 'accept', candidate: hashOf('一') }), on);
    const { events, sets } = await openWorkspaceStore('/ws', fakeParts(fs)).judgments({ document: 'letter.en.md', targetLanguage: 'ja' });
    assert.deepEqual([events.map(({ segment }) => segment), [...sets.keys()]], [['s1'], [setHash(set)]]);
  });
});

describe('candidates', () => {
  it('are kept by document and language; the latest of a segment and signature wins', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    const [one, two] = [buildSet(['一']), buildSet(['二'])];
    const seeded = { ...two, signature: { ...two.signature, seed: 8 } };
    for (const set of [one, buildSet(['三'], { id: 's2' }), seeded, two, buildSet(['四'], { targetLanguage: 'zh' })]) await store.candidates.append(set);
    const { sets, skipped } = await openWorkspaceStore('/ws', fakeParts(fs, 'w2')).candidates.load('letter.en.md', 'ja');
    assert.deepEqual([sets.map(({ candidates }) => candidates[0]?.text), skipped], [['三', '二', '二'], 0]);
    await store.candidates.compact('letter.en.md', 'ja');
    assert.deepEqual((await store.candidates.load('letter.en.md', 'ja')).sets, sets);
    assert.equal(fs.text(fs.find('~ja~')[0] ?? '').split('\n').length, 4);
  });

  it('survive a torn line: it is skipped and the next one does not stick to it', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await store.candidates.append(buildSet(['一']));
    fs.room = 30;
    await assert.rejects(store.candidates.append(buildSet(['二'], { id: 's2' })));
    fs.room = Number.POSITIVE_INFINITY;
    await store.candidates.append(buildSet(['三'], { id: 's3' }));
    const { sets, skipped } = await store.candidates.load('letter.en.md', 'ja');
    assert.deepEqual([sets.map(({ segment }) => segment.id), skipped], [['s1', 's3'], 1]);
  });

  it('rewrite a large file that is mostly replaced sets', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    const large = 'あ'.repeat(100_000);
    for (let turn = 0; turn < 5; turn += 1) await store.candidates.append(buildSet([`${large}${String(turn)}`]));
    const [path = ''] = fs.find('/candidates/');
    const before = fs.files.get(path)?.length ?? 0;
    assert.equal((await store.candidates.load('letter.en.md', 'ja')).sets.length, 1);
    assert.ok((fs.files.get(path)?.length ?? 0) < before / 4);
  });
});

describe('drafts', () => {
  it('outlive the window, one a segment, and go when they are discarded', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await Promise.all([
      store.drafts.save(name, 's1', { text: '雨', from: hashOf('一') }),
      store.drafts.save(name, 's2', { text: '雪' }),
      store.drafts.save(name, 's1', { text: '雨だ', from: hashOf('一') }),
    ]);
    const other = openWorkspaceStore('/ws', fakeParts(fs, 'w2'));
    assert.deepEqual((await other.drafts.load(name)).drafts, new Map([['s1', { text: '雨だ', from: hashOf('一') }], ['s2', { text: '雪' }]]));
    assert.equal((await other.drafts.load({ ...name, targetLanguage: 'zh' })).drafts.size, 0);
    await other.drafts.save(name, 's1', undefined);
    await other.drafts.save(name, 's2', { text: '' });
    assert.deepEqual(fs.find('/drafts/'), []);
  });

  it('keep the old text when the new one does not fit on the disk', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await store.drafts.save(name, 's1', { text: 'old' });
    fs.room = 5;
    await assert.rejects(store.drafts.save(name, 's1', { text: 'new' }));
    assert.equal((await store.drafts.load(name)).drafts.get('s1')?.text, 'old');
  });

  it('that cannot be read are set aside and said, not lost and not fatal', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await store.drafts.save(name, 's1', { text: 'old' });
    const [path = ''] = fs.find('/drafts/');
    await fs.writeAtomic(path, bytes('{"drafts":{"s1":{"te'));
    const { drafts, problems } = await store.drafts.load(name);
    assert.deepEqual([drafts.size, problems.map(({ kind }) => kind)], [0, ['garbage']]);
    await store.drafts.save(name, 's2', { text: 'b' });
    assert.equal(fs.text(fs.find('/quarantine/')[0] ?? ''), '{"drafts":{"s1":{"te');
  });
});
