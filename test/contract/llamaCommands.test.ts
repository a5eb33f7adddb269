/** `interlinear train --preflight --rehearse` and `interlinear gate` on llama.cpp itself, which they start and end. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execOrThrow } from '../../scripts/support/exec.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { llamaCommand, serversPython, starterFolder, trainerPython, withServers } from './support/servers.ts';

const languages = { sourceLanguage: 'en', targetLanguage: 'ja' };
const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function interlinear(cwd: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [inRoot('dist/cli.cjs'), ...args], { cwd, maxBuffer: 1 << 26, env: { ...process.env, OMP_NUM_THREADS: '1' } }, (error, out, err) => { resolve({ code: error === null ? 0 : Number(error.code), out, err }); });
  });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'llama-commands-'));
  await work(folder).finally(() => { rmSync(folder, { recursive: true, force: true }); });
}

async function llamaArguments(): Promise<readonly string[]> {
  return ['--llama-command', await llamaCommand({ slots: 2, threads: 1 }), '--gguf-python', await serversPython()];
}

describe('llama-server from the command line', () => {
  it('is gated with a random adapter against its base, by a server of its own for each', { timeout: 300_000 }, (t) => withServers(t, () => inFolder(async (folder) => {
    const job = join(folder, 'job');
    const sources = ['It is raining.', 'Do you like dogs?', 'My father works in a factory.'];
    await execOrThrow(await trainerPython(), [inRoot('test/contract/support/random_lora.py'), starterFolder, join(job, 'adapter'), ...sources]);
    writeFileSync(join(job, 'job.json'), JSON.stringify({ format: 1, id: 'job', stage: 'cpo', base: starterFolder, rows: 'rows.jsonl', dataHash: 'x', heldOutSources: 3 }));
    writeFileSync(join(job, 'heldout.jsonl'), jsonLines(sources.map((source) => ({ source, chosen: '雨です。', rejected: '雨だ。', ...languages }))));
    const { code, out, err } = await interlinear(folder, 'gate', 'job', '--json', '--n', '2', ...await llamaArguments());
    assert.equal(code, 1, err);
    const gate = JSON.parse(out) as { readonly after: { readonly model: string }; readonly decision: { readonly outcome: string; readonly checks: readonly { readonly name: string; readonly remark?: { readonly key: string } }[] } };
    assert.match(gate.after.model, /^job-[0-9a-f]{12}$/u);
    assert.equal(gate.decision.outcome, 'notEvaluated');
    assert.equal(gate.decision.checks.find(({ name }) => name === 'pairAccuracy')?.remark?.key, 'cannotScore');
    const { outputs } = JSON.parse(readFileSync(join(job, 'gate.json'), 'utf8')) as { readonly outputs: readonly { readonly before: string; readonly after: string }[] };
    assert.ok(outputs.some(({ before, after }) => before !== after) && outputs.every(({ before }) => before !== ''));
  })));

  it('takes the adapter of a rehearsal, writes a line with it and ends', { timeout: 300_000 }, (t) => withServers(t, () => inFolder(async (folder) => {
    mkdirSync(join(folder, 'data'));
    const rows = Array.from({ length: 90 }, (_, index) => ({ source: `I read page ${index.toString()} of ${(index * 7).toString()}.`, chosen: `${index.toString()}ページ目を読みます。`, rejected: `${index.toString()}ページ目を読む。` }));
    writeFileSync(join(folder, 'data', 'pairs.jsonl'), jsonLines(rows.map((row) => ({ ...row, prompt: `<|en|>${row.source}<|ja|>`, promptForm: 'raw', bc: 1, document: 'a.md', ...languages }))));
    writeFileSync(join(folder, 'config.yaml'), 'threads: 1\nminimum_rows: 8\nbatch_size: 4\n');
    const { code, out, err } = await interlinear(folder, 'train', 'cpo', '--data', 'data', '--base', 'starter-en-ja', '--out', 'job', '--config', 'config.yaml', '--preflight', '--rehearse', '--json', '--python', await trainerPython(), ...await llamaArguments());
    const report = JSON.parse(out === '' ? '{}' : out) as { readonly served?: { readonly line: string }; readonly serving?: { readonly server: string; readonly state: string }; readonly problems?: readonly object[] };
    assert.deepEqual([code, report.problems], [0, []], err);
    assert.ok((report.served?.line ?? '') !== '');
    assert.equal(report.serving?.state === 'differs', false, 'the server reads prompts as the trainer does');
    assert.match(report.serving?.server ?? '', /^http:\/\/127\.0\.0\.1:/u);
  })));
});
