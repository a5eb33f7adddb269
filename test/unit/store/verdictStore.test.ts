import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VerdictRecord } from '../../../src/core/evaluation/blindSession.ts';
import { StoreFolder } from '../../../src/store/storeFolder.ts';
import { VerdictStore } from '../../../src/store/verdictStore.ts';
import { FakeFileSystem } from './support/memoryFileSystem.ts';

const record = (id: string, reviewer = 'anna'): VerdictRecord => ({
  id, at: '2026-11-21T09:00:00.000Z', reviewer, act: 'judge', source: 'It rains.', before: '雨だ。', after: '雨です。', newSide: 'right', verdict: 'new',
});

describe('the verdict store', () => {
  it('keeps the records of every reviewer, apart by the models that were compared', async () => {
    const fs = new FakeFileSystem();
    const store = new VerdictStore(new StoreFolder('/ws', fs));
    assert.deepEqual(await store.read('old-new'), []);
    const undo: VerdictRecord = { id: 'u1', at: '2026-11-21T09:00:01.000Z', reviewer: 'anna', act: 'undo', of: 'a1' };
    for (const each of [record('a1'), undo, record('b1', 'ben')]) await store.append('old-new', each);
    await store.append('old-newer', record('c1'));
    assert.deepEqual((await store.read('old-new')).map(({ id }) => id).sort(), ['a1', 'b1', 'u1']);
    assert.deepEqual(await store.read('old-newer'), [record('c1')]);
    assert.deepEqual(fs.find('/ws/.interlinear/verdicts/'), ['/ws/.interlinear/verdicts/anna/old-new.jsonl', '/ws/.interlinear/verdicts/anna/old-newer.jsonl', '/ws/.interlinear/verdicts/ben/old-new.jsonl']);
  });

  it('does not write onto a line that a crash has torn', async () => {
    const fs = new FakeFileSystem();
    const store = new VerdictStore(new StoreFolder('/ws', fs));
    await store.append('old-new', record('a1'));
    await fs.append('/ws/.interlinear/verdicts/anna/old-new.jsonl', new TextEncoder().encode('{"id":"a2","at":"2026'));
    await store.append('old-new', record('a3'));
    assert.deepEqual((await store.read('old-new')).map(({ id }) => id), ['a1', 'a3']);
  });
});
