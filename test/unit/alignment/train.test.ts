import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { PairAligner } from '../../../src/core/alignment/alignPair.ts';
import type { LinkRule } from '../../../src/core/alignment/alignPair.ts';
import { buildCorpus } from '../../../src/core/alignment/corpus.ts';
import { emptyAligner, refineAligner } from '../../../src/core/alignment/refineAligner.ts';
import { trainAligner } from '../../../src/core/alignment/trainAligner.ts';
import { defaultTraining, trainDirection } from '../../../src/core/alignment/trainDirection.ts';
import type { TrainingOptions } from '../../../src/core/alignment/trainDirection.ts';
import { lookUp, unseenProbability } from '../../../src/core/alignment/translationTable.ts';
import { tokenPair, tokenPairs, toyCorpus, words } from './support.ts';

const plainEm: TrainingOptions = { ...defaultTraining, iterations: 8, alpha: 0, equalWords: 0, fitTension: false };

function likelihoods(pairs: Parameters<typeof buildCorpus>[0], options: TrainingOptions): number[] {
  const corpus = buildCorpus(pairs);
  const values: number[] = [];
  trainDirection(corpus.source, corpus.target, options, { onProgress: (_done, _total, logLikelihood) => values.push(logLikelihood) });
  return values;
}

describe('trainDirection', () => {
  it('never lowers the likelihood in plain EM', () => {
    fc.assert(fc.property(tokenPairs, (pairs) => {
      const values = likelihoods(pairs, plainEm);
      assert.equal(values.length, plainEm.iterations);
      values.slice(1).forEach((value, index) => assert.ok(value >= (values[index] ?? 0) - 1e-9, `${String(index)}: ${values.join(' ')}`));
    }));
  });

  it('makes distributions in plain EM', () => {
    fc.assert(fc.property(tokenPairs, (pairs) => {
      const corpus = buildCorpus(pairs);
      const { table } = trainDirection(corpus.source, corpus.target, plainEm);
      for (let row = 0; row + 1 < table.rowStarts.length; row++) {
        const shares = table.probabilities.subarray(table.rowStarts[row], table.rowStarts[row + 1]);
        const total = shares.reduce((a, b) => a + b, 0);
        assert.ok(shares.length === 0 || total === 0 || Math.abs(total - 1) <= 1e-5, String(total));
      }
    }));
  });

  it('starts from prior counts and gives equal words theirs', () => {
    const corpus = buildCorpus([{ source: ['x', 'y'], target: ['p', 'x'] }]);
    const known = trainDirection(corpus.source, corpus.target, defaultTraining, { priorCounts: (row, column) => (row === 2 && column === 0 ? 5 : 0) });
    assert.ok(lookUp(known.table, 2, 0) > 0.9 && lookUp(known.table, 1, 1) > 0.9);
    assert.equal(lookUp(known.table, 9, 0), unseenProbability);
  });

  it('stops when asked to and names bad options', () => {
    const corpus = buildCorpus(toyCorpus);
    const stopped = new AbortController();
    stopped.abort();
    assert.throws(() => trainDirection(corpus.source, corpus.target, defaultTraining, { signal: stopped.signal }), { name: 'AbortError' });
    for (const bad of [{ iterations: 0 }, { alpha: -1 }, { empty: 1 }, { initialTension: 20 }, { prune: 1 }, { equalWords: -1 }]) {
      assert.throws(() => trainDirection(corpus.source, corpus.target, { ...defaultTraining, ...bad }), (error) => JSON.stringify(error).includes(Object.keys(bad).join()));
    }
  });
});

describe('PairAligner', () => {
  const rules: readonly LinkRule[] = ['mean', 'intersection', 'growDiag', 'growDiagFinalAnd', 'union'];

  it('learns a toy language, word order included', () => {
    const aligner = new PairAligner(trainAligner(toyCorpus));
    const { links, probabilities } = aligner.align({ source: words('the big dog sees'), target: words('le grand chien voit') });
    assert.deepEqual(links.map((link) => [link.source, link.target]), [[0, 0], [1, 1], [2, 2], [3, 3]]);
    assert.deepEqual([probabilities.rows, probabilities.cols, probabilities.data.length], [4, 4, 16]);
  });

  it('keeps posteriors within 0 to 1, a token at most once, and links inside', () => {
    fc.assert(fc.property(tokenPairs, tokenPair, fc.constantFrom(...rules), (pairs, pair, rule) => {
      const { probabilities, links } = new PairAligner(trainAligner(pairs), rule).align(pair);
      const { rows, cols, data } = probabilities;
      assert.deepEqual([rows, cols], [pair.source.length, pair.target.length]);
      assert.ok(data.every((value) => value >= 0 && value <= 1));
      const places = links.map((link) => link.source * cols + link.target);
      assert.ok(links.every((link) => link.source >= 0 && link.source < rows && link.target >= 0 && link.target < cols));
      assert.ok(places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0)), 'sorted, none twice');
    }));
  });

  it('mirrors when the languages are swapped', () => {
    const swapped = toyCorpus.map((pair) => ({ source: pair.target, target: pair.source }));
    const there = new PairAligner(trainAligner(toyCorpus)).align({ source: words('a big cat'), target: words('un chat') });
    const back = new PairAligner(trainAligner(swapped)).align({ source: words('un chat'), target: words('a big cat') });
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 2; j++) assert.ok(Math.abs((there.probabilities.data[2 * i + j] ?? 0) - (back.probabilities.data[3 * j + i] ?? 1)) <= 1e-6);
    }
  });

  it('links equal tokens that it has never seen, whatever their place', () => {
    const aligner = new PairAligner(trainAligner(toyCorpus));
    const { links } = aligner.align({ source: words('⟦9⟧ the dog'), target: words('le chien ⟦9⟧') });
    assert.ok(links.some((link) => link.source === 0 && link.target === 2));
  });

  it('looks words up in lower case when the model was trained so', () => {
    const aligner = new PairAligner(trainAligner(toyCorpus, { casing: 'lower' }));
    assert.deepEqual(aligner.align({ source: ['The', 'DOG'], target: ['le', 'Chien'] }).links.length, 2);
  });
});

describe('refineAligner', () => {
  it('learns new words of a document and keeps what it knew', () => {
    const base = trainAligner(toyCorpus);
    const document = ['fox', 'dog'].flatMap((word) => [{ source: ['the', word], target: ['le', word === 'fox' ? 'renard' : 'chien'] }]);
    const refined = new PairAligner(refineAligner(base, document));
    assert.deepEqual(refined.align({ source: words('a fox'), target: words('renard un') }).links.map((link) => [link.source, link.target]), [[0, 1], [1, 0]]);
    const known = { source: words('a big cat'), target: words('un grand chat') };
    assert.deepEqual(refined.align(known).links, new PairAligner(base).align(known).links);
  });

  it('learns from the document alone where there is no model', () => {
    const aligner = new PairAligner(refineAligner(emptyAligner('lower'), toyCorpus));
    assert.equal(aligner.align({ source: words('the dog sees'), target: words('le chien voit') }).links.length, 3);
    assert.deepEqual(new PairAligner(emptyAligner('lower')).align({ source: [], target: ['x'] }).links, []);
  });
});
