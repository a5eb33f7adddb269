import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hashOfDigit, noRows, placeRows } from '../../../webview/review/rowOrder.ts';

describe('the order of candidate rows', () => {
  it('follows the rank while nothing is focused', () => {
    const first = placeRows(noRows, ['a'], {});
    assert.deepEqual(placeRows(first, ['b', 'a'], {}).order, ['b', 'a']);
  });

  it('leaves the focused row at its index', () => {
    const first = placeRows(noRows, ['a', 'b', 'c'], {});
    assert.deepEqual(placeRows(first, ['c', 'd', 'b', 'a'], { pinned: 'a' }).order, ['a', 'c', 'd', 'b']);
  });

  it('lets a digit keep its candidate while ranks change', () => {
    const first = placeRows(noRows, ['a', 'b'], {});
    const second = placeRows(first, ['c', 'b', 'a'], {});
    assert.equal(hashOfDigit(second, 1), 'a');
    assert.equal(hashOfDigit(second, 2), 'b');
    assert.equal(hashOfDigit(second, 3), 'c');
  });

  it('gives no digit before it may, and takes none away then', () => {
    const unnumbered = placeRows(noRows, ['a', 'held'], { existing: 'held', numbered: false });
    assert.deepEqual([...unnumbered.digits], [['held', 0]]);
    const ranked = placeRows(unnumbered, ['b', 'a'], {});
    assert.deepEqual([...ranked.digits], [['b', 1], ['a', 2]]);
    assert.deepEqual([...placeRows(ranked, ['c', 'b', 'a'], { numbered: false }).digits], [['b', 1], ['a', 2]]);
  });

  it('has nine digits and gives none of them away again', () => {
    const many = Array.from({ length: 12 }, (_, index) => `h${String(index)}`);
    const rows = placeRows(noRows, many, {});
    assert.equal(rows.digits.size, 9);
    const fewer = placeRows(rows, ['new', ...many.slice(1)], {});
    assert.equal(fewer.digits.get('new'), undefined);
    assert.equal(hashOfDigit(fewer, 1), 'h0');
  });

  it('gives what the file holds the digit 0, and takes it back when the file holds something else', () => {
    const first = placeRows(noRows, ['held', 'a', 'b'], { existing: 'held' });
    assert.deepEqual([...first.digits], [['held', 0], ['a', 1], ['b', 2]]);
    const second = placeRows(first, ['other', 'a', 'b', 'held'], { existing: 'other' });
    assert.deepEqual([0, 1, 2, 3].map((digit) => hashOfDigit(second, digit)), ['other', 'a', 'b', 'held']);
    const late = placeRows(placeRows(noRows, ['a', 'b'], {}), ['b', 'a'], { existing: 'b' });
    assert.deepEqual([0, 1, 2].map((digit) => hashOfDigit(late, digit)), ['b', 'a', undefined]);
  });

  it('shows every candidate once, the focused one unmoved, in any stream of rankings', () => {
    const ranking = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
    fc.assert(fc.property(ranking, fc.array(ranking, { maxLength: 6 }), fc.nat(5), (start, rankings, focus) => {
      let rows = placeRows(noRows, start, {});
      const pinned = start[focus % start.length];
      for (const wanted of rankings) {
        const before = pinned === undefined ? -1 : rows.order.indexOf(pinned);
        rows = placeRows(rows, wanted, { pinned });
        assert.deepEqual([...rows.order].sort(), [...wanted].sort());
        if (pinned !== undefined && before !== -1 && wanted.includes(pinned)) {
          assert.equal(rows.order.indexOf(pinned), Math.min(before, wanted.length - 1));
        }
        assert.equal(new Set(rows.digits.values()).size, rows.digits.size);
      }
    }));
  });
});
