import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Memory } from '../../../src/app/ranking/memory.ts';
import { Rankers } from '../../../src/app/ranking/rankers.ts';
import { defaultRanking } from '../../../src/app/settings.ts';
import type { RankingSettings } from '../../../src/core/candidate.ts';
import { Glossary } from '../../../src/core/glossary/glossary.ts';
import { isAbort } from '../../../src/core/errors.ts';
import { FakeBackend, type Answer } from '../support/fakeBackend.ts';
import { inProcess, openBench, translate, type Bench } from './support.ts';

const never = new AbortController().signal;
/** Of the texts below chrF prefers one and chrF++, which counts words, another. */
const byWords: RankingSettings = { ...defaultRanking, utility: 'chrf++' };

async function translated(): Promise<Bench> {
  const bench = await openBench();
  await translate(bench, new FakeBackend(() => ['a cat', 'the cat sat', 'a cat sat down', 'sat the cat']));
  return bench;
}

const best = (bench: Bench): readonly (string | undefined)[] => bench.session.views().map(({ candidates }) => candidates[0]?.candidate.text);

describe('ranking again what is drawn already', () => {
  it('says in how many segments another candidate would stand first, and changes nothing', async () => {
    const bench = await translated();
    const before = best(bench);
    const same = await bench.session.sets.preview(defaultRanking, { signal: never });
    assert.deepEqual(same, { changed: [], total: 4 });
    const seen: number[] = [];
    const other = await bench.session.sets.preview(byWords, { signal: never, onProgress: ({ done }) => { seen.push(done); } });
    assert.deepEqual(other.changed.map(({ number }) => number), [1, 2, 3, 4]);
    assert.deepEqual(seen, [4]);
    assert.deepEqual(best(bench), before);
  });

  it('does what it said, for all but what was judged, and keeps it', async () => {
    const bench = await translated();
    const [first] = bench.session.views();
    await bench.session.act({ segment: first?.id ?? '', order: [], elapsedMs: 1, what: { act: 'accept', candidate: first?.candidates[0]?.hash ?? '' } });
    const { changed, total } = await bench.session.sets.preview(byWords, { signal: never });
    assert.deepEqual([changed.length, total], [3, 3]);
    await bench.session.sets.rerank(byWords, { signal: never });
    assert.deepEqual(best(bench), ['the cat sat', 'a cat sat down', 'a cat sat down', 'a cat sat down']);
    assert.deepEqual((await bench.session.sets.preview(byWords, { signal: never })).changed, []);
    assert.deepEqual(bench.session.sets.any?.signature.ranking, byWords);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual(best(again), best(bench));
  });

  it('is what the line of the signature says while anything is not judged, whatever was drawn again', async () => {
    const bench = await translated();
    const { session } = bench;
    const accept = async (number: number): Promise<void> => {
      const view = session.views()[number - 1];
      await session.act({ segment: view?.id ?? '', order: [], elapsedMs: 1, what: { act: 'accept', candidate: view?.candidates[0]?.hash ?? '' } });
    };
    for (const number of [1, 2, 3]) await accept(number);
    const [first, , , last] = session.views().map(({ id }) => id);
    assert.equal(session.sets.any?.segment.id, last);
    await session.sets.drop(() => false);
    assert.equal(session.sets.any?.segment.id, first);
    await translate(bench);
    assert.equal(session.sets.any?.segment.id, last);
    await accept(4);
    assert.ok(session.sets.any !== undefined);
  });

  it('stops when it is cancelled', async () => {
    const bench = await translated();
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(bench.session.sets.preview(byWords, { signal: controller.signal }), isAbort);
  });
});

describe('another glossary', () => {
  const hello = (target: string): Glossary => new Glossary([{ source: 'rains', targets: [target], forbidden: [] }]);
  /** Both are as far from each other, so that their scores are equal. */
  const answers: Answer = ({ source: text }) => (text.includes('rains') ? ['雨が降る', '雨の降る'] : ['家', '宿']);

  it('puts candidates that obey it above their equals at once, keeps that, and takes it back with the term', async () => {
    const bench = await openBench();
    await translate(bench, new FakeBackend(answers));
    assert.deepEqual(best(bench).slice(1, 3), ['雨が降る', '家']);
    await bench.session.setGlossary(hello('雨の'));
    assert.deepEqual(best(bench).slice(1, 3), ['雨の降る', '家']);
    assert.deepEqual(bench.session.views()[1]?.candidates.map(({ candidate: { rank, termFaults } }) => [rank, termFaults]), [[1, 0], [2, 1]]);
    assert.deepEqual(best(await openBench({ fs: bench.fs, writer: 'w2' })).slice(1, 3), ['雨の降る', '家']);
    await bench.session.setGlossary(new Glossary([]));
    assert.deepEqual(bench.session.views()[1]?.candidates.map(({ candidate: { rank } }) => rank), [1, 1]);
  });

  it('leaves a judged segment as it was judged, and never puts a worse score above a better one', async () => {
    const bench = await openBench();
    await translate(bench, new FakeBackend(({ source: text }) => (text.includes('rains') ? ['雨が降る', '雨が降る', '雨の降る'] : ['家', '宿'])));
    await bench.session.setGlossary(hello('雨の'));
    assert.deepEqual(best(bench)[1], '雨が降る');
    const other = await openBench();
    await translate(other, new FakeBackend(answers));
    const second = other.session.views()[1];
    await other.session.act({ segment: second?.id ?? '', order: [], elapsedMs: 1, what: { act: 'accept', candidate: second?.candidates[0]?.hash ?? '' } });
    await other.session.setGlossary(hello('雨の'));
    assert.deepEqual(best(other)[1], '雨が降る');
  });
});

describe('a ranking by a model', () => {
  it('gives way to chrF where no model is chosen, and says why', async () => {
    const rankers = new Rankers(inProcess, { engine: { use: () => Promise.reject(new Error('no engine is asked')) } });
    const prepared = await rankers.prepare({ ...defaultRanking, utility: 'comet' }, {}, never);
    assert.equal(prepared.settings.utility, 'chrf');
    assert.equal(prepared.fallback?.code, 'ranking.noModel');
    assert.deepEqual(await rankers.prepare(defaultRanking, {}, never), { settings: defaultRanking });
    await assert.rejects(rankers.rank({ source: '', languages: { source: 'en', target: 'ja' }, candidates: [], settings: { ...defaultRanking, utility: 'comet' } }), /ranking\.noModel/u);
  });
});

describe('memory of what was computed', () => {
  it('forgets what was unused for longest, and never keeps more than its limit', () => {
    const memory = new Memory<string>(10);
    memory.set('a', 'A', 4);
    memory.set('b', 'B', 4);
    assert.equal(memory.get('a'), 'A');
    memory.set('c', 'C', 4);
    assert.deepEqual(['a', 'b', 'c'].map((key) => memory.get(key)), ['A', undefined, 'C']);
    memory.set('a', 'A2', 4);
    assert.equal(memory.get('c'), 'C', 'the cost of a replaced value is given back');
    memory.set('huge', 'X', 11);
    assert.equal(memory.get('huge'), undefined);
  });
});
