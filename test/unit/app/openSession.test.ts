import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import type { TextPair } from '../../../src/core/prompting/context.ts';
import { inProcess, openBench, source, textOf, translate, type Bench } from './support.ts';

const target = '/ws/letter.ja.md';

async function files(existing?: string): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  await fs.writeAtomic('/ws/letter.en.md', Buffer.from(source));
  if (existing !== undefined) await fs.writeAtomic(target, Buffer.from(existing));
  return fs;
}

async function acceptBest(bench: Bench, number: number): Promise<void> {
  const view = bench.session.views()[number - 1];
  const hash = view?.candidates.find(({ existing }) => existing === undefined)?.hash;
  assert.ok(view !== undefined && hash !== undefined);
  await bench.session.act({ segment: view.id, order: [hash], elapsedMs: 1, what: { act: 'accept', candidate: hash } });
}

describe('opening a review over an existing target', () => {
  const foreign = '# こんにちは\n\n雨です。家にいます。\n\nまたね  \n';

  it('merges by segment: the file stays as it is, and one acceptance changes one segment', async () => {
    const bench = await openBench({ fs: await files(foreign), answer: 'merge' });
    assert.equal(textOf(bench.fs, target), foreign);
    await translate(bench);
    await acceptBest(bench, 2);
    assert.equal(textOf(bench.fs, target), foreign.replace('雨です。', 'It rains.一'));
  });

  it('puts a merged text back when its replacement is undone', async () => {
    const bench = await openBench({ fs: await files(foreign), answer: 'merge' });
    await translate(bench);
    await acceptBest(bench, 2);
    const view = bench.session.views()[1];
    assert.ok(view !== undefined);
    await bench.session.act({ segment: view.id, order: [], elapsedMs: 1, what: { act: 'undo' } });
    assert.equal(textOf(bench.fs, target), foreign);
  });

  it('overwrites with the source when asked to', async () => {
    const bench = await openBench({ fs: await files(foreign), answer: 'overwrite' });
    assert.equal(textOf(bench.fs, target), source);
  });

  it('leaves everything alone when cancelled', async () => {
    const fs = await files(foreign);
    await assert.rejects(openBench({ fs, answer: 'cancel' }), /cancelled/u);
    assert.equal(textOf(fs, target), foreign);
  });

  it('does not ask about its own work', async () => {
    const bench = await openBench({ fs: await files() });
    await translate(bench);
    await acceptBest(bench, 1);
    const again = await openBench({ fs: bench.fs, writer: 'w2', answer: 'cancel' });
    assert.equal(again.session.reviewed, 1);
  });
});

describe('the aligner of a review that is opened again', () => {
  it('learns from the candidates that are stored, and nothing waits for it', async () => {
    const bench = await openBench({ fs: await files() });
    assert.deepEqual([await bench.learned, (await translate(bench)).done], [undefined, 4]);
    let asked: readonly TextPair[] = [];
    const compute = { ...inProcess, refine: (pairs: readonly TextPair[]) => { asked = pairs; return Promise.resolve(''); } };
    const again = await openBench({ fs: bench.fs, writer: 'w2', compute });
    assert.equal(await again.learned, undefined);
    assert.deepEqual(asked, again.session.views().flatMap((view) => view.candidates.map(({ candidate }) => ({ source: view.source, target: candidate.text }))));
    assert.equal(asked.length, 12);
    const failing = { ...inProcess, refine: () => Promise.reject(new Error('no thread')) };
    const third = await openBench({ fs: bench.fs, writer: 'w3', compute: failing });
    assert.match((await third.learned)?.message ?? '', /no thread/u);
    assert.equal(third.session.pending().length, 0);
  });
});

describe('a source that was edited between two reviews', () => {
  it('keeps judgments with their segments and carries the target over', async () => {
    const bench = await openBench({ fs: await files() });
    await translate(bench);
    await acceptBest(bench, 2);
    await bench.fs.writeAtomic('/ws/letter.en.md', Buffer.from(source.replace('# Hello\n', '# Hello\n\nA new line.\n')));
    const again = await openBench({ fs: bench.fs, writer: 'w2', answer: 'cancel' });
    assert.equal(again.session.views()[2]?.accepted, 'It rains.一');
    assert.deepEqual(again.session.pending().map(({ segment }) => segment.source), ['A new line.']);
    assert.equal(textOf(bench.fs, target), '# Hello\n\nA new line.\n\nIt rains.一I stay at home.\n\nSee you  \n');
  });
});
