import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReviewAct, SegmentView } from '../../../src/protocol/review.ts';
import { openBench, source, textOf, translate, type Bench } from './support.ts';

const target = '/ws/letter.ja.md';

function at(bench: Bench, number: number): SegmentView {
  const view = bench.session.views()[number - 1];
  assert.ok(view !== undefined);
  return view;
}

async function act(bench: Bench, number: number, what: ReviewAct): Promise<SegmentView> {
  const view = at(bench, number);
  return bench.session.act({ segment: view.id, order: view.candidates.map(({ hash }) => hash), elapsedMs: 5, what });
}

function hashOf(view: SegmentView, text: string): string {
  const found = view.candidates.find(({ candidate }) => candidate.text === text);
  assert.ok(found !== undefined, `no candidate "${text}"`);
  return found.hash;
}

async function translated(): Promise<Bench> {
  const bench = await openBench();
  await translate(bench);
  return bench;
}

describe('review session', () => {
  it('folds, counts and ranks what the backend drew', async () => {
    const bench = await translated();
    const view = at(bench, 2);
    assert.equal(view.state, 'ready');
    assert.equal(view.candidates[0]?.candidate.text, 'It rains.一');
    assert.equal(view.candidates[0].candidate.count, 2);
    assert.deepEqual(view.candidates.map(({ candidate }) => candidate.rank), [1, 2, 3]);
  });

  it('writes no file before the first acceptance', async () => {
    const bench = await translated();
    await act(bench, 2, { act: 'reject', candidate: hashOf(at(bench, 2), '別のIt rains.') });
    assert.equal(await bench.fs.read(target), undefined);
  });

  it('accepts into the file and leaves every other byte alone', async () => {
    const bench = await translated();
    const view = await act(bench, 2, { act: 'accept', candidate: hashOf(at(bench, 2), 'It rains.一') });
    assert.equal(view.review, 'accepted');
    assert.equal(textOf(bench.fs, target), '# Hello\n\nIt rains.一I stay at home.\n\nSee you  \n');
  });

  it('undoes the newest act wherever the focus is, and the file follows', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    await act(bench, 2, { act: 'accept', candidate: hashOf(at(bench, 2), 'It rains.一') });
    const undone = await act(bench, 4, { act: 'undo' });
    assert.equal(undone.number, 2);
    assert.equal(undone.review, 'unreviewed');
    assert.equal(textOf(bench.fs, target), source.replace('Hello', 'Hello一'));
  });

  it('takes acts that come faster than the file is written, one after the other', async () => {
    const bench = await translated();
    await Promise.all([1, 2, 3, 4].map((number) => {
      const hash = at(bench, number).candidates[0]?.hash;
      assert.ok(hash !== undefined);
      return act(bench, number, { act: 'accept', candidate: hash });
    }));
    assert.equal(textOf(bench.fs, target), '# Hello一\n\nIt rains.一I stay at home.一\n\nSee you一  \n');
    assert.equal(bench.outcomes.length, 0);
  });

  it('records an edit with the candidate it started from', async () => {
    const bench = await translated();
    const view = await act(bench, 1, { act: 'edit', from: hashOf(at(bench, 1), 'Hello一'), text: 'こんにちは' });
    assert.equal(view.review, 'edited');
    assert.ok(textOf(bench.fs, target).startsWith('# こんにちは\n'));
  });

  it('keeps a later edit of the document, says so, and offers three ways', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    const typed = textOf(bench.fs, target).replace('Hello一', 'やあ');
    await bench.fs.writeAtomic(target, Buffer.from(typed));
    await bench.session.refreshDocument();
    assert.deepEqual(at(bench, 1).difference, { accepted: 'Hello一', inDocument: 'やあ' });
    await act(bench, 1, { act: 'resolve', choice: 'recordEdit' });
    assert.equal(at(bench, 1).difference, undefined);
    assert.equal(at(bench, 1).accepted, 'やあ');
    assert.equal(textOf(bench.fs, target), typed);
  });

  it('reverts the document to the accepted text on request', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    const ours = textOf(bench.fs, target);
    await bench.fs.writeAtomic(target, Buffer.from(ours.replace('Hello一', 'やあ')));
    await bench.session.refreshDocument();
    await act(bench, 1, { act: 'resolve', choice: 'revert' });
    assert.equal(textOf(bench.fs, target), ours);
  });

  it('takes the text of the document as it is when the acceptance is recorded again', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    const formatted = textOf(bench.fs, target).replace('Hello一', 'Hello一！');
    await bench.fs.writeAtomic(target, Buffer.from(formatted));
    await bench.session.refreshDocument();
    await act(bench, 1, { act: 'resolve', choice: 'recordAccept' });
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.equal(at(again, 1).difference, undefined);
    assert.equal(at(again, 1).accepted, 'Hello一');
    assert.equal(textOf(bench.fs, target), formatted);
  });

  it('does not overwrite foreign edits when the act concerns something else', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    const typed = textOf(bench.fs, target).replace('Hello一', 'やあ').replace('See you', 'またね');
    await bench.fs.writeAtomic(target, Buffer.from(typed));
    await act(bench, 1, { act: 'style', candidate: hashOf(at(bench, 1), 'Hello一'), value: 'awkward' });
    await act(bench, 2, { act: 'accept', candidate: hashOf(at(bench, 2), 'It rains.一') });
    assert.equal(textOf(bench.fs, target), typed.replace('It rains. ', 'It rains.一'));
  });

  it('comes back after closing as it was left', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    await act(bench, 3, { act: 'reject', candidate: hashOf(at(bench, 3), '別のI stay at home.') });
    const third = at(bench, 3).id;
    await bench.session.saveDraft(third, '家に');
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.equal(again.session.reviewed, 1);
    assert.equal(at(again, 1).accepted, 'Hello一');
    assert.equal(at(again, 3).draft, '家に');
    assert.deepEqual(at(again, 3).candidates.filter(({ rejected }) => rejected).map(({ candidate }) => candidate.text), ['別のI stay at home.']);
    assert.equal(again.session.pending().length, 0);
  });

  it('shows judged sets even when the candidate cache was deleted', async () => {
    const bench = await translated();
    await act(bench, 1, { act: 'accept', candidate: hashOf(at(bench, 1), 'Hello一') });
    for (const path of bench.fs.files.keys()) if (/interlinear\/(candidates|state)/u.test(path)) bench.fs.files.delete(path);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.equal(at(again, 1).candidates.length, 3);
    assert.equal(at(again, 1).difference, undefined);
    assert.equal(again.session.pending().length, 3);
  });

  it('hides rank by a fixed order of its own in blind mode', async () => {
    const bench = await openBench({ blind: true });
    await translate(bench);
    const order = at(bench, 2).candidates.map(({ hash }) => hash);
    const again = await openBench({ fs: bench.fs, writer: 'w2', blind: true });
    assert.deepEqual(at(again, 2).candidates.map(({ hash }) => hash), order);
  });
});
