import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markdownBlocks } from '../../../src/core/document/markdown.ts';
import { definedLabels, definitionsFor, frontMatterLength, markdownChunks } from '../../../src/core/document/markdownChunks.ts';
import { documentText, uniformText } from './arbitraries.ts';

const pieces = (text: string): readonly string[] => [...markdownChunks(text, 0, 1)].map(({ start, end }) => text.slice(start, end));

describe('markdown pieces', () => {
  it('covers the text without gaps', () => {
    fc.assert(fc.property(documentText, fc.integer({ min: 1, max: 40 }), (text, size) => {
      assert.equal([...markdownChunks(text, 0, size)].map(({ start, end }) => text.slice(start, end)).join(''), text);
    }));
  });

  it('gives the same blocks whatever the size of the pieces', () => {
    fc.assert(fc.property(fc.oneof(documentText, uniformText), (text) => {
      assert.deepEqual(markdownBlocks(text, 1), markdownBlocks(text, Infinity));
    }), { numRuns: 400 });
  });

  it('does so where the parser reads on in its own way', () => {
    const cases = ['1. \n  ```\n- It\n', '- \n\n  `code`\n2) It\n', '*\n \n12. !\n', '\tIt\n\n2) `code`\n', '- ```\n \n2) !\n', '</div>\n  ```\n\n  ```\n\n.\n', '+++\n* 12.\n', '\u00a0\nIt\n', '\t`a`\nIt\n\n[^1]: Note.\n', '\uFEFF- a\n\nb\n'];
    for (const text of cases) assert.deepEqual(markdownBlocks(text, 1), markdownBlocks(text, Infinity), JSON.stringify(text));
  });

  it('cuts at headings, items and unindented lines after a blank one', () => {
    assert.deepEqual(pieces('a\nb\n# h\nc\n\nd\n- x\n- y\n  z\n'), ['a\nb\n', '# h\nc\n\n', 'd\n', '- x\n', '- y\n  z\n']);
  });

  it('leaves fences, HTML blocks and indented lines whole', () => {
    for (const text of ['```\n\n# a\n\nb\n```\n', '<!-- a\n\n# b\n\nc -->\n', '<script>\n\nlet a\n\n</script>\n', '- a\n\n  b\n\n    c\n']) assert.deepEqual(pieces(text), [text]);
  });

  it('finds front matter only at the start and only if it is closed', () => {
    assert.equal(frontMatterLength('---\na: b\n---\ntext'), '---\na: b\n---\n'.length);
    assert.equal(frontMatterLength('---\na: b\n'), 0);
    assert.equal(frontMatterLength('text\n---\n---\n'), 0);
    assert.equal(frontMatterLength('+++\r\na\r\n+++'), '+++\r\na\r\n+++'.length);
  });

  it('knows the definitions that a piece refers to', () => {
    const labels = definedLabels('[Foo  Bar]: http://x\n\n> - [baz]: y\n');
    assert.equal(definitionsFor('see [foo bar] and [other]', labels), '[Foo  Bar]: x\n\n***\n\n');
    assert.equal(definitionsFor('nothing', labels), '\n');
  });
});
