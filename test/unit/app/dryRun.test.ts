import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dryRun } from '../../../src/app/translation/dryRun.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import { estimateTokens } from '../../../src/core/prompting/budget.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates } from './support.ts';

const never = new AbortController().signal;

describe('dry run', () => {
  it('measures one segment and counts the others by their length; nothing is stored', async () => {
    const bench = await openBench();
    const backend = new FakeBackend(threeCandidates, { parts: ['previous'], parallelism: 2 });
    let clock = 0;
    const run = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: '', version: '0', earlier: () => [] };
    const jobs = bench.session.pending();
    const found = await dryRun(run, jobs, () => (clock += 500), never);
    assert.ok(found !== undefined);
    assert.equal(backend.requests.length, 1);
    assert.equal(found.segments, 4);
    assert.equal(found.candidates, 16);
    const lengths = jobs.map(({ ref }) => estimateTokens(ref.source));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    assert.equal(found.sourceTokens, total);
    assert.equal(found.promptTokens, total);
    const measured = jobs.findIndex(({ ref }) => ref.id === found.measured.segment);
    assert.equal(found.measured.seconds, 0.5);
    assert.equal(found.outputTokens, Math.round((found.measured.outputTokens / (lengths[measured] ?? 0)) * total));
    assert.ok(Math.abs(found.seconds - found.outputTokens / (found.measured.outputTokens / 0.5) / 2) < 1e-9);
    assert.equal(found.outputTokensAtMost, 4 * 16 * 64);
    assert.equal(bench.session.pending().length, 4);
    const inDocument = await dryRun({ ...run, settings: { ...defaultRun, contextTokens: 1000 } }, jobs, () => (clock += 500), never);
    const before = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, length) => sum + 2 * length, 0));
    assert.equal(inDocument?.promptTokens, total + before.reduce((sum, tokens) => sum + tokens, 0));
  });

  it('of nothing is nothing', async () => {
    const backend = new FakeBackend(() => []);
    const run = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: '', version: '0' };
    assert.equal(await dryRun(run, [], () => 0, never), undefined);
  });
});
