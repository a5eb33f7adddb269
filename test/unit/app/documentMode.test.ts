import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentContext, isDocumentMode, isFresh } from '../../../src/app/translation/documentContext.ts';
import { sameSignature } from '../../../src/app/translation/sameSignature.ts';
import { signatureOf, type RunContext } from '../../../src/app/translation/translateSegment.ts';
import { TranslationRun } from '../../../src/app/translation/translationRun.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import type { CandidateSet } from '../../../src/core/candidate.ts';
import { estimateTokens } from '../../../src/core/prompting/budget.ts';
import { FakeBackend, type Answer } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates, type Bench } from './support.ts';

const never = new AbortController().signal;

async function contextOf(bench: Bench, contextTokens = 100, answer = threeCandidates): Promise<RunContext & { readonly backend: FakeBackend }> {
  const backend = new FakeBackend(answer, { parts: ['previous'], parallelism: 4 });
  const settings = { ...defaultRun, contextTokens };
  return { backend, description: await backend.describe(), compute: inProcess, settings, aligner: 'none', version: '0', earlier: (segment) => bench.session.earlier(segment) };
}

function fresh(context: RunContext): (set: CandidateSet) => boolean {
  return (set) => isFresh(context, set);
}

function idOf(bench: Bench, number: number): string {
  return bench.session.views()[number - 1]?.id ?? '';
}

async function accept(bench: Bench, number: number, text: string): Promise<void> {
  const view = bench.session.views()[number - 1];
  const candidate = view?.candidates.find((row) => row.candidate.text === text)?.hash;
  assert.ok(view !== undefined && candidate !== undefined);
  await bench.session.act({ segment: view.id, order: [], elapsedMs: 1, what: { act: 'accept', candidate } });
}

/** What is best in the first segment is polite. */
const greetings: Answer = (request) => (request.source === 'Hello'
  ? ['こんにちはと言います。', 'こんにちはと言います。', 'こんにちはと申します。', 'こんにちはと言う。']
  : threeCandidates(request));

describe('document mode', () => {
  it('gives each segment those before it with their best translations, in order', async () => {
    const bench = await openBench();
    const context = await contextOf(bench);
    const result = await new TranslationRun(context, bench.session.pending(), bench.session).run(never);
    assert.equal(result.done, 4);
    assert.deepEqual(context.backend.requests.map(({ context: given }) => given?.previous?.map(({ target }) => target)), [
      [], ['Hello一'], ['Hello一', 'It rains.一'], ['Hello一', 'It rains.一', 'I stay at home.一'],
    ]);
    assert.deepEqual(bench.session.views().map((view) => [view.context?.previous, view.context?.cut]), [[0, 0], [1, 0], [2, 0], [3, 0]]);
  });

  it('keeps to the budget, newest first, and says what was cut', async () => {
    const bench = await openBench();
    const roomForOne = estimateTokens('I stay at home.') + estimateTokens('I stay at home.一') + 10;
    const context = await contextOf(bench, roomForOne);
    await new TranslationRun(context, bench.session.pending(), bench.session).run(never);
    const last = bench.session.views()[3];
    assert.deepEqual([last?.context?.previous, last?.context?.cut], [1, 2]);
    const tight = { ...context, description: { ...context.description, contextLength: 64 + 200 + 1 } };
    assert.equal((await documentContext(tight, idOf(bench, 4), 'See you'))?.used.previous, 0);
  });

  it('is off without a budget, and for a model whose prompt has no place for it', async () => {
    const bench = await openBench();
    const context = await contextOf(bench);
    assert.ok(isDocumentMode(context));
    assert.ok(!isDocumentMode({ ...context, settings: defaultRun }));
    assert.ok(!isDocumentMode({ ...context, description: { ...context.description, parts: ['prefix'] } }));
    const on = signatureOf(context, 'a');
    assert.ok(sameSignature(on, { ...on, promptHash: 'b', context: { previous: 3, cut: 0, hash: 'x' } }));
    assert.ok(!sameSignature(on, signatureOf({ ...context, settings: defaultRun }, 'a')), 'other settings, other sets');
  });

  it('makes later sets anew when another register was accepted, never under the reader; other words leave them as they are', async () => {
    const bench = await openBench();
    const context = await contextOf(bench, 100, greetings);
    await new TranslationRun(context, bench.session.pending(), bench.session).run(never);
    bench.session.focus(idOf(bench, 1));
    await accept(bench, 1, 'こんにちはと言います。');
    const window = bench.session.ahead(idOf(bench, 2), 5);
    assert.deepEqual(window, [2, 3, 4].map((number) => idOf(bench, number)));
    assert.deepEqual(bench.session.markStale(window, fresh(context)), [], 'the expected text was accepted');
    await accept(bench, 1, 'こんにちはと申します。');
    assert.deepEqual(bench.session.markStale(window, fresh(context)), [], 'other words in the same voice');
    bench.session.focus(idOf(bench, 2));
    await accept(bench, 1, 'こんにちはと言う。');
    const jobs = bench.session.markStale(window, fresh(context));
    assert.deepEqual(jobs.map(({ ref }) => ref.id), [3, 4].map((number) => idOf(bench, number)));
    const again = { ...context, backend: new FakeBackend(() => ['新しい']) };
    const run = new TranslationRun(again, bench.session.pending(), bench.session);
    bench.session.focus(idOf(bench, 3));
    await run.run(never);
    const texts = (): readonly (string | undefined)[] => bench.session.views().map((view) => view.candidates[0]?.candidate.text);
    assert.deepEqual(texts(), ['こんにちはと言います。', 'It rains.一', 'I stay at home.一', '新しい'], 'the reader has just come to 3: it waits');
    bench.session.focus(idOf(bench, 4));
    assert.equal(texts()[2], '新しい');
    assert.equal(bench.session.pending().length, 0);
  });

  it('what the reader is at goes first, then what follows; offered jobs are done once', async () => {
    const bench = await openBench();
    const context = { ...(await contextOf(bench, 0)), description: { ...(await contextOf(bench)).description, parallelism: 1 } };
    const jobs = bench.session.pending();
    const run = new TranslationRun(context, jobs.slice(0, 3), bench.session);
    run.offer(jobs.slice(2));
    run.prioritise([idOf(bench, 3), idOf(bench, 4)]);
    await run.run(never);
    assert.deepEqual(context.backend.requests.map(({ segmentKey }) => segmentKey), [3, 4, 1, 2].map((number) => idOf(bench, number)));
  });
});
