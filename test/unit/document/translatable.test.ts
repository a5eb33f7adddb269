import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { translatableFiles, translatableGlob } from '../../../src/core/document/translatable.ts';

const nothingSet = { target: undefined, source: undefined, patterns: {} };

describe('files that can be translated', () => {
  it('are those of known formats, the outermost first', () => {
    const paths = ['docs/guide.md', 'a.png', 'readme.md', 'app/src/main/res/values/arrays.xml', 'pom.xml', 'notes.txt'];
    assert.deepEqual(translatableFiles(paths, nothingSet), ['notes.txt', 'readme.md', 'docs/guide.md', 'app/src/main/res/values/arrays.xml']);
  });

  it('are not the translations of others, once the language is chosen', () => {
    const paths = ['letter.en.md', 'letter.ja.md', 'letter.zh.md', 'messages.properties', 'messages_ja.properties', 'a.xlf', 'alone.ja.txt'];
    assert.deepEqual(translatableFiles(paths, { ...nothingSet, target: 'ja' }), ['a.xlf', 'alone.ja.txt', 'letter.en.md', 'letter.zh.md', 'messages.properties']);
    assert.equal(translatableFiles(paths, nothingSet).length, paths.length);
  });

  it('are found by one glob without braces in braces', () => {
    assert.match(translatableGlob(), /^\{[^{}]*\*\*\/\*\.md,[^{}]*\}$/u);
  });
});
