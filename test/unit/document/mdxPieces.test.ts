import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mdx } from '../../../src/core/document/mdx.ts';
import { mdxBlocks } from '../../../src/core/document/mdxPieces.ts';
import { AppError } from '../../../src/core/errors.ts';

/** Parts of documents that hold what looks like the end of a block, or like another block. */
const parts = [
  'It rains.\n', 'Two *lines*\nof text.\n', '# Heading\n', '- a\n- b\n', '- a\n\n  b\n', '1. x\n\n2. y\n', '> quote\n> more\n', '[foo]: http://x\n', 'See [foo] and [^1].\n', '[^1]: Note.\n\n    More.\n',
  '| a | b |\n|---|---|\n| c | d |\n', '```js\nlet a\n\n# no\n```\n', '~~~\n\n```\n\nx\n~~~\n', '    indented text\n', '***\n',
  'import A from "a"\n', 'export const a = 1\n* b\n', 'export const a = {\n\n  b: 1,\n\n}\n', 'export const t = `\n\n# no\n\n`\n',
  '<A>\n\nInside *it*.\n\n</A>\n', '<A>\n\n# In\n\n- a\n\n<B>\n\nDeep.\n\n</B>\n\n</A>\n', '<A\n\n  b="c"\n\n/>\n', '<A>\n    ```js\n\n    # no\n\n    ```\n</A>\n', '<Tabs>\n      ```\n\nno\n\n      ```\n</Tabs>\n',
  '{/* a\n\n# no\n\n```\n\nb */}\n', '{\n\n[1, 2]\n\n}\n', 'Text {a\n+ b} goes on.\n', '<b>x</b> y\n', '<pre />\n', '- <A>\n\n  x\n\n  </A>\n', '- ```\n  a\n\n  b\n', '      ```\n\nx\n\n```\n', 'a\\\n',
];

const document = fc.tuple(fc.array(fc.tuple(fc.constantFrom(...parts), fc.constantFrom('', '\n', '\n', '\n', '\n \t\n')), { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([found, end]) => found.map((pair) => pair.join('')).join('').replaceAll('\n', end));

function refusal(text: string, size: number): { readonly line: number; readonly reason: string } | undefined {
  try {
    mdxBlocks(text, 'a.mdx', size);
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof AppError && thrown.code === 'document.syntax', String(thrown));
    return thrown.data as { readonly line: number; readonly reason: string };
  }
}

describe('MDX in pieces', () => {
  it('gives the same blocks whatever the size of the pieces', () => {
    fc.assert(fc.property(document, (text) => {
      // what can be parsed as a whole; pieces may take what the whole does not: an import of a name twice
      fc.pre(refusal(text, Infinity) === undefined);
      assert.deepEqual(mdxBlocks(text, 'a.mdx', 1), mdxBlocks(text, 'a.mdx', Infinity));
    }), { numRuns: 150 });
  });

  it('does so for each part between paragraphs', () => {
    for (const part of parts) {
      const text = `Before.\n\n${part}\nAfter.\n\nEnd.\n`;
      if (refusal(text, Infinity) === undefined) assert.deepEqual(mdxBlocks(text, 'a.mdx', 1), mdxBlocks(text, 'a.mdx', Infinity), JSON.stringify(part));
    }
  });

  it('says where in the document an error is', () => {
    const before = '---\nt: x\n---\n\nimport A from "a"\n\nSee [foo].\n\n';
    for (const bad of ['<A>\n\nNever closed.\n', '{a b}\n', 'Text <b>x</i>\n', '{ open\n']) {
      const text = `${before}${bad}\n[foo]: http://x\n`;
      const whole = refusal(text, Infinity);
      assert.ok(whole !== undefined && whole.line >= 9, JSON.stringify(whole));
      assert.deepEqual(refusal(text, 1), whole, bad);
    }
  });

  it('refuses a component of more than a million characters with its place', () => {
    const paragraphs = `${'rain '.repeat(600)}\n\n`.repeat(400);
    assert.throws(() => mdx.parse(`Hi.\n\n<Layout>\n\n${paragraphs}</Layout>\n`, { path: 'a.mdx', sourceLanguage: 'en' }), (error) => {
      assert.ok(error instanceof AppError && error.code === 'document.syntax');
      assert.match(error.message, /"line":3,"column":1.*Expected a closing tag for `<Layout>` \(3:1-3:9\).*1048576 characters/u);
      return true;
    });
  });

  it('refuses more than Markdown may have', () => {
    assert.throws(() => mdx.parse('a\n\n'.repeat(4_000_000), { path: 'a.mdx', sourceLanguage: 'en' }), { code: 'document.tooLarge' });
  });
});
