import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { wordTokens } from '../../../src/core/text/tokens.ts';

function marked(text: string, language: string): string {
  return wordTokens(text, language).map((token) => (token.isWord ? token.text : `<${token.text}>`)).join(' ');
}

describe('wordTokens', () => {
  it('drops white space and marks punctuation', () => {
    assert.equal(marked("It's  3.5 km,\nisn't it?", 'en'), "It's 3.5 km <,> isn't it <?>");
  });

  it('cuts Japanese into words', () => {
    assert.equal(marked('猫が走る。', 'ja'), '猫 が 走る <。>');
  });

  it('keeps a placeholder in one piece, as a word', () => {
    assert.equal(marked('⟦1⟧を押して⟦12⟧', 'ja').split(' ').filter((token) => token.includes('⟦')).join(' '), '⟦1⟧ ⟦12⟧');
    assert.equal(marked('a⟦x⟧', 'en'), 'a <⟦> x <⟧>');
  });

  it('takes the root rules for a tag that is none', () => {
    assert.equal(marked('one two', 'not a tag!'), 'one two');
  });

  it('covers the text: tokens are slices in order with only white space between', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom('en', 'ja', 'th'), (text, language) => {
      let at = 0;
      for (const token of wordTokens(text, language)) {
        assert.equal(text.slice(token.start, token.end), token.text);
        assert.equal(text.slice(at, token.start).trim(), '');
        at = token.end;
      }
      assert.equal(text.slice(at).trim(), '');
    }));
  });
});
