import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { markdown } from '../../../src/core/document/markdown.ts';
import { plainText } from '../../../src/core/document/plainText.ts';
import { maskSegment } from '../../../src/core/document/placeholders.ts';
import type { Codec, Segment } from '../../../src/core/document/segment.ts';

const parse = (text: string, codec: Codec = markdown): readonly Segment[] => codec.parse(text, { path: 'a', sourceLanguage: 'en' }).segments;
const masked = (text: string): readonly string[] => parse(text).map((segment) => maskSegment(segment).text);
const kinds = (text: string): readonly string[] => parse(text).map(({ kind }) => kind);

describe('markdown', () => {
  it('translates headings, paragraphs, items, cells, quotes and notes', () => {
    const text = '# Title #\n\nOne. Two.\n\n- item\n- [x] task\n\n> Said.\n\n| Head | `x` |\n|---|---|\n| cell \\| y | b |\n\n[^1]: Note.\n';
    assert.deepEqual(masked(text), ['Title', 'One.', 'Two.', 'item', 'task', 'Said.', 'Head', 'cell ⟦1⟧ y', 'b', 'Note.']);
    assert.deepEqual(kinds(text), ['heading', 'sentence', 'sentence', 'listItem', 'listItem', 'quote', 'tableCell', 'tableCell', 'tableCell', 'sentence']);
  });

  it('leaves front matter, code, HTML blocks, rules and definitions alone', () => {
    assert.deepEqual(masked('---\ntitle: T\n---\n\n```js\nlet code\n```\n\n    indented\n\n<div>\nhtml\n</div>\n\n***\n\n[a]: http://b "t"\n\nText.\n'), ['Text.']);
  });

  it('protects inline markup and keeps its text', () => {
    assert.deepEqual(masked('Use `npm` with **care**, see [the *book*](u "t") or <http://a.b>, &amp; \\* <b>b</b>.'), ['Use ⟦1⟧ with ⟦2⟧care⟦3⟧, see ⟦4⟧the ⟦5⟧book⟦6⟧⟦7⟧ or ⟦8⟧, ⟦9⟧ ⟦10⟧ ⟦11⟧b⟦12⟧.']);
    assert.deepEqual(masked('See ![a cat](c.png) and www.example.com now[^n].\n\n[^n]: Note.'), ['See ⟦1⟧a cat⟦2⟧ and ⟦3⟧ now⟦4⟧.', 'Note.']);
  });

  it('keeps a reference whose text is its name, and translates the text of the others', () => {
    assert.deepEqual(masked('A [one], [two][] and [three][one].\n\n[one]: u\n[two]: u\n'), ['A ⟦1⟧, ⟦2⟧ and ⟦3⟧three⟦4⟧.']);
    assert.deepEqual(masked('A [one] and more.'), ['A [one] and more.']);
  });

  it('keeps markers around a whole block out of the segment', () => {
    assert.deepEqual(masked('- [All of it](u)\n- **Loud. Words.**\n\n[![Status](s.svg)](u)\n\n![A cat.](c.png)\n'), ['All of it', 'Loud.', 'Words.', 'Status', 'A cat.']);
    assert.deepEqual(kinds('![A cat.](c.png)'), ['caption']);
  });

  it('sends no line break and no quote marker to the model', () => {
    assert.deepEqual(masked('> A quote\n> over *two\n> lines*. More\n> of it.\n\n- an item\n  goes on\n'), ['A quote over ⟦1⟧two lines⟦2⟧.', 'More of it.', 'an item goes on']);
  });

  it('divides at hard breaks', () => {
    assert.deepEqual(masked('one  \ntwo\\\nthree<br>four'), ['one', 'two', 'three', 'four']);
  });

  it('cuts no emphasis, link or code in two', () => {
    assert.deepEqual(masked('He **ran. She** sat. Use `f. G` now. [Go. Stop](u). <i>Wait. Look.</i> Done.'), ['He ⟦1⟧ran. She⟦2⟧ sat.', 'Use ⟦1⟧ now.', '⟦1⟧Go. Stop⟦2⟧.', '⟦1⟧Wait. Look.⟦2⟧', 'Done.']);
    assert.deepEqual(masked('**First.** Second.'), ['⟦1⟧First.⟦2⟧', 'Second.']);
  });

  it('escapes what would turn a translation into another block', () => {
    const [segment] = parse('Hello there.');
    assert.ok(segment);
    const encoded = ['# a', '- a', '1. a', '> a', '```', '---', '[a]: b', 'a # b', '<div>', 'a\n\nb', '**a** b', '-a'].map((text) => markdown.encode(text, segment));
    assert.deepEqual(encoded, ['\\# a', '\\- a', '1\\. a', '\\> a', '\\```', '\\---', '\\[a]: b', 'a # b', '\\<div>', 'a b', '**a** b', '-a']);
    const cell = parse('| a |\n|---|\n| b |')[1];
    assert.ok(cell);
    assert.equal(markdown.encode('x | y \\| z', cell), 'x \\| y \\| z');
  });
});

describe('plain text', () => {
  const sources = (text: string): readonly string[] => parse(text, plainText).map(({ source }) => source);

  it('divides paragraphs at blank lines and sentences inside, whatever ends a line', () => {
    assert.deepEqual(sources('One. Two\rgoes on.\r\n\r\nThree.\n \nFour'), ['One.', 'Two\rgoes on.', 'Three.', 'Four']);
  });

  it('takes each item of a list for a block of its own', () => {
    const segments = parse('Buy:\n- milk\n- bread and\n  butter\n1. Eat\n• 牛乳', plainText);
    assert.deepEqual(segments.map(({ source }) => source), ['Buy:', 'milk', 'bread and\n  butter', 'Eat', '牛乳']);
    assert.equal(new Set(segments.map(({ block }) => block)).size, 5);
  });
});
