import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionMemory, type MemoryAccess } from '../../../src/app/review/sessionMemory.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import { sameSignature } from '../../../src/app/translation/sameSignature.ts';
import { translateSegment, type RunContext } from '../../../src/app/translation/translateSegment.ts';
import { xliff } from '../../../src/core/document/xliff.ts';
import { AppError } from '../../../src/core/errors.ts';
import { candidateHash } from '../../../src/core/hash.ts';
import type { MemoryMatch } from '../../../src/core/memory/unit.ts';
import type { MemoryCalls } from '../../../src/protocol/memory.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates, translate } from './support.ts';

const never = new AbortController().signal;
const match: MemoryMatch = { kind: 'fuzzy', score: 80, unit: { source: 'Hello there', target: 'やあ、こんにちは', origin: 'old.tmx' } };

interface Told {
  readonly queries: MemoryCalls['memoryQuery']['params'][];
  readonly puts: MemoryCalls['memoryPut']['params'][];
  readonly problems: AppError[];
}

/** A fake: answers what it is told to. */
function fakeMemory(answer: () => readonly MemoryMatch[]): { readonly access: MemoryAccess; readonly told: Told } {
  const told: Told = { queries: [], puts: [], problems: [] };
  const access: MemoryAccess = {
    root: '/ws', limits: { count: 3, least: 70 },
    onProblem: (problem) => { told.problems.push(problem); },
    remembering: {
      query: async (params) => {
        told.queries.push(params);
        return Promise.resolve({ matches: [answer()], problems: [] });
      },
      put: async (params) => { told.puts.push(params); return Promise.resolve(); },
    },
  };
  return { access, told };
}

async function runWith(parts: readonly ('memory' | 'prefix')[], matches: readonly MemoryMatch[]): Promise<{ readonly run: RunContext; readonly backend: FakeBackend }> {
  const backend = new FakeBackend(threeCandidates, { parts });
  const memory = { examples: 1, matches: () => Promise.resolve(matches) };
  return { backend, run: { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: '', version: '0', memory } };
}

describe('memory matches of a translation', () => {
  it('are examples where the prompt has a place for them, and candidates that say so', async () => {
    const bench = await openBench();
    const [job] = bench.session.pending();
    assert.ok(job !== undefined);
    const other: MemoryMatch = { ...match, score: 75, unit: { ...match.unit, target: 'どうも' } };
    const { run, backend } = await runWith(['memory'], [match, other]);
    const { candidates, signature } = await translateSegment(run, job, () => undefined, never);
    assert.deepEqual(backend.requests[0]?.context?.memory, [{ source: 'Hello there', target: 'やあ、こんにちは' }]);
    assert.equal(signature.memory?.examples, 1);
    assert.ok(sameSignature(signature, { ...signature, memory: { examples: 1, hash: 'x' } }), 'a new match makes nothing stale');
    assert.deepEqual(candidates.filter(({ origin }) => origin === 'memory').map(({ text, count, memory }) => [text, count, memory?.score]), [['やあ、こんにちは', 0, 80], ['どうも', 0, 75]]);
  });

  it('stay out of a prompt without a place for them', async () => {
    const bench = await openBench();
    const [job] = bench.session.pending();
    assert.ok(job !== undefined);
    const { run, backend } = await runWith(['prefix'], [match]);
    const { candidates, signature } = await translateSegment(run, job, () => undefined, never);
    assert.deepEqual([backend.requests[0]?.context?.memory, signature.memory], [undefined, undefined]);
    assert.equal(candidates.length, 4);
  });
});

