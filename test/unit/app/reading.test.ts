import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidatePairs, type Reading } from '../../../src/app/review/reading.ts';
import { openRecord } from '../../../src/app/review/segmentRecord.ts';
import { buildSet } from '../support/judgmentBuilders.ts';

/** Segments `s1` on, of which every third is held out and every fourth has no candidates yet. */
function reading(count: number, candidates: readonly string[]): Reading {
  const set = buildSet([...candidates]);
  const records = new Map(Array.from({ length: count }, (_, index) => {
    const [id, number] = [`s${index + 1}`, index + 1];
    const segment = { id, source: id, range: { start: 0, end: 0 }, gap: { start: 0, end: 0 }, protectedSpans: [], kind: 'sentence', block: index } as const;
    const about = { number, segment, ref: { ...set.segment, id }, heldOut: number % 3 === 0, draft: undefined };
    return [id, openRecord(about, number % 4 === 0 ? [] : [set])];
  }));
  const record: Reading['record'] = (id) => records.get(id) ?? assert.fail(id);
  return { order: [...records.keys()], record, judgment: () => undefined, isJudged: () => false };
}

const texts = Array.from({ length: 16 }, (_, index) => `text ${index}`);

describe('what the aligner learns from', () => {
  it('is every candidate of a letter, but none of what is held out', async () => {
    const pairs = await candidatePairs(reading(8, texts));
    assert.deepEqual([...new Set(pairs.map(({ source }) => source))], ['s1', 's2', 's5', 's7']);
    assert.equal(pairs.length, 4 * 16);
  });

  it('is the best candidates of each segment of a book, and of a library so many segments, spread over all of it', async () => {
    const book = await candidatePairs(reading(800, texts));
    assert.deepEqual([...new Set(book.map(({ target }) => target))], texts.slice(0, 5));
    assert.equal(book.length, 400 * 5);
    const library = await candidatePairs(reading(60_000, texts));
    assert.ok(library.length > 1000 && library.length <= 2000, String(library.length));
    assert.deepEqual([...new Set(library.map(({ target }) => target))], texts.slice(0, 1));
    const at = library.map(({ source }) => Number(source.slice(1)));
    assert.ok((at[0] ?? 0) < 100 && (at.at(-1) ?? 0) > 59_900);
  });
});
