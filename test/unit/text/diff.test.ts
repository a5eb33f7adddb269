import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diffWords, type DiffPart } from '../../../src/core/text/diff.ts';

const spell = (parts: readonly DiffPart[], without: DiffPart['kind']): string => parts.filter(({ kind }) => kind !== without).map(({ text }) => text).join('');

describe('word diff', () => {
  it('spells both texts', () => {
    const text = fc.array(fc.constantFrom('雨', 'です', 'It', 'is', ' ', '  ', '\n', '。', '🙂', '.')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, fc.constantFrom('ja', 'en', 'th'), (before, after, language) => {
      const parts = diffWords(before, after, language);
      assert.equal(spell(parts, 'removed'), after);
      assert.equal(spell(parts, 'added').replace(/\s/gu, ''), before.replace(/\s/gu, ''));
    }));
  });

  it('compares Japanese by words, not by characters', () => {
    assert.deepEqual(diffWords('土砂降りだ。', '土砂降りです。', 'ja'), [
      { kind: 'same', text: '土砂降り' }, { kind: 'removed', text: 'だ' }, { kind: 'added', text: 'です' }, { kind: 'same', text: '。' },
    ]);
    assert.deepEqual(diffWords('私は学生です', '私は学校です', 'ja').filter(({ kind }) => kind !== 'same'), [{ kind: 'removed', text: '学生' }, { kind: 'added', text: '学校' }]);
  });
});
