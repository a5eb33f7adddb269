import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import { rankCandidates } from '../../../src/core/ranking/rankCandidates.ts';
import { matrixFor, setAsideUnscored } from '../../../src/core/ranking/unscored.ts';
import { candidate, chrfSettings } from './support.ts';

const three = ['a', 'b', 'c'].map((text) => candidate(text));

describe('candidates that a model gave no number for', () => {
  it('are marked, rank last, have no score, and weigh nothing in the others', () => {
    const data = Float32Array.from([0.9, NaN, 0.5, NaN, NaN, NaN, 0.4, NaN, 0.8]);
    const { candidates, utilityMatrix } = setAsideUnscored(three, { rows: 3, cols: 3, data });
    const ranked = rankCandidates(candidates, { utilityMatrix, settings: { ...chrfSettings, utility: 'comet' } });
    assert.deepEqual(ranked.map(({ text, rank }) => [text, rank]), [['a', 1], ['c', 2], ['b', 3]]);
    assert.deepEqual(ranked.map(({ scores }) => scores.mbr?.toFixed(3)), ['0.700', '0.600', undefined]);
    assert.deepEqual(ranked[2]?.issues?.map(({ kind }) => kind), ['notScored']);
  });

  it('are found by a single infinite pair too', () => {
    const data = Float32Array.from([0.9, 0.5, 0.5, 0.3, 0.8, Infinity, 0.4, 0.6, 0.8]);
    const { candidates } = setAsideUnscored(three, { rows: 3, cols: 3, data });
    assert.deepEqual(candidates.map(({ issues }) => issues?.length ?? 0), [0, 1, 0]);
  });

  it('leave a sound matrix as it is', () => {
    const matrix = { rows: 3, cols: 3, data: new Float32Array(9).fill(0.5) };
    assert.equal(setAsideUnscored(three, matrix).utilityMatrix, matrix);
  });
});

describe('utilities in another order', () => {
  it('are put into the candidates\' order', () => {
    const given = { texts: ['b', 'a'], matrix: { rows: 2, cols: 2, data: Float32Array.from([1, 2, 3, 4]) } };
    assert.deepEqual([...matrixFor(['a', 'b'], given).data], [4, 3, 2, 1]);
  });

  it('must hold every candidate', () => {
    const given = { texts: ['b'], matrix: { rows: 1, cols: 1, data: Float32Array.from([1]) } };
    assert.throws(() => matrixFor(['a'], given), (error: unknown) => error instanceof AppError && error.code === 'ranking.badSettings');
  });
});
