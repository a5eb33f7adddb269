import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chrfChange } from '../../../src/core/evaluation/chrfChange.ts';
import { decideGate, type Measurements } from '../../../src/core/evaluation/gate.ts';
import { bootstrapInterval } from '../../../src/core/evaluation/interval.ts';
import { accuracyChange, pairAccuracy } from '../../../src/core/evaluation/pairAccuracy.ts';
import { winRate, type Verdict } from '../../../src/core/evaluation/winRate.ts';
import { corpusChrf } from '../../../src/core/ranking/chrf.ts';

const pair = (source: string, chosen: number, rejected: number): { source: string; chosen: number; rejected: number } => ({ source, chosen, rejected });

describe('pair accuracy', () => {
  it('counts ties half', () => {
    assert.equal(pairAccuracy([pair('a', -1, -2), pair('b', -2, -1), pair('c', -1, -1), pair('d', -1, -3)]), 0.625);
    assert.equal(pairAccuracy([]), undefined);
  });

  it('draws all pairs of a source together: ten copies of a source are no more evidence than one', () => {
    const rows = (copies: number): { before: ReturnType<typeof pair>[]; after: ReturnType<typeof pair>[] } => {
      const names = Array.from({ length: 20 }, (_, index) => `s${index}`).flatMap((name) => Array.from({ length: copies }, () => name));
      return { before: names.map((name) => pair(name, -2, -1)), after: names.map((name) => pair(name, name.endsWith('3') ? -2 : -1, -1.5)) };
    };
    const [one, ten] = [rows(1), rows(10)].map(({ before, after }) => accuracyChange(before, after));
    assert.ok(one !== undefined && ten !== undefined);
    assert.ok(Math.abs(one.change - 0.9) < 1e-12);
    assert.deepEqual(ten.interval, one.interval);
    assert.deepEqual([ten.pairs, ten.sources], [200, 20]);
  });
});

describe('bootstrap', () => {
  it('covers the mean of a known sample at about its level', () => {
    const values = Array.from({ length: 100 }, (_, index) => index);
    const interval = bootstrapInterval(values, (drawn) => drawn.reduce((sum, value) => sum + value, 0) / drawn.length);
    assert.ok(interval !== undefined);
    // standard error of the mean is 28.87 / 10
    assert.ok(Math.abs(interval.low - (49.5 - 1.96 * 2.887)) < 0.6 && Math.abs(interval.high - (49.5 + 1.96 * 2.887)) < 0.6);
  });

  it('is the same for the same seed and undefined without groups', () => {
    const mean = (drawn: readonly number[]): number => drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    assert.deepEqual(bootstrapInterval([1, 5, 9], mean), bootstrapInterval([1, 5, 9], mean));
    assert.equal(bootstrapInterval([], mean), undefined);
  });
});

describe('chrF change', () => {
  it('is the difference of corpus chrF, with 0 inside where nothing changed', () => {
    const outputs = ['猫が好きだ。', '犬が来た。', '雨です。'].map((reference, index) => ({ source: `s${index}`, reference, before: reference.slice(1), after: reference }));
    const change = chrfChange(outputs);
    assert.ok(change !== undefined);
    assert.equal(change.after, 100);
    assert.ok(Math.abs(change.before - corpusChrf(outputs.map(({ before }) => before), outputs.map(({ reference }) => [reference]))) < 1e-9);
    assert.ok(change.interval.low > 0);
    const same = chrfChange(outputs.map((output) => ({ ...output, after: output.before })));
    assert.deepEqual(same?.interval, { low: 0, high: 0 });
  });
});

describe('gate', () => {
  const rate = (wins: number, losses: number): NonNullable<Measurements['winRate']> => {
    const result = winRate([...Array<Verdict>(wins).fill('new'), ...Array<Verdict>(losses).fill('old')]);
    assert.ok(result !== undefined);
    return { judge: { kind: 'people', name: 'two people' }, result };
  };
  const chrf = (low: number): NonNullable<Measurements['chrf']> => ({ before: 30, after: 30, change: 0, interval: { low, high: 1 }, n: 100 });

  it('never passes without a judge', () => {
    assert.equal(decideGate({ chrf: chrf(0) }).outcome, 'notEvaluated');
    assert.equal(decideGate({}).outcome, 'notEvaluated');
  });

  it('passes when the win rate is surely above half and no guard fell', () => {
    assert.equal(decideGate({ winRate: rate(80, 20), chrf: chrf(-0.9) }).outcome, 'passed');
    assert.equal(decideGate({ winRate: rate(52, 48), chrf: chrf(-0.9) }).outcome, 'failed');
    assert.equal(decideGate({ winRate: rate(80, 20), chrf: chrf(-1.1) }).outcome, 'failed');
  });

  it('gates chrF on preferred references where there are such, and then only reports the overall one', () => {
    const decision = decideGate({ winRate: rate(80, 20), chrf: chrf(-5), chrfPreferred: chrf(-0.2) });
    assert.equal(decision.outcome, 'passed');
    assert.equal(decision.checks.find(({ name }) => name === 'chrf')?.state, 'reported');
  });

  it('does not gate on too few pairs', () => {
    const accuracy = { before: 0.5, after: 0.4, change: -0.1, interval: { low: -0.2, high: -0.01 }, sources: 50 };
    assert.equal(decideGate({ winRate: rate(80, 20), accuracy: { ...accuracy, pairs: 50 } }).outcome, 'passed');
    assert.equal(decideGate({ winRate: rate(80, 20), accuracy: { ...accuracy, pairs: 300 } }).outcome, 'failed');
  });
});
