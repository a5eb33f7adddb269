import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingSentence } from '../../../src/messages.ts';

describe('the sentence of a finding', () => {
  it('sets what it quotes apart where that is written from right to left, on each side of an arrow or a slash', () => {
    assert.equal(findingSentence({ check: 'endPunctuation', detail: '؟' }), 'The sentence should have the mark \u2068؟\u2069.');
    assert.equal(findingSentence({ check: 'consistency', detail: 'مرحبا!' }), 'The same text is translated in another way elsewhere: \u2068مرحبا!\u2069');
    assert.equal(findingSentence({ check: 'glossary', detail: 'שלום → peace, hello' }), 'Term: \u2068שלום\u2069 → peace, hello');
    assert.equal(findingSentence({ check: 'glossary', detail: 'peace → سلام, صلح' }), 'Term: peace → \u2068سلام, صلح\u2069');
  });

  it('is as it was where all is written from left to right', () => {
    for (const detail of ['{name}', '<b>', 'x → y', '日本 / 日本国']) assert.equal(findingSentence({ check: 'placeholders', detail }), `Placeholder ${detail} is lost, doubled or changed.`);
  });
});
