import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const model = join(root, 'test/fixtures/scorers/comet');
// Made by make_golden.py, with unbabel-comet.
const golden = JSON.parse(readFileSync(join(root, 'test/fixtures/scorers/golden.json'), 'utf8')) as {
  readonly source: string;
  readonly candidates: readonly string[];
  readonly cometkiwi: { readonly scores: readonly (readonly number[])[] };
  readonly comet: { readonly scores: readonly (readonly number[])[] };
};

function rank(cwd: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'dist/cli.cjs'), 'rank', 'sets.jsonl', ...args], { cwd }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('interlinear rank --utility comet, in an engine process', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'interlinear-comet-'));
    const segment = { id: 's', source: golden.source, sourceLanguage: 'en', targetLanguage: 'ja', document: 'd' };
    writeFileSync(join(folder, 'sets.jsonl'), `${JSON.stringify({ segment, candidates: golden.candidates.map((text) => ({ text })) })}\n`);
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it('ranks as the mean of unbabel-comet\'s own scores does, and names the model and its licence', async () => {
    const run = await rank(folder, '--utility', 'comet', '--comet-model', model, '--cut-long', '--json');
    assert.equal(run.code, 0, run.err);
    const { candidates } = JSON.parse(run.out) as { candidates: readonly { readonly text: string }[] };
    const mean = (text: string): number => (golden.comet.scores[golden.candidates.indexOf(text)] ?? []).reduce((a, b) => a + b, 0);
    const wanted = [...golden.candidates].sort((a, b) => mean(b) - mean(a));
    assert.deepEqual(candidates.map(({ text }) => text), wanted);
    assert.match(run.err, /tiny-comet [0-9a-f]{12}, licence Apache-2\.0\n/u);
    assert.match(run.err, /1 text has more tokens than the model reads at once and was cut/u);
  });

  it('ranks by unbabel-comet\'s own quality estimates, and says that the model is not for commercial use', async () => {
    const run = await rank(folder, '--qe', 'cometkiwi', '--qe-model', join(root, 'test/fixtures/scorers/cometkiwi'), '--cut-long', '--json');
    assert.equal(run.code, 0, run.err);
    const { candidates, signature } = JSON.parse(run.out) as { candidates: readonly { readonly text: string; readonly scores: { readonly quality: number } }[]; signature: { quality: string } };
    const estimate = (text: string): number => golden.cometkiwi.scores[golden.candidates.indexOf(text)]?.[0] ?? NaN;
    assert.deepEqual(candidates.map(({ text }) => text), [...golden.candidates].sort((a, b) => estimate(b) - estimate(a)));
    assert.ok(candidates.every(({ text, scores }) => Math.abs(scores.quality - estimate(text)) < 1e-4));
    assert.match(signature.quality, /^cometkiwi\|model:tiny-kiwi\|revision:/u);
    assert.match(run.err, /licence CC-BY-NC-SA-4\.0: not for commercial use/u);
    assert.match((await rank(folder, '--qe', 'cometkiwi')).err, /needs --qe-model DIR/u);
    assert.match((await rank(folder, '--qe', 'cometkiwi', '--qe-model', model)).err, /it is a comet model, cometkiwi is needed/u);
  });

  it('says what is missing, what is broken, and what does not go together', async () => {
    assert.match((await rank(folder, '--utility', 'comet')).err, /needs --comet-model/u);
    assert.match((await rank(folder, '--utility', 'http')).err, /needs --utility-url URL/u);
    assert.match((await rank(folder, '--utility', 'http', '--utility-url', 'http://127.0.0.1:9/')).err, /No answer from http:\/\/127\.0\.0\.1:9\//u);
    assert.match((await rank(folder, '--comet-model', model)).err, /is for --utility comet/u);
    assert.match((await rank(folder, '--utility', 'comet', '--comet-model', join(folder, 'none'))).err, /none\/manifest\.json does not exist/u);
    const broken = join(folder, 'broken');
    cpSync(model, broken, { recursive: true });
    truncateSync(join(broken, 'pairs.onnx'), 10);
    const run = await rank(folder, '--utility', 'comet', '--comet-model', broken);
    assert.equal(run.code, 2);
    assert.match(run.err, /pairs\.onnx cannot be used as a model: 10 bytes/u);
  });
});
