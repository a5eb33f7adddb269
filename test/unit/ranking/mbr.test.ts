import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hybridScores, zScores } from '../../../src/core/ranking/hybrid.ts';
import { mbrScores, softmax } from '../../../src/core/ranking/mbr.ts';

const utilities = { size: 3, data: Float64Array.of(1, 0.6, 0.2, 0.5, 1, 0.4, 0.1, 0.3, 1) };

function assertScores(found: readonly (number | undefined)[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, index) => assert.ok(Math.abs((found[index] ?? NaN) - value) <= 1e-12, `${String(found[index])}, not ${String(value)}`));
}

describe('mbrScores', () => {
  it('is the mean weighted by counts, self included', () => {
    assertScores(mbrScores(utilities, { kind: 'counts', counts: [2, 1, 1] }, true), [(2 + 0.6 + 0.2) / 4, (1 + 1 + 0.4) / 4, (0.2 + 0.3 + 1) / 4]);
  });

  it('drops one occurrence of the candidate itself', () => {
    assertScores(mbrScores(utilities, { kind: 'counts', counts: [2, 1, 1] }, false), [(1 + 0.6 + 0.2) / 3, (1 + 0.4) / 3, (0.2 + 0.3) / 3]);
  });

  it('weighs by probability, and without self by that of the others', () => {
    const evidence = { kind: 'logProbs', logProbs: [Math.log(0.2), Math.log(0.1), Math.log(0.1)] } as const;
    assertScores(mbrScores(utilities, evidence, true), [0.5 + 0.6 / 4 + 0.2 / 4, 0.25 + 0.25 + 0.1, 0.05 + 0.075 + 0.25]);
    assertScores(mbrScores(utilities, evidence, false), [0.4, (2 * 0.5 + 0.4) / 3, (2 * 0.1 + 0.3) / 3]);
  });

  it('stays defined without self where one text has all the probability', () => {
    const found = mbrScores(utilities, { kind: 'logProbs', logProbs: [0, -2000, -2000] }, false);
    assertScores(found, [0.4, 0.5, 0.1]);
  });

  it('scores texts of weight 0 against the others', () => {
    assertScores(mbrScores(utilities, { kind: 'counts', counts: [0, 3, 1] }, true), [(1.8 + 0.2) / 4, 3.4 / 4, 1.9 / 4]);
  });

  it('has no score for a single sample, nor where nothing may be compared with', () => {
    const one = { size: 1, data: Float64Array.of(1) };
    assert.deepEqual(mbrScores(one, { kind: 'counts', counts: [1] }, true), [undefined]);
    assert.deepEqual(mbrScores(one, { kind: 'counts', counts: [4] }, false), [1]);
    assert.deepEqual(mbrScores(one, { kind: 'logProbs', logProbs: [-3] }, true), [undefined]);
    assert.deepEqual(mbrScores(utilities, { kind: 'counts', counts: [0, 0, 0] }, true), [undefined, undefined, undefined]);
  });

  it('refuses weights that do not fit the utilities', () => {
    assert.throws(() => mbrScores(utilities, { kind: 'counts', counts: [1, 1] }, true), { code: 'ranking.badSettings' });
  });
});

describe('softmax', () => {
  it('sums to one for log-probabilities far below the smallest double', () => {
    assert.deepEqual(softmax([-5000, -5000, -Infinity]), [0.5, 0.5, 0]);
  });
});

describe('hybridScores', () => {
  it('standardises with weights and floors the deviation', () => {
    assert.deepEqual(zScores([0, 1], [1, 1]), [-1, 1]);
    assert.deepEqual(zScores([0, 1], [3, 1]).map((z) => Number(z.toFixed(4))), [-0.5774, 1.7321]);
    assert.deepEqual(zScores([0.5, 0.502], [1, 1]).map((z) => Number(z.toFixed(6))), [-0.1, 0.1]);
  });

  it('adds the alignment term with its weight, standardised or raw', () => {
    const terms = { mbr: [0.2, 0.4], align: [1, 0.5], weights: [1, 1] };
    assert.deepEqual(hybridScores(terms, 0.5, 'zscore').map((s) => Number(s.toFixed(6))), [-0.5, 0.5]);
    assert.deepEqual(hybridScores(terms, 0.5, 'raw').map((s) => Number(s.toFixed(6))), [0.7, 0.65]);
  });
});
