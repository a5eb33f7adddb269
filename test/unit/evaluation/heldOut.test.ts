import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sha256Hex } from '../../../src/core/hash.ts';
import { splitHeldOut } from '../../../src/core/evaluation/heldOut.ts';
import { clusterSources } from '../../../src/core/evaluation/nearDuplicates.ts';

const words = 'river stone window garden letter morning train bridge paper music winter doctor market forest'.split(' ');
const sentence = (index: number): string => Array.from({ length: 6 }, (_, place) => words[(index * (place + 3) + place * place) % words.length] ?? '').join(' ') + ` ${index}`;

describe('held-out split', () => {
  it('holds out whole documents when there are ten', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ source: sentence(index), document: `d${index % 20}` }));
    const split = splitHeldOut(rows);
    assert.equal(split.unit, 'document');
    const held = new Set(split.heldOut.map(({ document }) => document));
    assert.ok(split.training.every(({ document }) => !held.has(document)));
    assert.ok(split.sources >= 100 && split.sources <= 200, `${split.sources}`);
  });

  it('keeps what was held out before: with its cluster, but of a document not the rest', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({ source: sentence(index), document: 'one' }));
    const first = splitHeldOut(rows);
    const before = new Set(first.heldOut.map(({ source }) => source));
    const training = first.training[0]?.source ?? '';
    const grown = [...rows, ...Array.from({ length: 300 }, (_, index) => ({ source: sentence(1000 + index), document: `d${index % 20}` }))];
    const second = splitHeldOut(grown, (source) => before.has(source) || source === training);
    assert.equal(second.unit, 'document');
    assert.ok(second.training.every(({ source }) => !before.has(source) && source !== training));
    assert.ok(second.training.some(({ document }) => document === 'one'));
    const clustered = splitHeldOut(rows, (source) => source === training);
    assert.ok(clustered.heldOut.some(({ source }) => source === training) && clustered.sources >= 30);
  });

  it('never splits a cluster, holds at least 30 sources where it can, and never more than half', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 150 }), (count) => {
      const rows = Array.from({ length: count }, (_, index) => ({ source: sentence(index), document: 'one' }));
      const split = splitHeldOut(rows);
      const clusters = clusterSources(rows.map(({ source }) => source));
      const held = new Set(split.heldOut.map(({ source }) => clusters.get(source)));
      assert.ok(split.training.every(({ source }) => !held.has(clusters.get(source))));
      assert.ok(split.sources <= count / 2);
      assert.equal(split.training.length + split.heldOut.length, count);
    }), { numRuns: 30 });
  });

  it('does not depend on the order of rows', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({ source: `${index} ${sentence(index * 7)} ${index}`, document: 'one' }));
    const [one, other] = [splitHeldOut(rows), splitHeldOut([...rows].reverse())];
    assert.deepEqual(new Set(one.heldOut.map(({ source }) => source)), new Set(other.heldOut.map(({ source }) => source)));
    assert.ok(one.sources >= 30);
  });

  it('does not take just the sources that the trainer would cut off for validation, by the plain hash', () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({ source: `First${index} second${index} third${index} of all.`, document: 'one' }));
    const lowest = splitHeldOut(rows).training.filter(({ source }) => Number.parseInt(sha256Hex(source).slice(0, 2), 16) < 25);
    assert.ok(lowest.length >= 10, `${lowest.length} of a tenth of 270 are left`);
  });
});
