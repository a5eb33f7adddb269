import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Coverage } from '../../../src/core/alignment/aligner.ts';
import { foldCandidates } from '../../../src/core/ranking/fold.ts';
import { rankCandidates, rankWithChrf } from '../../../src/core/ranking/rankCandidates.ts';
import { candidate, chrfSettings, distinctTexts, maxDifference, mbrByText, text } from './support.ts';

const identity = (size: number): { size: number; data: Float64Array } => ({
  size,
  data: Float64Array.from({ length: size * size }, (_, cell) => (cell % (size + 1) === 0 ? 1 : 0.5)),
});

const covers = (source: number, target: number): Coverage => ({ source, target, uncoveredSource: [], uncoveredTarget: [] });

describe('foldCandidates', () => {
  it('adds counts, gathers origins and keeps the first appearance', () => {
    const folded = foldCandidates([
      candidate('a', { origin: 'm' }),
      candidate('b', { origin: 'm' }),
      candidate('a', { origin: 't', count: 3, logProb: -2 }),
      candidate('b', { origin: 'm' }),
    ]);
    assert.deepEqual(folded, [
      { text: 'a', count: 4, origin: 'm', origins: ['m', 't'], logProb: -2, scores: {} },
      { text: 'b', count: 2, origin: 'm', scores: {} },
    ]);
  });
});

describe('foldCandidates on samples that a limit cut off', () => {
  const cut = { kind: 'truncated', detail: '512 tokens' } as const;
  const extra = { kind: 'placeholderExtra', detail: '⟦2⟧' } as const;

  it('takes a text for whole where another sample ended there by itself, whichever came first', () => {
    for (const samples of [[candidate('a', { issues: [cut, extra] }), candidate('a', { issues: [extra] })], [candidate('a', { issues: [extra] }), candidate('a', { issues: [cut, extra] })]]) {
      assert.deepEqual(foldCandidates(samples)[0]?.issues, [extra]);
    }
    assert.equal('issues' in (foldCandidates([candidate('a', { issues: [cut] }), candidate('a')])[0] ?? {}), false);
  });

  it('says so where all of them were cut', () => {
    assert.deepEqual(foldCandidates([candidate('a', { issues: [cut] }), candidate('a', { issues: [cut] })])[0]?.issues, [cut]);
  });
});

describe('rankWithChrf', () => {
  it('keeps scores when candidates are permuted', () => {
    fc.assert(fc.property(distinctTexts, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (texts, keys) => {
      const shuffled = texts.map((entry, index) => ({ entry, key: keys[index] ?? 0 })).sort((a, b) => a.key - b.key).map(({ entry }) => entry);
      const scoresOf = (list: readonly string[]): Map<string, number> => mbrByText(rankWithChrf(list.map((entry) => candidate(entry)), chrfSettings));
      assert.ok(maxDifference(scoresOf(texts), scoresOf(shuffled)) <= 1e-12);
    }));
  });

  it('treats repeated texts and counts alike, with self or without', () => {
    const repeated = fc.array(fc.tuple(text, fc.integer({ min: 1, max: 4 })), { minLength: 2, maxLength: 6 });
    fc.assert(fc.property(repeated, fc.boolean(), (list, includeSelf) => {
      const settings = { ...chrfSettings, includeSelf };
      const spread = list.flatMap(([entry, count]) => Array.from({ length: count }, () => candidate(entry)));
      const counted = list.map(([entry, count]) => candidate(entry, { count }));
      assert.deepEqual(rankWithChrf(spread, settings), rankWithChrf(counted, settings));
    }));
  });

  it('does not change when all counts are scaled and self is included', () => {
    fc.assert(fc.property(distinctTexts, fc.integer({ min: 2, max: 9 }), (texts, factor) => {
      const scoresBy = (scale: number): Map<string, number> =>
        mbrByText(rankWithChrf(texts.map((entry, index) => candidate(entry, { count: scale * (1 + (index % 3)) })), chrfSettings));
      assert.ok(maxDifference(scoresBy(1), scoresBy(factor)) <= 1e-12);
    }));
  });

  it('gives scores of 0 to 1 and ranks that agree with them', () => {
    fc.assert(fc.property(fc.array(text, { minLength: 2, maxLength: 9 }), fc.boolean(), (texts, includeSelf) => {
      const ranked = rankWithChrf(texts.map((entry) => candidate(entry)), { ...chrfSettings, includeSelf, utility: 'chrf++' });
      ranked.forEach(({ scores, rank = 0 }, index) => {
        assert.ok(scores.mbr !== undefined && scores.mbr >= 0 && scores.mbr <= 1);
        const better = ranked.filter((other) => (other.scores.mbr ?? 0) > (scores.mbr ?? 0) + 1e-9).length;
        assert.equal(rank, better + 1, `place ${String(index)}`);
      });
    }));
  });

  it('has a rank and no score for a single sample', () => {
    assert.deepEqual(rankWithChrf([candidate('a')], chrfSettings), [{ text: 'a', count: 1, origin: 'model', scores: {}, rank: 1 }]);
    assert.deepEqual(rankWithChrf([], chrfSettings), []);
  });
});

