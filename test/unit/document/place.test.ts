import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { placeOf, Places } from '../../../src/core/document/place.ts';

describe('places in a text', () => {
  it('are found alike one by one and many at once', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '語', '\n', '\r', '\r\n', '😀') });
    fc.assert(fc.property(text, fc.nat(40), (content, offset) => {
      const at = Math.min(offset, content.length);
      // between the two halves of a line end there is no place
      fc.pre(!(content[at - 1] === '\r' && content[at] === '\n'));
      assert.deepEqual(new Places(content).of(at), placeOf(content, at));
    }));
  });
});
