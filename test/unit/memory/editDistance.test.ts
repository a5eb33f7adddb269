import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PatternDistance } from '../../../src/core/memory/editDistance.ts';

function plainDistance(a: readonly number[], b: readonly number[]): number {
  let row = b.map((_, index) => index + 1);
  row.unshift(0);
  for (const [i, x] of a.entries()) {
    const next = [i + 1];
    for (const [j, y] of b.entries()) next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + Number(x !== y)));
    row = next;
  }
  return row[b.length] ?? 0;
}

function distance(a: readonly number[], b: readonly number[], limit: number): number {
  return new PatternDistance(Uint32Array.from(a)).to(Uint32Array.from(b), { start: 0, end: b.length }, limit);
}

const sequences = (maxLength: number) => fc.array(fc.integer({ min: 1, max: 6 }), { maxLength });

describe('the bit-parallel edit distance', () => {
  it('is that of the textbook within one block', () => {
    fc.assert(fc.property(sequences(32), sequences(40), (a, b) => { assert.equal(distance(a, b, 1000), plainDistance(a, b)); }));
  });

  it('is that of the textbook over several blocks', () => {
    fc.assert(fc.property(sequences(150), sequences(150), (a, b) => { assert.equal(distance(a, b, 1000), plainDistance(a, b)); }));
  });

  it('says only that it is above a limit', () => {
    fc.assert(fc.property(sequences(70), sequences(70), fc.integer({ min: 0, max: 20 }), (a, b, limit) => {
      const exact = plainDistance(a, b);
      const found = distance(a, b, limit);
      if (exact <= limit) assert.equal(found, exact);
      else assert.ok(found > limit);
    }));
  });
});
