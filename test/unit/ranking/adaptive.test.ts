import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looks, pickStability } from '../../../src/core/ranking/adaptive.ts';
import { pairwiseChrf } from '../../../src/core/ranking/pairwise.ts';

/** How sure the pick is for texts drawn so often. */
function stability(texts: readonly string[], counts: readonly number[]): number {
  return pickStability({ size: texts.length, data: pairwiseChrf(texts, texts) }, counts, 400);
}

describe('how sure a pick is', () => {
  it('is certain where there is nothing else, and unknown without samples', () => {
    assert.equal(stability(['a'], [7]), 1);
    assert.equal(stability([], []), 0);
    assert.equal(stability(['a', 'b'], [5, 0]), 1, 'weight 0 keeps a text out');
  });

  it('can hardly be more than the chance that a text drawn once is drawn again', () => {
    const once = stability(['abcdef', 'abcdxx', 'yyydef', 'qqqqqq'], [1, 1, 1, 1]);
    assert.ok(once > 0.3 && once < 1 - (1 - 1 / 4) ** 4 + 0.08, String(once));
  });

  it('grows with the samples that agree', () => {
    const texts = ['abcdef', 'zzzzzz', 'qqqqqq'];
    const found = [[1, 1, 1], [3, 1, 1], [10, 2, 2], [40, 5, 5]].map((counts) => stability(texts, counts));
    assert.deepEqual([...found].sort((a, b) => a - b), found);
    assert.ok((found.at(-1) ?? 0) > 0.99);
  });

  it('is the same every time', () => {
    assert.equal(stability(['abc', 'abd', 'x'], [3, 2, 1]), stability(['abc', 'abd', 'x'], [3, 2, 1]));
  });

  it('is looked at each time the samples have doubled, and at the end', () => {
    assert.deepEqual(looks({ first: 4 }, 16), [4, 8, 16]);
    assert.deepEqual(looks({ first: 4 }, 20), [4, 8, 16, 20]);
    assert.deepEqual(looks({ first: 4 }, 3), [3]);
  });
});
