import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { estimateTokens, fitPrevious } from '../../../../src/core/prompting/budget.ts';

const count = (text: string): number => text.length;
const pair = (name: string): { source: string; target: string } => ({ source: name, target: name });

describe('previous segments within a budget', () => {
  it('keeps the newest and says how many were cut', () => {
    const previous = ['aaaa', 'bbbb', 'cccc'].map(pair);
    assert.deepEqual(fitPrevious({ previous, instruction: 'x' }, 32, count), { context: { previous: previous.slice(1), instruction: 'x' }, cut: 1 });
    assert.deepEqual(fitPrevious({ previous }, 31, count).cut, 2);
    assert.deepEqual(fitPrevious({}, 10, count), { context: { previous: [] }, cut: 0 });
  });

  it('never exceeds the budget, and cuts only the oldest', () => {
    fc.assert(fc.property(fc.array(fc.string()), fc.nat(200), (names, budget) => {
      const previous = names.map(pair);
      const { context, cut } = fitPrevious({ previous }, budget, count);
      const kept = context.previous ?? [];
      assert.deepEqual(kept, previous.slice(cut));
      assert.ok(kept.reduce((sum, { source, target }) => sum + source.length + target.length + 8, 0) <= budget);
    }));
  });

  it('estimates rather too many tokens than too few', () => {
    assert.equal(estimateTokens('雨が降っている。'), 8);
    assert.equal(estimateTokens('It is raining cats and dogs.'), 10);
    assert.equal(estimateTokens(''), 0);
  });
});
