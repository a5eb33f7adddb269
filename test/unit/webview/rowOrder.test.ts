import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hashOfDigit, noRows, placeRows } from '../../../webview/review/rowOrder.ts';

describe('the order of candidate rows', () => {
  it('follows the rank while nothing is focused', () => {
    const first = placeRows(noRows, ['a'], undefined);
    assert.deepEqual(placeRows(first, ['b', 'a'], undefined).order, ['b', 'a']);
  });

  it('leaves the focused row at its index', () => {
    const first = placeRows(noRows, ['a', 'b', 'c'], undefined);
    assert.deepEqual(placeRows(first, ['c', 'd', 'b', 'a'], 'a').order, ['a', 'c', 'd', 'b']);
  });

  it('lets a digit keep its candidate while ranks change', () => {
    const first = placeRows(noRows, ['a', 'b'], undefined);
    const second = placeRows(first, ['c', 'b', 'a'], undefined);
    assert.equal(hashOfDigit(second, 1), 'a');
    assert.equal(hashOfDigit(second, 2), 'b');
    assert.equal(hashOfDigit(second, 3), 'c');
  });

  it('has nine digits and gives none of them away again', () => {
    const many = Array.from({ length: 12 }, (_, index) => `h${String(index)}`);
    const rows = placeRows(noRows, many, undefined);
    assert.equal(rows.digits.size, 9);
    const fewer = placeRows(rows, ['new', ...many.slice(1)], undefined);
    assert.equal(fewer.digits.get('new'), undefined);
    assert.equal(hashOfDigit(fewer, 1), 'h0');
  });

  it('shows every candidate once, the focused one unmoved, in any stream of rankings', () => {
    const ranking = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
    fc.assert(fc.property(ranking, fc.array(ranking, { maxLength: 6 }), fc.nat(5), (start, rankings, focus) => {
      let rows = placeRows(noRows, start, undefined);
      const pinned = start[focus % start.length];
      for (const wanted of rankings) {
        const before = pinned === undefined ? -1 : rows.order.indexOf(pinned);
        rows = placeRows(rows, wanted, pinned);
        assert.deepEqual([...rows.order].sort(), [...wanted].sort());
        if (pinned !== undefined && before !== -1 && wanted.includes(pinned)) {
          assert.equal(rows.order.indexOf(pinned), Math.min(before, wanted.length - 1));
        }
        assert.equal(new Set(rows.digits.values()).size, rows.digits.size);
      }
    }));
  });
});
