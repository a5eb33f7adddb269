import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IndexBuilder } from '../../../src/core/memory/indexBuilder.ts';
import { MemoryIndex } from '../../../src/core/memory/memoryIndex.ts';
import { matchScore, sourceScore } from '../../../src/core/memory/score.ts';
import { features, memoryTokens } from '../../../src/core/memory/tokens.ts';

function indexOf(sources: readonly string[]): MemoryIndex {
  const builder = new IndexBuilder();
  for (const source of sources) builder.add(source);
  return new MemoryIndex(builder.finish());
}

/** What a search over all units by the definition alone would answer. */
function exhaustive(sources: readonly string[], query: string, least: number): readonly number[] {
  const own = new Set(features(memoryTokens(query)));
  const near = sources.filter((source) => features(memoryTokens(source)).some((feature) => own.has(feature)));
  return near.map((source) => Math.min(99, sourceScore(query, source))).filter((score) => score >= least).sort((a, b) => b - a);
}

const word = fc.constantFrom('the', 'a', 'file', 'open', 'close', 'red', 'dog', 'runs', 'fast', 'to', 'of', 'save', '開', 'く', '保', '存', '。', '{0}', '.');
const sentence = fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join(' '));
const long = fc.array(word, { minLength: 40, maxLength: 90 }).map((words) => words.join(' '));

describe('tokens of a memory', () => {
  it('are words in one case, characters of scripts without spaces, signs, and codes that are all alike', () => {
    assert.deepEqual(memoryTokens('Open the FILE.'), memoryTokens('open  the file .'));
    assert.equal(memoryTokens('日本語です。').length, 6);
    assert.equal(memoryTokens('한국어').length, 3);
    assert.deepEqual(memoryTokens('Press <b>OK</b> in {name}'), memoryTokens('Press ⟦1⟧OK⟦2⟧ in %s'));
    assert.deepEqual(memoryTokens('see [the page](https://a.example/x)'), memoryTokens('see ⟦1⟧the page⟦2⟧'));
    assert.deepEqual(memoryTokens("don't"), memoryTokens('don’t'));
    assert.equal(memoryTokens("don't").length, 1);
    assert.deepEqual(memoryTokens('ＡＢＣ１２３'), memoryTokens('abc123'));
    assert.equal(memoryTokens('🙂👍').length, 2);
    assert.equal(memoryTokens(' \n').length, 0);
  });
});

describe('the score', () => {
  it('is 100 for the same text only, and counts tokens otherwise', () => {
    assert.equal(sourceScore('Open the file.', 'Open  the file.'), 100);
    assert.equal(sourceScore('Open the file.', 'open the file.'), 99);
    assert.equal(sourceScore('Press {0} now', 'Press {name} now'), 99);
    assert.equal(sourceScore('Open the file.', 'Close the file.'), 75);
    assert.equal(sourceScore('犬が好き。', '猫が好き。'), 80);
    assert.equal(matchScore(0, 0), 0);
  });
});

describe('a search', () => {
  it('finds what comparing with every unit would find, at every score', () => {
    fc.assert(fc.property(fc.array(sentence, { maxLength: 60 }), sentence, fc.integer({ min: 30, max: 99 }), (sources, query, least) => {
      const found = indexOf(sources).search(query, { count: 100, least });
      assert.deepEqual(found.map(({ score }) => score), exhaustive(sources, query, least));
      for (const { unit, score } of found) assert.equal(Math.min(99, sourceScore(query, sources[unit] ?? '')), score);
    }), { numRuns: 300 });
  });

  it('finds the same among long texts', () => {
    fc.assert(fc.property(fc.array(long, { maxLength: 20 }), long, (sources, query) => {
      const found = indexOf(sources).search(query, { count: 100, least: 45 });
      assert.deepEqual(found.map(({ score }) => score), exhaustive(sources, query, 45));
    }), { numRuns: 50 });
  });

  it('gives the best of them when few are wanted, and forgets a search before the next', () => {
    const sources = ['open the red file', 'open the file', 'open a file', 'close the file', 'a dog runs'];
    const index = indexOf(sources);
    for (let run = 0; run < 3; run++) {
      assert.deepEqual(index.search('open the file', { count: 2, least: 50 }), [{ unit: 1, score: 99 }, { unit: 0, score: 75 }]);
      assert.deepEqual(index.search('nothing like that here', { count: 2, least: 50 }), []);
    }
  });

  it('is at ease with nothing', () => {
    assert.deepEqual(indexOf([]).search('open', { count: 3, least: 50 }), []);
    assert.deepEqual(indexOf(['', ' ', 'open']).search('', { count: 3, least: 50 }), []);
  });
});
