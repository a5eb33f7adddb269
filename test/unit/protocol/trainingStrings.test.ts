import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { localisedTexts } from '../../../src/protocol/texts.ts';
import { droppedText, remarkText, trainingStrings } from '../../../src/protocol/trainingStrings.ts';

const english = localisedTexts(trainingStrings, {});

describe('rows that were left out', () => {
  it('are told by reason', () => {
    assert.equal(droppedText({ tooLong: 9, sameText: 1, later: 2 }, english), 'too long: 9, both texts are the same: 1, later: 2');
    assert.equal(droppedText({}, english), '');
  });

  it('have words for every reason of the trainer', () => {
    const rows = readFileSync(new URL('../../../trainer/interlinear_trainer/stages/rows.py', import.meta.url), 'utf8');
    const reasons = [...rows.matchAll(/(?:return|dropped\[|Counter\(\{)"(\w+)"|return "(\w+)"/gu)].map(([, counted, returned]) => counted ?? returned ?? '');
    assert.deepEqual([...new Set(reasons)].sort(), ['badRow', 'repeated', 'sameText', 'tooLong']);
    for (const reason of reasons) assert.ok(`dropped.${reason}` in trainingStrings, reason);
  });
});

describe('a remark of a gate', () => {
  it('is a sentence with its values, and nothing where there is none', () => {
    assert.equal(remarkText({ key: 'fewPairs', values: { pairs: 12, needed: 300 } }, english), '12 pairs; 300 are needed to gate on');
    assert.deepEqual([remarkText(undefined, english), remarkText({ key: 'later' }, english)], ['', '']);
  });
});
