import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clusterSources } from '../../../src/core/evaluation/nearDuplicates.ts';

/** Clusters by comparing every two: what the fast way must give as well. */
function byAllPairs(sources: readonly string[]): ReadonlyMap<string, string> {
  const texts = [...new Set(sources)].sort();
  const bags = texts.map((text) => new Set(text.split(' ').filter((word) => word !== '')));
  const names = texts.map((_, index) => index);
  const alike = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size > 0 && b.size > 0 && 2 * [...a].filter((word) => b.has(word)).length / (a.size + b.size) >= 0.8;
  texts.forEach((_, i) => {
    texts.slice(0, i).forEach((__, j) => {
      const [from, to] = [Math.max(names[i] ?? 0, names[j] ?? 0), Math.min(names[i] ?? 0, names[j] ?? 0)];
      if (alike(bags[i] ?? new Set(), bags[j] ?? new Set())) names.forEach((name, index) => { if (name === from) names[index] = to; });
    });
  });
  return new Map(texts.map((text, index) => [text, texts[names[index] ?? 0] ?? text]));
}

describe('near-duplicate clusters', () => {
  it('hold what differs in one word of ten together, and others apart', () => {
    const long = 'the old doctor walked slowly over the narrow bridge this morning';
    const clusters = clusterSources([long, `${long} again`, 'a letter came']);
    assert.equal(clusters.get(long), clusters.get(`${long} again`));
    assert.notEqual(clusters.get(long), clusters.get('a letter came'));
  });

  it('compares scripts without spaces by pairs of characters', () => {
    const clusters = clusterSources(['私は昨日新しい本を買いました', '私は昨日新しい本を買いました。', '雨が降る']);
    assert.equal(new Set(clusters.values()).size, 2);
  });

  it('are those that comparing every two gives', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    fc.assert(fc.property(fc.array(fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')), { maxLength: 40 }), (sources) => {
      assert.deepEqual(clusterSources(sources), byAllPairs(sources));
    }), { numRuns: 300 });
  });
});
