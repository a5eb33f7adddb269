import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideGate, type Check, type Measurements } from '../../../src/core/evaluation/gate.ts';
import { meanChange, omissionChange } from '../../../src/core/evaluation/outputChanges.ts';

const rows = (count: number, before: (index: number) => number, after: (index: number) => number): { source: string; before: number; after: number }[] =>
  Array.from({ length: count }, (_, index) => ({ source: `s${index}`, before: before(index), after: after(index) }));
const checked = (measured: Measurements, name: Check['name']): Check | undefined => decideGate(measured).checks.find((check) => check.name === name);

describe('omission rate', () => {
  it('flags 5 % of the present model and what falls below its worst', () => {
    // 400 outputs of coverage 0.001 to 0.400: twenty are below 0.021
    const found = omissionChange(rows(400, (index) => (index + 1) / 1000, (index) => (index < 100 ? 0 : 0.5)));
    assert.deepEqual([found?.before, found?.after, found?.n], [0.05, 0.25, 400]);
    assert.ok(Math.abs((found?.change ?? 0) - 0.2) < 1e-12);
    const check = checked({ ...(found !== undefined && { omission: found }) }, 'omission');
    assert.equal(check?.state, 'failed');
    assert.ok((check.value ?? 0) < 0 && (check.low ?? 0) < (check.high ?? 0));
  });

  it('passes what omits no more, and needs 20 outputs, 200 to gate on', () => {
    const same = omissionChange(rows(200, (index) => index, (index) => index));
    const few = omissionChange(rows(199, (index) => index, () => 0));
    assert.equal(checked({ ...(few !== undefined && { omission: few }) }, 'omission')?.state, 'reported');
    assert.equal(checked({ ...(same !== undefined && { omission: same }) }, 'omission')?.state, 'passed');
    assert.equal(omissionChange(rows(19, () => 1, () => 1)), undefined);
    assert.equal(checked({}, 'omission')?.state, 'notApplicable');
  });
});

describe('outside metrics', () => {
  it('are mean changes with a paired interval, reported unless a margin is set', () => {
    const change = meanChange(rows(50, (index) => index % 5, (index) => (index % 5) + (index % 2)));
    assert.ok(change !== undefined);
    assert.ok(Math.abs(change.change - 0.5) < 1e-12 && change.interval.low > 0.3 && change.interval.high < 0.7);
    const measured: Measurements = { metrics: [{ name: 'COMET-22', ...change }] };
    assert.deepEqual([checked(measured, 'metric')?.state, checked(measured, 'metric')?.remark?.values], ['reported', { name: 'COMET-22' }]);
    const strict = { winRateLow: 0.5, accuracyMargin: 0, leastPairs: 300, chrfMargin: 1, driftMargin: 1, omissionMargin: 0.05, leastOutputs: 200, diversityFall: 0.2, metricMargin: 0 };
    assert.equal(decideGate(measured, strict).checks.find(({ name }) => name === 'metric')?.state, 'passed');
    assert.equal(meanChange([]), undefined);
  });
});

describe('candidates', () => {
  it('that became more alike are a warning, by number or by mean chrF with each other', () => {
    const remark = (measured: Measurements): string | undefined => checked(measured, 'diversity')?.remark?.key;
    assert.equal(remark({ diversity: { before: 10, after: 8.1, selfChrf: { before: 0.5, after: 0.55 } } }), undefined);
    assert.equal(remark({ diversity: { before: 10, after: 7.9 } }), 'moreAlike');
    assert.equal(remark({ diversity: { before: 10, after: 10, selfChrf: { before: 0.5, after: 0.61 } } }), 'moreAlike');
  });

  it('into English or Chinese are gated apart where there are any', () => {
    assert.deepEqual([checked({}, 'intoHubs')?.state, checked({}, 'intoHubs')?.remark], ['notApplicable', { key: 'noHubReferences' }]);
    const fall = { before: 50, after: 40, change: -10, interval: { low: -12, high: -8 }, n: 100 };
    assert.equal(checked({ intoHubs: fall }, 'intoHubs')?.state, 'failed');
  });
});
