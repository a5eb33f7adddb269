import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { chrfStatistics, corpusChrf, sentenceChrf } from '../../../src/core/ranking/chrf.ts';
import { chrfPlusPlus, chrfSignature, defaultChrf } from '../../../src/core/ranking/chrfOptions.ts';
import type { ChrfOptions } from '../../../src/core/ranking/chrfOptions.ts';
import { prepareChrfText } from '../../../src/core/ranking/chrfText.ts';
import { AppError } from '../../../src/core/errors.ts';
import { sharedData } from '../support/sharedData.ts';
import { computedSettings, maxVectorDifference } from '../../bench/support/chrfVectors.ts';
import type { ComputedVector } from '../../bench/support/chrfVectors.ts';
import { text } from './support.ts';

interface Published {
  readonly hypothesis: string;
  readonly reference: string;
  readonly beta: number;
  readonly epsSmoothing: boolean;
  readonly whitespace: boolean;
  readonly score: number;
  readonly tolerance: number;
}

interface Fixture {
  readonly published: readonly Published[];
  readonly special: readonly ComputedVector[];
}

function readFixture(): Fixture {
  return JSON.parse(readFileSync(new URL('../../fixtures/chrf/vectors.json', import.meta.url), 'utf8')) as Fixture; // our own file
}

describe('sentenceChrf', () => {
  it('gives the values that sacrebleu publishes', () => {
    for (const { hypothesis, reference, score, tolerance, beta, epsSmoothing, whitespace } of readFixture().published) {
      const found = sentenceChrf(hypothesis, [reference], { ...defaultChrf, beta, epsSmoothing, whitespace });
      assert.ok(Math.abs(found - score) <= tolerance, `${hypothesis}: ${String(found)}, not ${String(score)}`);
    }
  });

  it('gives the one published value that was printed without smoothing', () => {
    const hypothesis = ' Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ';
    const reference = 'Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.';
    assert.ok(Math.abs(sentenceChrf(hypothesis, [reference], { ...defaultChrf, beta: 3 }) - 64.1302698) <= 5e-8);
  });

  it('handles surrogates, joiners and every kind of white space as sacrebleu does', () => {
    assert.ok(maxVectorDifference(readFixture().special) <= 1e-9);
  });

  it('gives all computed vectors', (t) => {
    const folder = sharedData('chrf-vectors');
    if (folder === undefined) {
      t.skip('needs ../shared/data/chrf-vectors');
      return;
    }
    const { vectors } = JSON.parse(readFileSync(join(folder, 'vectors.json'), 'utf8')) as { vectors: ComputedVector[] }; // its README gives the shape
    assert.equal(vectors.length, 136);
    assert.equal(Object.keys(computedSettings).length, 6);
    assert.ok(maxVectorDifference(vectors) <= 1e-9);
  });

  it('takes the best of several references and 0 for none', () => {
    assert.equal(sentenceChrf('abc', ['xyz', 'abc', 'abd']), 100);
    assert.equal(sentenceChrf('abc', []), 0);
  });

  it('ignores case only when asked', () => {
    assert.equal(sentenceChrf('ABC', ['abc']), 0);
    assert.equal(sentenceChrf('ABC', ['abc'], { ...defaultChrf, lowercase: true }), 100);
  });

  it('names an option that is out of range', () => {
    for (const bad of [{ charOrder: 0 }, { wordOrder: -1 }, { wordOrder: 1.5 }, { beta: 0 }, { beta: Number.NaN }]) {
      const [name] = Object.keys(bad);
      assert.throws(() => sentenceChrf('a', ['a'], { ...defaultChrf, ...bad }), (error) => error instanceof AppError && error.code === 'ranking.badSettings' && JSON.stringify(error.data).includes(`"name":"${String(name)}"`));
    }
  });

  it('is 100 for equal texts and swaps precision and recall with the texts', () => {
    fc.assert(fc.property(text, text, (a, b) => {
      const matchable = prepareChrfText(a, defaultChrf).codePoints.length > 0;
      assert.equal(sentenceChrf(a, [a]), matchable ? 100 : 0);
      const even: ChrfOptions = { ...defaultChrf, beta: 1 };
      assert.ok(Math.abs(sentenceChrf(a, [b], even) - sentenceChrf(b, [a], even)) <= 1e-9);
      const score = sentenceChrf(a, [b], chrfPlusPlus);
      assert.ok(score >= 0 && score <= 100 + 1e-9);
    }));
  });
});

describe('corpusChrf', () => {
  it('sums statistics before F', () => {
    const [first, second] = [chrfStatistics('abcd', ['abce'], defaultChrf), chrfStatistics('xy', ['xz'], defaultChrf)];
    assert.deepEqual([...first.subarray(0, 3)], [4, 4, 3]);
    assert.deepEqual([...second.subarray(0, 3)], [2, 2, 1]);
    const corpus = corpusChrf(['abcd', 'xy'], [['abce'], ['xz']]);
    const mean = (sentenceChrf('abcd', ['abce']) + sentenceChrf('xy', ['xz'])) / 2;
    // unigrams 4/6, bigrams 2/4, trigrams 1/2, 4-grams 0/1
    assert.ok(Math.abs(corpus - (100 * (4 / 6 + 2 / 4 + 1 / 2)) / 4) <= 1e-9);
    assert.notEqual(corpus, mean);
  });

  it('of one segment is the sentence score', () => {
    fc.assert(fc.property(text, text, (a, b) => {
      assert.equal(corpusChrf([a], [[b]]), sentenceChrf(a, [b]));
    }));
  });
});

describe('chrfSignature', () => {
  it('names what was computed', () => {
    assert.equal(chrfSignature(defaultChrf), 'chrF2|nc:6|nw:0|case:mixed|eff:yes|space:no');
    assert.equal(chrfSignature(chrfPlusPlus), 'chrF2++|nc:6|nw:2|case:mixed|eff:yes|space:no');
  });
});
