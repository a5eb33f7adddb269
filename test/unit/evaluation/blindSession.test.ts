import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blindItems, combinedVerdicts, humanVerdict, standingVerdicts, verdictOf, type OutputPair, type VerdictRecord } from '../../../src/core/evaluation/blindSession.ts';
import type { Verdict } from '../../../src/core/evaluation/winRate.ts';

const outputs = (count: number, changed: number): readonly OutputPair[] =>
  Array.from({ length: count }, (_, index) => ({ source: `s${index}`, before: `a${index}`, after: index < changed ? `b${index}` : `a${index}` }));

let clock = 0;
const said = (item: OutputPair, verdict: Verdict, reviewer = 'anna'): VerdictRecord => {
  clock += 1;
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, clock)).toISOString();
  return { id: `r${clock}`, at, reviewer, act: 'judge', ...item, newSide: 'left', verdict };
};

describe('a blind session', () => {
  it('shows only what changed, in an order and on sides that the seed fixes', () => {
    const items = blindItems(outputs(200, 150), 'seed');
    assert.equal(items.length, 150);
    assert.deepEqual(items, blindItems(outputs(200, 150), 'seed'));
    assert.notDeepEqual(items.map(({ source }) => source), blindItems(outputs(200, 150), 'other').map(({ source }) => source));
    assert.notDeepEqual(items.map(({ source }) => source), outputs(150, 150).map(({ source }) => source));
    const left = items.filter(({ newSide }) => newSide === 'left').length;
    assert.ok(left > 50 && left < 100, `${left} of 150 on the left`);
  });

  it('turns a side into a verdict on the models', () => {
    assert.deepEqual([verdictOf('left', 'left'), verdictOf('left', 'right'), verdictOf('right', 'right'), verdictOf('tie', 'left')], ['new', 'old', 'new', 'tie']);
  });

  it('forgets what was undone and what was said of other outputs', () => {
    const [first = assert.fail(), second = assert.fail()] = outputs(2, 2);
    const wrong = said(first, 'old');
    const records: readonly VerdictRecord[] = [
      wrong, { id: 'u', at: wrong.at, reviewer: 'anna', act: 'undo', of: wrong.id },
      said(first, 'new'), said({ ...second, after: 'an older model wrote this' }, 'new'),
    ];
    assert.deepEqual(standingVerdicts(records, [first, second]).map(({ source, verdict }) => [source, verdict]), [['s0', 'new']]);
  });

  it('counts each source once: what most reviewers said', () => {
    const [item = assert.fail()] = outputs(1, 1);
    const even = [said(item, 'new'), said(item, 'old', 'ben')];
    assert.deepEqual(combinedVerdicts(even, [item]), [{ source: 's0', verdict: 'tie' }]);
    assert.deepEqual(combinedVerdicts([...even, said(item, 'old', 'cleo')], [item]), [{ source: 's0', verdict: 'old' }]);
    // who judges twice is still one person
    assert.deepEqual(combinedVerdicts([...even, said(item, 'new', 'ben')], [item]), [{ source: 's0', verdict: 'new' }]);
  });

  it('says nothing before the first look and decides at it', () => {
    const items = outputs(40, 40);
    const records = items.slice(0, 29).map((item) => said(item, 'new'));
    assert.equal(humanVerdict(records, items).outcome.kind, 'waiting');
    const { outcome, judged } = humanVerdict([...records, said(items[29] ?? assert.fail(), 'new')], items);
    assert.deepEqual([outcome.kind, judged], ['better', 30]);
  });

  it('counts equal outputs as ties once all others are judged, and only then', () => {
    const items = outputs(40, 20);
    const records = items.slice(0, 20).map((item) => said(item, 'new'));
    assert.equal(humanVerdict(records.slice(1), items).outcome.kind, 'waiting');
    const { outcome, unchanged } = humanVerdict(records, items);
    assert.equal(unchanged, 20);
    assert.ok(outcome.kind === 'better' || outcome.kind === 'undecided');
    assert.deepEqual([outcome.result.wins, outcome.result.ties], [20, 10]);
    assert.equal(humanVerdict([], outputs(40, 0)).outcome.kind, 'waiting');
  });
});
