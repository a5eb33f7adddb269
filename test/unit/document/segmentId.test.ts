import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normaliseSource } from '../../../src/core/document/normalise.ts';
import { reattach, segmentIds } from '../../../src/core/document/segmentId.ts';

const list = (sources: readonly string[]): readonly { id: string }[] => {
  const next = segmentIds();
  return sources.map((source) => ({ id: next(source, 'sentence') }));
};

/** For each old source, the index in the new list that it went to. */
function moves(old: readonly string[], next: readonly string[]): readonly (number | undefined)[] {
  const [a, b] = [list(old), list(next)];
  const result = reattach(a, b);
  return a.map(({ id }) => {
    const index = b.findIndex((other) => other.id === result.get(id));
    return index < 0 ? undefined : index;
  });
}

describe('segment ids', () => {
  it('name the source and its occurrence', () => {
    const ids = list(['One.', 'Two.', 'One.']).map(({ id }) => id);
    assert.match(ids[0] ?? '', /^[0-9a-f]{16}-1$/u);
    assert.equal(ids[2], ids[0]?.replace('-1', '-2'));
    assert.notEqual(ids[0], ids[1]);
  });

  it('do not depend on white space, wrapping, quote markers or composition', () => {
    const next = segmentIds();
    const hash = (source: string, kind: 'sentence' | 'quote'): string => next(source, kind).split('-')[0] ?? '';
    assert.equal(hash('caf\u00e9 au  lait', 'sentence'), hash('cafe\u0301 au\r\n\tlait', 'sentence'));
    assert.equal(hash('one two', 'sentence'), hash('one\n> > two', 'quote'));
    assert.notEqual(hash('one two', 'sentence'), hash('one\n> two', 'sentence'));
    assert.equal(normaliseSource(' a\rb ', 'sentence'), 'a b');
  });
});

describe('reattaching', () => {
  it('keeps every segment of an unchanged list', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd')), (sources) => {
      assert.deepEqual(moves(sources, sources), sources.map((_, index) => index));
    }));
  });

  it('is one to one and joins equal sources only, as many as there can be', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), fc.array(fc.constantFrom('a', 'b', 'c')), (old, next) => {
      const places = moves(old, next);
      const found = places.filter((place) => place !== undefined);
      assert.equal(new Set(found).size, found.length);
      places.forEach((place, index) => { if (place !== undefined) assert.equal(next[place], old[index]); });
      const count = (sources: readonly string[], source: string): number => sources.filter((other) => other === source).length;
      assert.equal(found.length, ['a', 'b', 'c'].reduce((sum, source) => sum + Math.min(count(old, source), count(next, source)), 0));
    }));
  });

  it('follows segments when others are put in or taken out', () => {
    assert.deepEqual(moves(['a', 'x', 'b', 'x', 'c'], ['b', 'x', 'c']), [undefined, undefined, 0, 1, 2]);
    assert.deepEqual(moves(['x', 'b'], ['x', 'a', 'x', 'b']), [2, 3]);
    assert.deepEqual(moves(['a', 'b'], ['b', 'a']), [1, 0]);
  });

  it('lets neighbours decide among repeats', () => {
    assert.deepEqual(moves(['x', 'b', 'x', 'd'], ['x', 'd']), [undefined, undefined, 0, 1]);
    assert.deepEqual(moves(['x', 'd'], ['x', 'b', 'x', 'd']), [2, 3]);
  });

  it('finds what was moved, and loses only what was changed', () => {
    assert.deepEqual(moves(['a', 'b', 'c', 'd'], ['c', 'd', 'a', 'changed']), [2, undefined, 0, 1]);
  });

  it('is quick for lists that have nothing in common', () => {
    const start = process.cpuUsage();
    const [old, next] = [Array.from({ length: 6000 }, (_, i) => `old ${i}`), Array.from({ length: 6000 }, (_, i) => `new ${i}`)];
    assert.equal(reattach(list(old), list([...next, 'old 7'])).size, 1);
    assert.ok(process.cpuUsage(start).user < 5e6);
  });
});