describe('rankCandidates', () => {
  it('gives ties the better rank in the order given', () => {
    const ranked = rankCandidates([candidate('a'), candidate('b'), candidate('c', { count: 2 })], { utilityMatrix: identity(3), settings: chrfSettings });
    assert.deepEqual(ranked.map(({ text: entry, rank }) => [entry, rank]), [['c', 1], ['a', 2], ['b', 2]]);
  });

  it('puts broken candidates last and lets nobody be compared with them', () => {
    const broken = candidate('b', { count: 9, issues: [{ kind: 'truncated', detail: '' }] });
    const ranked = rankCandidates([broken, candidate('a'), candidate('c')], { utilityMatrix: identity(3), settings: chrfSettings });
    assert.deepEqual(ranked.map(({ text: entry, rank, scores }) => [entry, rank, scores.mbr]), [['a', 1, 0.75], ['c', 1, 0.75], ['b', 3, 0.5]]);
  });

  it('orders by the hybrid score where λ is above 0, and keeps both terms apart', () => {
    const ranked = rankCandidates([candidate('a', { count: 2 }), candidate('b')], { utilityMatrix: identity(2), settings: { ...chrfSettings, lambda: 3 }, coverage: [covers(0.4, 0.6), covers(1, 1)] });
    assert.deepEqual(ranked.map(({ text: entry }) => entry), ['b', 'a']);
    assert.deepEqual(ranked.map(({ scores }) => scores.sourceCoverage), [1, 0.4]);
    assert.deepEqual(ranked.map(({ scores }) => scores.mbr?.toFixed(6)), ['0.666667', '0.833333']);
    const plain = rankCandidates([candidate('a', { count: 2 }), candidate('b')], { utilityMatrix: identity(2), settings: chrfSettings, coverage: [covers(0.4, 0.6), covers(1, 1)] });
    assert.deepEqual(plain.map(({ text: entry, scores }) => [entry, scores.hybrid]), [['a', undefined], ['b', undefined]]);
  });

  it('gives a teacher whose text the model has not scored no weight by probability, and ranks it all the same', () => {
    const settings = { ...chrfSettings, weights: 'probability' as const };
    const rest = [candidate('a', { logProb: -1 }), candidate('b', { logProb: -2 })];
    const input = { utilityMatrix: identity(3), settings };
    const ranked = rankCandidates([...rest, candidate('c', { teacher: true })], input);
    assert.deepEqual(ranked.map(({ text: entry, rank, scores }) => [entry, rank, scores.mbr?.toFixed(3)]), [['a', 1, '0.866'], ['b', 2, '0.634'], ['c', 3, '0.500']]);
    const scored = rankCandidates([...rest, candidate('c', { teacher: true, logProb: -1 })], input);
    assert.ok((scored.find(({ text: entry }) => entry === 'c')?.scores.mbr ?? 0) > 0.7);
  });

  it('keeps scores that it does not compute', () => {
    const marked = candidate('a', { scores: { sourceCoverage: 0.5, mbr: 0.9 } });
    assert.deepEqual(rankCandidates([marked], { utilityMatrix: identity(1), settings: chrfSettings }).map(({ scores }) => scores), [{ sourceCoverage: 0.5 }]);
  });

  it('names settings that cannot be followed', () => {
    const two = [candidate('a'), candidate('b')];
    const input = { utilityMatrix: identity(2), settings: chrfSettings };
    const named = (name: string) => (error: unknown): boolean => JSON.stringify(error).includes('ranking.badSettings') && JSON.stringify(error).includes(`"name":"${name}"`);
    assert.throws(() => rankCandidates(two, { ...input, settings: { ...chrfSettings, lambda: -1 } }), named('lambda'));
    assert.throws(() => rankCandidates(two, { ...input, settings: { ...chrfSettings, lambda: 1 } }), named('lambda'));
    assert.throws(() => rankCandidates(two, { ...input, settings: { ...chrfSettings, weights: 'probability' } }), named('weights'));
    assert.throws(() => rankCandidates(two, { ...input, utilityMatrix: identity(3) }), named('utilityMatrix'));
    assert.throws(() => rankCandidates([candidate('a'), candidate('a')], input), named('candidates'));
    assert.throws(() => rankCandidates([candidate('a', { count: 0 }), candidate('b')], input), named('count'));
  });
});
