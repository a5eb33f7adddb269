/** `interlinear gate`, `adopt` and `rollback` as their users run them, with the starter model against a copy of itself that has another name. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Gate {
  readonly decision: { readonly outcome: string; readonly checks: readonly { readonly name: string; readonly state: string; readonly limit?: number; readonly note?: string }[] };
  readonly measured: { readonly winRate?: { readonly judge: { readonly kind: string; readonly name: string }; readonly result: { readonly n: number; readonly ties: number } }; readonly metrics?: readonly { readonly name: string; readonly n: number }[] };
  readonly thresholds: Readonly<Record<string, number>>;
  readonly heldOutUses: number;
}

const sources = ['It is raining.', 'I like dogs.', 'She reads a book.', 'He came home late.', 'We had lunch together.', 'The train is late.'];
const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('interlinear gate', () => {
  let folder = '';
  const job = (...parts: readonly string[]): string => join(folder, '.interlinear', 'jobs', 'copy', ...parts);
  const interlinear = (...args: readonly string[]): Promise<Run> => new Promise((resolve) => {
    execFile(process.execPath, [inRoot('dist/cli.cjs'), ...args], { cwd: folder }, (error, out, err) => { resolve({ code: error === null ? 0 : Number(error.code), out, err }); });
  });
  const gate = async (...args: readonly string[]): Promise<Run & { readonly gate: Gate }> => {
    const run = await interlinear('gate', '.interlinear/jobs/copy', '--json', '--n', '4', '--seed', '3', '--comet-model', inRoot('test/fixtures/scorers/comet'), ...args);
    return { ...run, gate: JSON.parse(run.out === '' ? '{}' : run.out) as Gate }; // the form is what is tested
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'interlinear-gate-'));
    mkdirSync(job(), { recursive: true });
    cpSync(inRoot('media/starter-en-ja'), job('model'), { recursive: true });
    const manifest = JSON.parse(readFileSync(job('model', 'manifest.json'), 'utf8')) as { readonly name: string; readonly revision: string };
    writeFileSync(job('model', 'manifest.json'), JSON.stringify({ ...manifest, name: `${manifest.name}+copy`, revision: 'c0ffee000000', parent: { name: manifest.name, revision: manifest.revision } }));
    writeFileSync(job('job.json'), JSON.stringify({ format: 1, id: 'copy', stage: 'cpo', base: inRoot('media/starter-en-ja'), rows: 'rows.jsonl', dataHash: 'x', heldOutSources: sources.length }));
    const languages = { sourceLanguage: 'en', targetLanguage: 'ja' };
    writeFileSync(job('heldout.jsonl'), jsonLines(sources.map((source) => ({ source, chosen: '雨です。', rejected: '雨だ。', ...languages }))));
    writeFileSync(job('references.jsonl'), jsonLines(sources.map((source) => ({ source, reference: '雨が降っています。', ...languages }))));
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it('is judged by COMET where nobody else did, within the thresholds of a file', async () => {
    writeFileSync(join(folder, 'thresholds.json'), JSON.stringify({ winRate: 10, metric: 50, draws: 2, diversity: 30 }));
    const { code, err, gate: found } = await gate('--thresholds', 'thresholds.json');
    assert.equal(code, 0, err);
    assert.equal(found.decision.outcome, 'passed');
    assert.equal(found.measured.winRate?.judge.kind, 'metric');
    assert.match(found.measured.winRate.judge.name, /tiny-comet/u);
    assert.deepEqual([found.measured.winRate.result.n, found.measured.winRate.result.ties], [6, 6], 'equal outputs are ties');
    assert.deepEqual([found.thresholds['winRateLow'], found.thresholds['metricMargin'], found.thresholds['diversityFall']], [0.1, 50, 0.3]);
    assert.equal(found.decision.checks.find(({ name }) => name === 'metric')?.state, 'passed');
    assert.equal(found.heldOutUses, 1);
    assert.match(readFileSync(job('gate.html'), 'utf8'), /Gate of the adapter: passed/u);
  });

  it('does not pass by the usual thresholds, counts its looks, and hears people first', async () => {
    const usual = await gate();
    assert.deepEqual([usual.code, usual.gate.decision.outcome, usual.gate.heldOutUses], [1, 'failed', 2]);
    assert.equal(usual.gate.decision.checks.find(({ name }) => name === 'metric')?.state, 'reported');
    const { outputs } = JSON.parse(readFileSync(job('gate.json'), 'utf8')) as { readonly outputs: readonly { readonly source: string; readonly before: string; readonly after: string }[] };
    writeFileSync(join(folder, 'verdicts.jsonl'), jsonLines(outputs.map(({ source, before: old, after: fresh }) => ({ source, before: old, after: fresh, verdict: 'new' }))));
    const heard = await gate('--verdicts', 'verdicts.jsonl');
    assert.deepEqual([heard.code, heard.gate.measured.winRate?.judge.kind, heard.gate.decision.outcome], [0, 'people', 'passed'], heard.err);
    const told = await interlinear('gate', '.interlinear/jobs/copy', '--n', '4');
    assert.equal(told.code, 1);
    assert.match(told.out, /winRate\s+notEvaluated.*nobody has judged/u);
  });

  it('is needed by an adoption, which a roll back takes back', async () => {
    const refused = await interlinear('adopt', '.interlinear/jobs/copy');
    assert.deepEqual([refused.code, /--because/u.test(refused.err)], [2, true], refused.err);
    const adopted = await interlinear('adopt', '.interlinear/jobs/copy', '--because', 'a test', '--json');
    assert.equal(adopted.code, 0, adopted.err);
    assert.equal((JSON.parse(adopted.out) as { readonly adapter: { readonly revision: string } }).adapter.revision, 'c0ffee000000');
    const back = await interlinear('rollback');
    assert.equal(back.code, 0, back.err);
    const again = await interlinear('rollback');
    assert.equal(again.code, 2, again.err);
  });

  it('names what it cannot use: thresholds, a metric, a job that holds nothing out, one without a model', async () => {
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ winRate: 'high' }));
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--thresholds', 'wrong.json'], /wrong\.json.*winRate/u],
      [['--thresholds', 'none.json'], /none\.json/u],
      [['--verdicts', 'wrong.json'], /wrong\.json:1/u],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await gate(...args);
      assert.equal(code, 2, err);
      assert.match(err, message);
    }
    for (const name of ['heldout.jsonl', 'references.jsonl']) writeFileSync(job(name), '');
    const nothing = await gate();
    assert.equal(nothing.code, 2);
    assert.match(nothing.err, /holds nothing out, so its adapter cannot be judged/u);
    rmSync(job('model'), { recursive: true });
    const gone = await gate();
    assert.equal(gone.code, 2);
    assert.match(gone.err, /without a model folder/u);
  });
});
