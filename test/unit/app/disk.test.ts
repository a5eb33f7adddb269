import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import type { ReviewAct, SegmentView } from '../../../src/protocol/review.ts';
import { openBench, source, textOf, translate, type Bench } from './support.ts';

const target = '/ws/letter.ja.md';

function at(bench: Bench, number: number): SegmentView {
  const view = bench.session.views()[number - 1];
  assert.ok(view !== undefined);
  return view;
}

function act(bench: Bench, number: number, what: ReviewAct): Promise<SegmentView> {
  const view = at(bench, number);
  return bench.session.act({ segment: view.id, order: view.candidates.map(({ hash }) => hash), elapsedMs: 5, what });
}

function acceptFirst(bench: Bench, number: number): Promise<SegmentView> {
  const hash = at(bench, number).candidates[0]?.hash;
  assert.ok(hash !== undefined);
  return act(bench, number, { act: 'accept', candidate: hash });
}

const isStore = (code: 'store.diskFull' | 'store.unwritable') => (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === code;

async function translated(): Promise<Bench> {
  const bench = await openBench();
  await translate(bench);
  return bench;
}

describe('a review on a disk that takes nothing', () => {
  it('records nothing of an act while the disk is full, and all of it once there is room', async () => {
    const bench = await translated();
    await acceptFirst(bench, 1);
    const before = textOf(bench.fs, target);
    bench.fs.room = 0;
    await assert.rejects(acceptFirst(bench, 2), isStore('store.diskFull'));
    await assert.rejects(act(bench, 2, { act: 'edit', text: '雨だ。' }), isStore('store.diskFull'));
    assert.equal(at(bench, 2).review, 'unreviewed');
    assert.equal(textOf(bench.fs, target), before);
    bench.fs.room = Number.POSITIVE_INFINITY;
    await act(bench, 2, { act: 'edit', text: '雨だ。' });
    assert.ok(textOf(bench.fs, target).includes('雨だ。'));
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual([at(again, 1).review, at(again, 2).review, at(again, 2).accepted], ['accepted', 'edited', '雨だ。']);
  });

  it('says of a judgment that is recorded that the document has not got it, and writes it when the act is repeated', async () => {
    const bench = await translated();
    await acceptFirst(bench, 1);
    bench.fs.locked.add(target);
    await assert.rejects(acceptFirst(bench, 2), isStore('store.unwritable'));
    assert.equal(at(bench, 2).review, 'accepted');
    assert.deepEqual(at(bench, 2).difference, { accepted: 'It rains.一', inDocument: 'It rains.' });
    assert.deepEqual(bench.views.at(-1)?.difference, { accepted: 'It rains.一', inDocument: 'It rains.' }, 'the review is told');
    bench.fs.locked.delete(target);
    await acceptFirst(bench, 2);
    assert.equal(at(bench, 2).difference, undefined);
    assert.equal(textOf(bench.fs, target), source.replace('Hello', 'Hello一').replace('It rains. ', 'It rains.一'));
  });

  it('keeps a draft that could not be stored, and stores it when it comes again', async () => {
    const bench = await translated();
    const { id } = at(bench, 3);
    bench.fs.readOnly = true;
    await assert.rejects(bench.session.saveDraft(id, '家に'), isStore('store.unwritable'));
    assert.equal(at(bench, 3).draft, '家に');
    bench.fs.readOnly = false;
    await bench.session.saveDraft(id, '家に');
    assert.equal(at(await openBench({ fs: bench.fs, writer: 'w2' }), 3).draft, '家に');
  });
});
