import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkWish, rewriteInstruction, steeredContext, steeredSeed, type Wish } from '../../../src/app/translation/steering.ts';
import { translateSegment } from '../../../src/app/translation/translateSegment.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import { maskSegment } from '../../../src/core/document/placeholders.ts';
import { buildPairs } from '../../../src/core/preference/pairs.ts';
import { exportTrl } from '../../../src/core/preference/exportTrl.ts';
import { genericPrompt, starterPrompt } from '../../../src/core/preference/prompt.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { fails } from '../support/openAiScene.ts';
import { inProcess, openBench, translate, type Bench } from './support.ts';

const never = new AbortController().signal;

/** Draws what a wish says, as the user interface does. */
async function ask(bench: Bench, number: number, wish: Wish, texts: readonly string[]): Promise<{ fresh: number; backend: FakeBackend }> {
  const backend = new FakeBackend(() => texts);
  const context = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: 'none', version: '0.0.0' };
  const segment = bench.session.views()[number - 1]?.id ?? '';
  const job = bench.session.asking.job(segment, wish);
  const { steering } = job;
  assert.ok(steering !== undefined);
  const set = await translateSegment(context, job, (candidates) => { bench.session.asking.onArriving(segment, { steering, candidates }); }, never);
  return { fresh: await bench.session.asking.onSet(set), backend };
}

function shown(bench: Bench, number: number): readonly (readonly [string, string | undefined])[] {
  return bench.session.views()[number - 1]?.candidates.map(({ candidate, asked }) => [candidate.text, asked?.instruction ?? asked?.prefix]) ?? [];
}

async function judge(bench: Bench, number: number, act: 'accept' | 'reject', text: string): Promise<void> {
  const view = bench.session.views()[number - 1];
  const hash = view?.candidates.find(({ candidate }) => candidate.text === text)?.hash;
  assert.ok(view !== undefined && hash !== undefined);
  await bench.session.act({ segment: view.id, order: view.candidates.map((each) => each.hash), elapsedMs: 5, what: { act, candidate: hash } });
}

describe('more candidates on request', () => {
  it('stand first with what they were asked for, and repeat no text', async () => {
    const bench = await openBench();
    await translate(bench);
    const { fresh, backend } = await ask(bench, 2, { instruction: 'softer' }, ['It rains.一', 'やさしい']);
    assert.equal(fresh, 1);
    assert.deepEqual(backend.requests[0]?.context, { instruction: 'softer' });
    assert.equal(backend.requests[0].urgent, true);
    assert.deepEqual(shown(bench, 2), [['やさしい', 'softer'], ['It rains.一', undefined], ['別のIt rains.', undefined], ['It rains.二', undefined]]);
    assert.ok(bench.views.some(({ candidates }) => candidates[0]?.asked?.instruction === 'softer'), 'they stream in');
  });

  it('draw from another stream each round and come back with the review', async () => {
    const bench = await openBench();
    await translate(bench);
    const first = await ask(bench, 1, {}, ['こんにちは']);
    const second = await ask(bench, 1, { prefix: 'や' }, ['やあ']);
    const seeds = [defaultRun.seed, first.backend.requests[0]?.seed, second.backend.requests[0]?.seed];
    assert.equal(new Set(seeds).size, 3);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual(shown(again, 1).slice(0, 3), [['やあ', 'や'], ['こんにちは', undefined], ['Hello一', undefined]]);
    assert.equal(again.session.pending().length, 0);
    const third = await ask(again, 1, {}, ['ハロー']);
    assert.ok(!seeds.includes(third.backend.requests[0]?.seed));
  });

  it('are ranked again with the others when the ranking changes, and stand in their rounds after that', async () => {
    const bench = await openBench();
    await translate(bench);
    const texts = ['a cat', 'the cat sat', 'a cat sat down', 'sat the cat'];
    await ask(bench, 2, { instruction: 'softer' }, texts);
    await ask(bench, 2, { instruction: 'louder' }, ['A CAT']);
    const asked = (from: Bench): readonly string[] => shown(from, 2).flatMap(([text, why]) => (why === 'softer' ? [text] : []));
    assert.equal(asked(bench)[0], 'the cat sat');
    await bench.session.sets.rerank({ ...defaultRun.ranking, utility: 'chrf++' }, { signal: never });
    assert.equal(asked(bench)[0], 'a cat sat down');
    assert.deepEqual([...asked(bench)].sort(), [...texts].sort());
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual(shown(again, 2), shown(bench, 2), 'the first round is the later one on the disk, and still the first');
    assert.equal(again.session.asking.job(again.session.views()[1]?.id ?? '', {}).steering?.round, 3);
  });

  it('are journalled with the set that they came from, and make pairs within one prompt only', async () => {
    const bench = await openBench();
    await translate(bench);
    await ask(bench, 2, { instruction: 'softer' }, ['やさしい', 'かたい']);
    await judge(bench, 2, 'reject', '別のIt rains.');
    await judge(bench, 2, 'reject', 'かたい');
    await judge(bench, 2, 'accept', 'やさしい');
    const { events } = await bench.store.judgments({ document: 'letter.en.md', targetLanguage: 'ja' });
    const { sets } = await bench.store.sets.read(new Set(events.flatMap((event) => event.shown?.set ?? [])));
    assert.equal(sets.size, 2);
    const { pairs, dropped } = buildPairs(events, sets, { acceptedOverSeen: false });
    assert.deepEqual(pairs.map(({ chosen, rejected }) => [chosen, rejected]), [['やさしい', 'かたい']]);
    assert.deepEqual(dropped, { differentPrompt: 1 });
    const rows = exportTrl(pairs, { prompt: genericPrompt }).rows;
    assert.match(rows[0]?.prompt ?? '', /\n\nInstruction: softer\n\nIt rains\.$/u);
    assert.deepEqual(exportTrl(pairs, { prompt: starterPrompt }).dropped, { instruction: 1 });
  });

  it('that the model has no place for are refused in so many words', async () => {
    const { model, parts } = await new FakeBackend(() => [], { parts: ['prefix'] }).describe();
    checkWish({ model, parts }, {});
    checkWish({ model, parts }, { prefix: 'や' });
    assert.throws(() => { checkWish({ model, parts }, { instruction: 'softer' }); }, fails('backend.cannotSteer', /fake-model.*instructions/u));
    assert.throws(() => { checkWish({ model, parts: [] }, { prefix: 'や' }); }, fails('backend.cannotSteer', /beginning/u));
  });

  it('a beginning carries the marks of what is protected in it', () => {
    const source = 'Press `Enter` or `Esc`.';
    const protectedSpans = ['`Enter`', '`Esc`'].map((text) => ({ range: { start: source.indexOf(text), end: source.indexOf(text) + text.length }, kind: 'code' as const }));
    const masked = maskSegment({ source, protectedSpans, kind: 'sentence' });
    assert.deepEqual(steeredContext({ round: 1, prefix: '`Esc`か`E' }, masked), { prefix: '⟦2⟧か`E' });
    assert.deepEqual(steeredContext(undefined, masked), {});
    assert.equal(steeredSeed(7, undefined), 7);
    assert.equal(rewriteInstruction('猫が好き', '好き', ' '), 'In the translation "猫が好き" rewrite only the part "好き": Word it differently. Keep the rest as it is.');
  });
});
