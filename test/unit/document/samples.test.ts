import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { maskSegment } from '../../../src/core/document/placeholders.ts';

function masked(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../../samples/${name}`, import.meta.url), 'utf8');
  return codecFor(name).parse(text, { path: name, sourceLanguage: 'en' }).segments.map((segment) => maskSegment(segment).text);
}

describe('samples', () => {
  it('show what a document may hold, in short sentences', () => {
    const letter = masked('letter.en.md');
    assert.equal(letter[0], 'A letter from my new town');
    assert.ok(letter.includes('Here is a map of the town.'), 'a link around a whole sentence stays outside');
    assert.ok(letter.includes('The plan is in the file ⟦1⟧.'));
    assert.ok(letter.includes('I have to get up ⟦1⟧early⟦2⟧ every day.'));
    for (const sentence of [...letter, ...masked('notes.en.txt')]) assert.ok(sentence.split(' ').length <= 14, sentence);
  });
});
