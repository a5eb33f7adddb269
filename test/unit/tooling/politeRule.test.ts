import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sentences } from '../../../scripts/learn/data.ts';
import { isPolite, politeJudge } from '../../../scripts/learn/politeRule.ts';

describe('the rule of the demo', () => {
  it('tells polite endings from plain ones', () => {
    for (const text of ['私は学生です。', '行きますか？', '知りませんでした。', '雨が降るでしょうね。', 'ここに座ってください。', '「行きましょう」']) assert.ok(isPolite(text), text);
    for (const text of ['私は学生だ。', '行くか？', '知らなかった。', 'ますます暑い。', '行きなさい。', '']) assert.ok(!isPolite(text), text);
  });

  it('finds the share of polite references that decisions were made on: 26 % of the test lines', () => {
    const held = sentences('test');
    assert.equal(held.length, 500);
    assert.equal(held.filter(({ reference }) => isPolite(reference)).length, 130);
  });

  it('judges by the form alone', () => {
    assert.equal(politeJudge.compare('', '行く。', '行きます。'), 'new');
    assert.equal(politeJudge.compare('', '行きます。', '行く。'), 'old');
    assert.equal(politeJudge.compare('', '行きます。', '来ます。'), 'tie');
  });

  it('trains on sentences that are not held out', () => {
    const held = new Set(sentences('test').map(({ source }) => source));
    const train = sentences('train');
    assert.equal(train.length, 1000);
    assert.ok(train.every(({ source }) => !held.has(source)));
  });
});
