import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { sentenceChrf } from '../../../src/core/ranking/chrf.ts';
import { chrfPlusPlus, defaultChrf } from '../../../src/core/ranking/chrfOptions.ts';
import type { ChrfOptions } from '../../../src/core/ranking/chrfOptions.ts';
import { pairwiseChrf } from '../../../src/core/ranking/pairwise.ts';
import { text } from './support.ts';

const settings: readonly ChrfOptions[] = [
  defaultChrf,
  chrfPlusPlus,
  { ...chrfPlusPlus, epsSmoothing: true },
  { ...defaultChrf, whitespace: true, lowercase: true, beta: 3, charOrder: 2 },
];

function plain(hypotheses: readonly string[], references: readonly string[], options: ChrfOptions): number[] {
  return hypotheses.flatMap((hypothesis) => references.map((reference) => sentenceChrf(hypothesis, [reference], options) / 100));
}

function assertClose(found: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, cell) => {
    assert.ok(Math.abs((found[cell] ?? NaN) - value) <= 1e-12, `cell ${String(cell)}: ${String(found[cell])}, not ${String(value)}`);
  });
}

describe('pairwiseChrf', () => {
  it('equals the plain function for a square', () => {
    fc.assert(fc.property(fc.array(text, { maxLength: 12 }), fc.constantFrom(...settings), (texts, options) => {
      assertClose(pairwiseChrf(texts, texts, options), plain(texts, texts, options));
    }));
  });

  it('equals the plain function for hypotheses and other references', () => {
    fc.assert(fc.property(fc.array(text, { maxLength: 8 }), fc.array(text, { maxLength: 8 }), fc.constantFrom(...settings), (hypotheses, references, options) => {
      assertClose(pairwiseChrf(hypotheses, references, options), plain(hypotheses, references, options));
    }));
  });

  it('takes a text of one repeated character in stride', () => {
    const long = 'a'.repeat(100_000);
    const [, other = 0] = pairwiseChrf([long, 'aaaa'], [long, 'aaaa']);
    assert.ok(other > 0 && other < 1);
  });
});