describe('the memory of a review', () => {
  it('is asked with the segment\'s place and told of every judgment and its undo', async () => {
    const { access, told } = fakeMemory(() => []);
    const bench = await openBench({ memory: access });
    await translate(bench);
    const [first, second] = bench.session.views();
    assert.ok(first !== undefined && second !== undefined && bench.memory !== undefined);
    await bench.memory.matches(second.id);
    const query = told.queries[0]?.queries[0];
    assert.equal(query?.source, 'It rains.');
    assert.deepEqual(query.place, { document: 'letter.en.md', segment: second.id });
    assert.ok(query.context?.previous !== undefined && query.context.next !== undefined);
    const candidate = first.candidates[0]?.hash ?? '';
    await bench.session.act({ segment: first.id, order: [candidate], elapsedMs: 1, what: { act: 'accept', candidate } });
    await bench.session.act({ segment: first.id, order: [candidate], elapsedMs: 1, what: { act: 'undo' } });
    assert.deepEqual(told.puts.map(({ unit }) => unit?.target), ['Hello一', undefined]);
    const { events } = await bench.store.journal();
    assert.deepEqual(Object.keys(events[0]?.context ?? {}), ['next']);
  });

  it('adds what it has learned to a segment that was translated before, once, and not to a judged one', async () => {
    let answer: readonly MemoryMatch[] = [match];
    const { access } = fakeMemory(() => answer);
    const bench = await openBench({ memory: access });
    await translate(bench);
    const [first] = bench.session.views();
    assert.ok(first !== undefined && bench.memory !== undefined);
    const look = async (): Promise<void> => { await bench.session.sets.recall(first.id, await bench.memory?.matches(first.id) ?? []); };
    await look();
    const told = bench.views.length;
    await look();
    assert.equal(bench.views.length, told);
    const texts = (): readonly string[] => bench.session.views()[0]?.candidates.map(({ candidate: { text } }) => text) ?? [];
    assert.deepEqual([texts().length, texts().includes('やあ、こんにちは')], [4, true]);
    answer = [];
    await look();
    assert.deepEqual([texts().length, texts().includes('やあ、こんにちは')], [3, false]);
    answer = [match];
    await look();
    const candidate = candidateHash('やあ、こんにちは');
    await bench.session.act({ segment: first.id, order: [candidate], elapsedMs: 1, what: { act: 'accept', candidate } });
    answer = [];
    await look();
    assert.equal(texts().length, 4);
    const { sets } = await bench.store.candidates.load('letter.en.md', 'ja');
    assert.equal(sets.find(({ segment }) => segment.id === first.id)?.candidates.length, 4);
  });

  it('is asked with what the file proposes for a segment, but not in another direction', async () => {
    const { access, told } = fakeMemory(() => []);
    const text = '<xliff version="1.2"><file source-language="en" target-language="ja"><body><trans-unit id="a"><source>It rains.</source><alt-trans match-quality="80"><source>It rained.</source><target>降った</target></alt-trans><alt-trans origin="MT"><target>雨だ</target></alt-trans></trans-unit><trans-unit id="b"><source>Rain</source></trans-unit></body></file></xliff>';
    const { segments } = xliff.parse(text, { path: 'a.xlf', sourceLanguage: 'en', targetLanguage: 'ja' });
    const memory = await SessionMemory.open(access, { key: 'a.xlf', segments }, { source: 'en', target: 'ja' });
    for (const { id } of segments) await memory.matches(id);
    await memory.inDirection({ source: 'en', target: 'de' }, access.limits).matches(segments[0]?.id ?? '');
    assert.deepEqual(told.queries.map(({ queries }) => queries[0]?.proposed), [
      [{ unit: { source: 'It rained.', target: '降った', origin: 'a.xlf' }, score: 80 }, { unit: { source: 'It rains.', target: '雨だ', origin: 'MT' } }], undefined, undefined,
    ]);
  });

  it('that cannot be read is told of and keeps nobody waiting', async () => {
    const { access, told } = fakeMemory(() => { throw new AppError('store.unwritable', { path: 'x', reason: 'EIO' }); });
    const bench = await openBench({ memory: access });
    assert.deepEqual(await bench.memory?.matches(bench.session.views()[0]?.id ?? ''), []);
    assert.deepEqual(told.problems.map(({ code }) => code), ['store.unwritable']);
  });
});
