import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TextPair } from '../../../../src/core/prompting/context.ts';
import { estimateTokens, fitPrevious } from '../../../../src/core/prompting/budget.ts';

const count = (text: string): number => text.length;
const pair = (name: string): TextPair => ({ source: name, target: name });

describe('previous segments within a budget', () => {
  it('keeps the newest, and does not ask for more than one that does not fit', () => {
    const previous = ['aaaa', 'bbbb', 'cccc'].map(pair);
    const newestFirst = previous.toReversed();
    assert.deepEqual(fitPrevious(newestFirst, 32, count), previous.slice(1));
    assert.deepEqual(fitPrevious(newestFirst, 31, count), previous.slice(2));
    assert.deepEqual(fitPrevious([], 10, count), []);
    const endless = function* (): Iterable<TextPair> { for (;;) yield pair('dddd'); };
    assert.equal(fitPrevious(endless(), 47, count).length, 2);
  });

  it('never exceeds the budget, and leaves out only the oldest', () => {
    fc.assert(fc.property(fc.array(fc.string()), fc.nat(200), (names, budget) => {
      const previous = names.map(pair);
      const kept = fitPrevious(previous.toReversed(), budget, count);
      assert.deepEqual(kept, previous.slice(previous.length - kept.length));
      assert.ok(kept.reduce((sum, { source, target }) => sum + source.length + target.length + 8, 0) <= budget);
    }));
  });

  it('estimates rather too many tokens than too few', () => {
    assert.equal(estimateTokens('雨が降っている。'), 8);
    assert.equal(estimateTokens('It is raining cats and dogs.'), 10);
    assert.equal(estimateTokens(''), 0);
  });
});
