import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { MemoryHandlers } from '../../../src/app/memory/memoryHandlers.ts';
import { isAbort } from '../../../src/core/errors.ts';
import { candidateHash } from '../../../src/core/hash.ts';
import { findIn, needlesOf, type ConcordanceQuery } from '../../../src/core/memory/phrase.ts';
import type { ConcordanceHit, ConcordanceProgress } from '../../../src/protocol/memory.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { buildSet } from '../support/judgmentBuilders.ts';

const folders: string[] = [];
after(() => { for (const folder of folders) rmSync(folder, { recursive: true, force: true }); });

const plain: ConcordanceQuery = { text: '', side: 'both', words: false, matchCase: false };
const never = new AbortController().signal;

interface Line { readonly source: string; readonly target: string; readonly by?: string; readonly at?: string }

/** A workspace with an imported memory of these lines; a string is a line as it is. */
function memoryOf(lines: readonly (Line | string)[], name = 'old', languages = { source: 'en', target: 'ja' }): string {
  const root = mkdtempSync(join(tmpdir(), 'interlinear-concordance-'));
  folders.push(root);
  addFile(root, lines, name, languages);
  return root;
}

// The four are what a unit file is.
function addFile(root: string, lines: readonly (Line | string)[], name: string, languages: { readonly source: string; readonly target: string }): void {
  const folder = join(root, '.interlinear/memory');
  mkdirSync(folder, { recursive: true });
  const head = { format: 'interlinear-memory', version: 1, ...languages, origin: `${name}.tmx` };
  writeFileSync(join(folder, `${name}.${languages.source}.${languages.target}.jsonl`), [head, ...lines].map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
}

async function find(root: string, query: Partial<ConcordanceQuery>, { limit = 100, handlers = new MemoryHandlers() } = {}) {
  const hits: ConcordanceHit[] = [];
  const progress = (value: ConcordanceProgress): void => { hits.push(...value.hits); };
  const result = await handlers.memoryConcordance({ root, source: 'en', target: 'ja', ...plain, ...query, limit }, { signal: never, progress });
  return { hits, ...result, sources: hits.map(({ unit }) => unit.source) };
}

const rain: readonly Line[] = [
  { source: 'It is raining.', target: '雨が降っている。' },
  { source: 'Heavy rain fell in Rain Town.', target: '大雨が降った。' },
  { source: 'Take an umbrella.', target: '傘を持って。雨だから。' },
  { source: 'It is sunny.', target: '晴れです。' },
];

describe('what a concordance finds in a unit', () => {
  const found = (query: Partial<ConcordanceQuery>, unit: { readonly source: string; readonly target: string }) => findIn(unit, needlesOf({ ...plain, ...query }), { ...plain, ...query });

  it('is marked on both sides, with the length that it has there', () => {
    assert.deepEqual(found({ text: 'ﾌｧｲﾙ' }, { source: 'ファイル', target: 'Ｆ ﾌｧｲﾙ' }), { inSource: [{ start: 0, end: 4 }], inTarget: [{ start: 2, end: 6 }] });
    assert.deepEqual(found({ text: 'fi' }, { source: 'the ﬁne', target: '' }), { inSource: [{ start: 4, end: 5 }], inTarget: [] });
    assert.deepEqual(found({ text: 'がく' }, { source: 'か\u3099く', target: 'ﬁ か\u3099く' }), { inSource: [{ start: 0, end: 3 }], inTarget: [{ start: 2, end: 5 }] });
    assert.deepEqual(found({ text: 'a b' }, { source: 'a\u3000b a\nb', target: 'ab' }), { inSource: [{ start: 0, end: 3 }, { start: 4, end: 7 }], inTarget: [] });
  });

  it('is the phrase, or all words in any order on any side that counts', () => {
    const unit = { source: 'Heavy rain fell.', target: '大雨が降った。' };
    assert.equal(found({ text: 'rain heavy' }, unit), undefined);
    assert.deepEqual(found({ text: 'rain  heavy', words: true }, unit)?.inSource, [{ start: 0, end: 5 }, { start: 6, end: 10 }]);
    assert.deepEqual(found({ text: 'rain 雨', words: true }, unit), { inSource: [{ start: 6, end: 10 }], inTarget: [{ start: 1, end: 2 }] });
    assert.equal(found({ text: 'rain 雨', words: true, side: 'source' }, unit), undefined);
    assert.equal(found({ text: 'rain', side: 'target' }, unit), undefined);
  });

  it('has the case that was asked for, where that counts', () => {
    const unit = { source: 'US and us', target: 'ΟΔΟΣ' };
    assert.deepEqual(found({ text: 'us' }, unit)?.inSource, [{ start: 0, end: 2 }, { start: 7, end: 9 }]);
    assert.deepEqual(found({ text: 'US', matchCase: true }, unit)?.inSource, [{ start: 0, end: 2 }]);
    assert.equal(found({ text: 'Us', matchCase: true }, unit), undefined);
    assert.deepEqual(found({ text: 'οδοσ' }, unit)?.inTarget, [{ start: 0, end: 4 }]);
  });
});

describe('the concordance of a memory', () => {
  it('searches either side or one, by phrase or by words, and the same again from what it has folded', async () => {
    const root = memoryOf(rain);
    const handlers = new MemoryHandlers();
    for (let time = 0; time < 2; time++) {
      assert.deepEqual((await find(root, { text: 'RAIN' }, { handlers })).sources, [rain[0]?.source, rain[1]?.source]);
      assert.deepEqual((await find(root, { text: '雨' }, { handlers })).sources, rain.slice(0, 3).map(({ source }) => source));
      assert.deepEqual((await find(root, { text: '雨', side: 'source' }, { handlers })).sources, []);
      assert.deepEqual((await find(root, { text: 'is 雨', words: true }, { handlers })).sources, [rain[0]?.source]);
      assert.deepEqual((await find(root, { text: 'Rain', matchCase: true }, { handlers })).sources, [rain[1]?.source]);
      const nothing = await find(root, { text: ' ' }, { handlers });
      assert.deepEqual([nothing.sources, nothing.total, nothing.more], [[], 4, false]);
    }
    assert.deepEqual((await find(root, { text: 'rain', matchCase: true }, { handlers })).hits.map(({ inSource }) => inSource), [[{ start: 6, end: 10 }], [{ start: 6, end: 10 }]]);
  });

  it('says of each hit where it comes from, who made it and when: a segment, or a file', async () => {
    const root = memoryOf([{ source: 'Old rain.', target: '古い雨。', by: 'Naomi', at: '2026-01-02T03:04:05.000Z' }]);
    const set = buildSet(['新しい雨。'], { id: 's1', source: 'New rain.' });
    const [candidate] = ['新しい雨。'].map(candidateHash);
    await openWorkspaceStore(root, nodeStoreParts()).record(
      { act: 'accept', candidate: candidate ?? '', reviewer: 'tester', document: set.segment.document, segment: 's1', sourceLanguage: 'en', targetLanguage: 'ja' },
      { set, shown: { order: [candidate ?? ''], blind: false, elapsedMs: 5 } },
    );
    const { hits: [judged, old], total } = await find(root, { text: 'rain' });
    assert.equal(total, 2);
    assert.deepEqual([judged?.unit.by, judged?.place], ['tester', { document: set.segment.document, segment: 's1' }]);
    assert.ok(Math.abs(Date.parse(judged?.unit.at ?? '') - Date.now()) < 60_000);
    assert.deepEqual([old?.unit.origin, old?.unit.by, old?.unit.at, old?.place], ['old.tmx', 'Naomi', '2026-01-02T03:04:05.000Z', undefined]);
  });

  it('ends at its limit and says that there is more only where there is', async () => {
    const root = memoryOf(rain);
    const few = await find(root, { text: '雨' }, { limit: 2 });
    assert.deepEqual([few.sources, few.more], [rain.slice(0, 2).map(({ source }) => source), true]);
    assert.equal((await find(root, { text: '雨' }, { limit: 3 })).more, false);
  });

  it('counts units as the index does, over lines that are none and over many pieces of a file', async () => {
    const filler = 'x'.repeat(200);
    const lines = Array.from({ length: 20_000 }, (_, number) => (number % 1000 === 7 ? 'no unit' : { source: `${filler} ${String(number)}`, target: number % 5000 === 11 ? '雨\n\u2028雨' : filler }));
    const root = memoryOf(lines);
    assert.deepEqual((await find(root, { text: '雨 雨' })).hits.length, 0);
    assert.deepEqual((await find(root, { text: '雨  雨' })).sources.map((source) => Number(source.split(' ')[1])), [11, 5011, 10_011, 15_011]);
    const reports: ConcordanceProgress[] = [];
    await new MemoryHandlers().memoryConcordance({ root, source: 'en', target: 'ja', ...plain, text: 'nowhere', limit: 5 }, { signal: never, progress: (value) => { reports.push(value); } });
    assert.deepEqual(reports.at(-1), { hits: [], done: 19_980, total: 19_980 });
  });

  it('stops when a newer search takes its place, which goes on from there', async () => {
    const lines = Array.from({ length: 60_000 }, (_, number) => ({ source: `A sentence of some length with the number ${String(number)}`, target: '文。' }));
    const root = memoryOf(lines);
    const handlers = new MemoryHandlers();
    const older = new AbortController();
    const query = { root, source: 'en', target: 'ja', ...plain, limit: 100_000 };
    const superseded = handlers.memoryConcordance({ ...query, text: 'sentence' }, { signal: older.signal, progress: () => { older.abort(); } });
    await assert.rejects(superseded, isAbort);
    const both = await Promise.all([find(root, { text: 'number 59999' }, { handlers }), find(root, { text: 'number 5' }, { handlers, limit: 20_000 })]);
    assert.deepEqual(both.map(({ sources }) => sources.length), [1, 11_111]);
  });

  it('knows in which directions there is something', async () => {
    const root = memoryOf(rain);
    addFile(root, rain, 'us', { source: 'en-US', target: 'ja' });
    addFile(root, rain, 'german', { source: 'de', target: 'en' });
    assert.deepEqual(await new MemoryHandlers().memoryPairs({ root }), [{ source: 'de', target: 'en' }, { source: 'en', target: 'ja' }]);
  });
});
