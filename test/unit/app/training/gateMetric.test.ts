/** COMET and CometKiwi at the gate: real graphs with random weights, in an engine of their own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../../../../scripts/support/root.ts';
import { defaultRun } from '../../../../src/app/settings.ts';
import { engineMetric } from '../../../../src/app/training/engineMetric.ts';
import { gateAdapter, type GateReport, type SegmentMetric } from '../../../../src/app/training/gateAdapter.ts';
import { Serving } from '../../../../src/app/training/serving.ts';
import { forkPeer } from '../../../../src/backend/childPort.ts';
import { EngineSupervisor } from '../../../../src/backend/supervisor.ts';
import { rankWithChrf } from '../../../../src/core/ranking/rankCandidates.ts';
import { FakeBackend } from '../../support/fakeBackend.ts';

const never = new AbortController().signal;
const languages = { sourceLanguage: 'en', targetLanguage: 'ja' };
const sources = Array.from({ length: 40 }, (_, index) => `Sentence number ${index.toString()}.`);

async function gate(metrics: readonly SegmentMetric[], utility: 'chrf' | 'comet' = 'chrf', judged = false): Promise<GateReport> {
  const serving = (text: (source: string) => string, revision: string): Serving => new Serving({
    backend: new FakeBackend(({ source }) => [text(source)], { revision }), settings: { ...defaultRun, ranking: { ...defaultRun.ranking, utility } },
    compute: { rank: ({ candidates, settings }) => Promise.resolve(rankWithChrf(candidates, { ...settings, utility: 'chrf' })) },
  });
  return gateAdapter({
    before: serving((source) => source.endsWith('3.') ? `${source}同` : `${source}旧`, 'old'), after: serving((source) => source.endsWith('3.') ? `${source}同` : `${source}新しい`, 'new'), metrics,
    heldOut: { pairs: [{ source: 'Without a reference.', chosen: 'a', rejected: 'b', ...languages }], references: sources.map((source) => ({ source, reference: `${source}新しい`, ...languages })) },
    ...(judged && { judge: { kind: 'people' as const, name: 'a person', compare: () => 'tie' as const } }),
  }, never);
}

/** Likes length; has nothing to say of what has no reference. */
const length: SegmentMetric = { name: 'length', utility: 'comet', score: (rows) => Promise.resolve(rows.map(({ output, reference }) => reference === undefined ? Number.NaN : output.length)) };

describe('a metric at the gate', () => {
  it('judges where nobody else did, with ties for equal texts, and is reported with its interval', async () => {
    const { measured, outputs } = await gate([length]);
    assert.deepEqual([measured.winRate?.judge, measured.winRate?.result.wins, measured.winRate?.result.ties], [{ kind: 'metric', name: 'length' }, 36, 4]);
    const [change] = measured.metrics ?? [];
    assert.ok(change !== undefined && change.n === 40 && Math.abs(change.change - 1.8) < 1e-9 && change.interval.low > 1.5 && change.interval.high < 2);
    assert.equal(outputs.find(({ source }) => source === 'Without a reference.')?.verdict, undefined);
  });

  it('does not judge what it ranked, nor over people', async () => {
    assert.equal((await gate([length], 'comet')).measured.winRate, undefined);
    assert.equal((await gate([length], 'comet')).decision.outcome, 'notEvaluated');
    assert.equal((await gate([length], 'chrf', true)).measured.winRate?.judge.kind, 'people');
  });

  it('is COMET or CometKiwi of the engine', async () => {
    const entry = fileURLToPath(new URL('../../../../src/engine/main.ts', import.meta.url));
    const engine = new EngineSupervisor({ spawn: () => forkPeer({ modulePath: entry, execArgv: ['--import', import.meta.resolve('tsx')] }) });
    try {
      const [comet, kiwi] = [await engineMetric(engine, inRoot('test/fixtures/scorers/comet'), never), await engineMetric(engine, inRoot('test/fixtures/scorers/cometkiwi'), never)];
      assert.deepEqual([comet.utility, kiwi.utility], ['comet', 'cometkiwi']);
      const rows = [{ source: 'Hello.', output: 'こんにちは', reference: 'やあ' }, { source: 'Hello.', output: 'やあ', reference: 'やあ' }, { source: 'Hello.', output: 'やあ' }, { source: 'Hello.', output: '', reference: 'やあ' }];
      const [first = Number.NaN, same = Number.NaN, ...without] = await comet.score(rows, never);
      assert.ok(Number.isFinite(first) && Number.isFinite(same) && first !== same && without.every(Number.isNaN));
      const estimates = await kiwi.score(rows, never);
      assert.deepEqual(estimates.map(Number.isFinite), [true, true, true, false]);
      assert.ok(Math.abs((estimates[1] ?? 0) - (estimates[2] ?? 1)) < 1e-6);
      const report = await gate([comet, kiwi]);
      assert.deepEqual(report.measured.metrics?.map(({ n }) => n), [40, 41]);
      assert.equal(report.measured.winRate?.judge.name, comet.name);
    } finally {
      await engine.dispose();
    }
  });
});
