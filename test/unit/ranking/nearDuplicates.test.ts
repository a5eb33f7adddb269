import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearKey } from '../../../src/core/ranking/nearDuplicates.ts';

describe('the key of near-duplicates', () => {
  it('leaves out width, case, punctuation, symbols and white space', () => {
    for (const [a, b] of [['ＡＢＣ　１２３！', 'abc 123'], ['はい。', '「はい」…'], ['Don’t!', 'dont'], ['ｶﾞﾗｽ', 'ガラス'], ['a\u00a0b', 'ab']] as const) assert.equal(nearKey(a), nearKey(b), `${a} ${b}`);
  });

  it('keeps letters, marks and numbers apart', () => {
    for (const [a, b] of [['雨だ', '雪だ'], ['か', 'が'], ['1', '2'], ['hát', 'hat'], ['行く', '行く2']] as const) assert.notEqual(nearKey(a), nearKey(b), `${a} ${b}`);
  });

  it('does not make all texts without letters one', () => {
    assert.notEqual(nearKey('…'), nearKey('!'));
    assert.notEqual(nearKey(''), nearKey('?'));
  });
});
