import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diffWords, type DiffPart } from '../../../src/core/text/diff.ts';
import { displayRuns } from '../../../src/core/text/display.ts';

const spell = (parts: readonly DiffPart[], without: DiffPart['kind']): string => parts.filter(({ kind }) => kind !== without).map(({ text }) => text).join('');

/** Where one part of a text ends and the next begins. */
function cuts(parts: readonly DiffPart[], without: DiffPart['kind']): readonly number[] {
  let at = 0;
  return parts.filter(({ kind }) => kind !== without).map(({ text }) => (at += text.length));
}

const isInside = (text: string, at: number): boolean => displayRuns(text).some(({ start, end, isolated }) => isolated && start < at && at < end);

describe('word diff', () => {
  it('spells both texts', () => {
    const text = fc.array(fc.constantFrom('雨', 'です', 'It', 'is', ' ', '  ', '\n', '。', '🙂', '.')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, fc.constantFrom('ja', 'en', 'th'), (before, after, language) => {
      const parts = diffWords(before, after, language);
      assert.equal(spell(parts, 'removed'), after);
      assert.equal(spell(parts, 'added').replace(/\s/gu, ''), before.replace(/\s/gu, ''));
    }));
  });

  it('cuts no placeholder, tag or address', () => {
    assert.deepEqual(diffWords('{name}さん', '{names}さん', 'ja'), [{ kind: 'removed', text: '{name}' }, { kind: 'added', text: '{names}' }, { kind: 'same', text: 'さん' }]);
    assert.deepEqual(diffWords('مرحبا {name}،', 'مرحبا{name} ،', 'ar'), [{ kind: 'same', text: 'مرحبا{name} ،' }], 'space beside it is no change of it');
    const text = fc.array(fc.constantFrom('雨', 'שלום', 'is', ' ', '\n', '{name}', '{n}', '%1$s', '<b>', '</b>', '`a b`', 'https://a.example/x', '\ue000')).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, fc.constantFrom('ja', 'he', 'en'), (before, after, language) => {
      const parts = diffWords(before, after, language);
      assert.equal(spell(parts, 'removed'), after);
      assert.deepEqual(cuts(parts, 'removed').filter((at) => isInside(after, at)), []);
    }));
  });

  it('compares Japanese by words, not by characters', () => {
    assert.deepEqual(diffWords('土砂降りだ。', '土砂降りです。', 'ja'), [
      { kind: 'same', text: '土砂降り' }, { kind: 'removed', text: 'だ' }, { kind: 'added', text: 'です' }, { kind: 'same', text: '。' },
    ]);
    assert.deepEqual(diffWords('私は学生です', '私は学校です', 'ja').filter(({ kind }) => kind !== 'same'), [{ kind: 'removed', text: '学生' }, { kind: 'added', text: '学校' }]);
  });
});
