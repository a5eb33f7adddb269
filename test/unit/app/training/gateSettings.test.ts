import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGateSettings } from '../../../../src/app/training/gateSettings.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { decideGate, defaultThresholds, type CheckState, type Measurements } from '../../../../src/core/evaluation/gate.ts';

const change = (low: number): { before: number; after: number; change: number; interval: { low: number; high: number }; n: number } => ({ before: 0, after: 0, change: low + 1, interval: { low, high: low + 2 }, n: 500 });

describe('thresholds of the gate', () => {
  it('are the measured ones unless set', () => {
    assert.deepEqual(parseGateSettings({}), { thresholds: defaultThresholds, draws: 1 });
    assert.deepEqual(parseGateSettings({ metric: null }).thresholds, defaultThresholds);
  });

  it('decide in the units of the settings', () => {
    const { thresholds } = parseGateSettings({ winRate: 55, pairAccuracy: 2, chrf: 0.5, drift: 0.2, omission: 3, diversity: 10, metric: 1 });
    const measured: Measurements = {
      winRate: { judge: { kind: 'rule', name: 'r' }, result: { wins: 60, losses: 40, ties: 0, n: 100, rate: 0.6, interval: { low: 0.54, high: 0.66 } } },
      accuracy: { ...change(-0.03), pairs: 400, sources: 200 }, chrf: change(-0.6), intoHubs: change(-0.3),
      omission: { ...change(0), change: 0.02, interval: { low: 0, high: 0.04 } }, metrics: [{ name: 'm', ...change(-1.1) }], diversity: { before: 10, after: 8.5 },
    };
    const states = (given: typeof thresholds): readonly CheckState[] => decideGate(measured, given).checks.filter(({ state }) => state !== 'notApplicable').map(({ state }) => state);
    assert.deepEqual(states(thresholds), ['failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'reported']);
    const looser = parseGateSettings({ winRate: 53, pairAccuracy: 4, chrf: 0.7, drift: 0.4, omission: 5, diversity: 20, metric: 2 });
    assert.deepEqual(states(looser.thresholds), ['passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'reported']);
    const alike = (given: typeof thresholds): string | undefined => decideGate(measured, given).checks.find(({ name }) => name === 'diversity')?.remark?.key;
    assert.deepEqual([alike(thresholds), alike(looser.thresholds)], ['moreAlike', undefined]);
  });

  it('that cannot be are named', () => {
    for (const [raw, place] of [[{ chrf: -1 }, 'interlinear.gate.chrf'], [{ draws: 0 }, 'interlinear.gate.draws'], [{ chfr: 1 }, 'interlinear.gate.chfr']] as const) {
      assert.throws(() => parseGateSettings(raw), (error) => error instanceof AppError && error.code === 'input.invalid' && JSON.stringify(error.data).includes(place), JSON.stringify(raw));
    }
  });
});
