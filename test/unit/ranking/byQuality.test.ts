import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Candidate } from '../../../src/core/candidate.ts';
import { rankByQuality } from '../../../src/core/ranking/byQuality.ts';

const candidate = (text: string): Candidate => ({ text, count: 1, origin: 'm', scores: { mbr: 0.5 } });

describe('ranking by quality estimates', () => {
  it('puts the best first, lets equals share a rank, and keeps the other scores', () => {
    const ranked = rankByQuality(['a', 'b', 'c', 'd'].map(candidate), [0.2, 0.9, 0.2, 1.1]);
    assert.deepEqual(ranked.map(({ text, rank }) => [text, rank]), [['d', 1], ['b', 2], ['a', 3], ['c', 3]]);
    assert.deepEqual(ranked[0]?.scores, { mbr: 0.5, quality: 1.1 });
  });

  it('marks what has no number and ranks it last with what is broken', () => {
    const broken: Candidate = { ...candidate('b'), issues: [{ kind: 'empty', detail: '' }] };
    const ranked = rankByQuality([candidate('a'), broken, candidate('c')], [NaN, 0.9, 0.1]);
    assert.deepEqual(ranked.map(({ text, rank }) => [text, rank]), [['c', 1], ['b', 2], ['a', 3]]);
    assert.deepEqual(ranked[2]?.issues?.map(({ kind }) => kind), ['notScored']);
    assert.equal(ranked[2].scores.quality, undefined);
  });
});
