/** `interlinear models` from a download to a ranking: the hub is a fake on this machine, the checkpoint small and random, exporter and engine are real. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ensurePython, trainerEnvironment } from '../../scripts/support/python.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { FakeHub } from '../unit/support/fakeHub.ts';

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('interlinear models', () => {
  let folder: string;
  let hub: FakeHub;
  let python: string;
  const file = (...parts: readonly string[]): Buffer => readFileSync(join(folder, 'published', ...parts));
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, HF_ENDPOINT: hub.host, HF_TOKEN: '', INTERLINEAR_PYTHON: python });

  function cli(...args: readonly string[]): Promise<Run> {
    return new Promise((resolve) => {
      execFile(process.execPath, [inRoot('dist/cli.cjs'), ...args], { cwd: folder, env: env() }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  before(async () => {
    python = await ensurePython(trainerEnvironment, (line) => { console.log(line); });
    folder = mkdtempSync(join(tmpdir(), 'interlinear-models-'));
    const { code, err } = await new Promise<Run>((resolve) => {
      execFile(python, ['-m', 'tests.random_checkpoints', join(folder, 'published')], { cwd: inRoot('trainer') }, (error, out, stderr) => { resolve({ code: error === null ? 0 : 1, out, err: stderr }); });
    });
    assert.equal(code, 0, err);
    hub = await new FakeHub().start();
    const [config, tokenizer] = [file('encoder', 'config.json'), file('encoder', 'tokenizer.json')];
    const metric = { 'hparams.yaml': file('metric', 'hparams.yaml'), 'checkpoints/model.ckpt': file('metric', 'checkpoints', 'model.ckpt') };
    Object.assign(hub.repositories, {
      'Unbabel/wmt22-comet-da': metric,
      'Unbabel/wmt22-cometkiwi-da': metric,
      'FacebookAI/xlm-roberta-large': { 'config.json': config, 'tokenizer.json': tokenizer },
      'microsoft/infoxlm-large': { 'config.json': config },
      'aneuraz/awesome-align-with-co': { 'config.json': file('aligner', 'config.json'), 'model.safetensors': file('aligner', 'model.safetensors') },
      'google-bert/bert-base-multilingual-cased': { 'tokenizer.json': file('aligner', 'tokenizer.json') },
    });
    hub.gated.add('Unbabel/wmt22-cometkiwi-da');
    const segment = { id: 's', source: 'a cat', sourceLanguage: 'en', targetLanguage: 'ja', document: 'd' };
    writeFileSync(join(folder, 'sets.jsonl'), `${JSON.stringify({ segment, candidates: ['土日だ', '土日', '本だ。'].map((text) => ({ text })) })}\n`);
  });
  after(() => {
    hub.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists what there is, and says of XCOMET what to use instead', async () => {
    const listed = await cli('models');
    assert.match(listed.out, /^comet-22 +Unbabel\/wmt22-comet-da +Apache-2\.0\n/u);
    assert.match(listed.out, /cometkiwi-22 .*CC-BY-NC-SA-4\.0, not for commercial use, needs a token/u);
    const xcomet = await cli('models', 'get', 'xcomet-xl', '--out', 'x');
    assert.equal(xcomet.code, 2);
    assert.match(xcomet.err, /does not run here.*use wmt22-comet-da/u);
    assert.match((await cli('models', 'get', 'nothing', '--out', 'x')).err, /There are: comet-22, /u);
  });

  it('shows size, source and licence and fetches nothing before a yes', async () => {
    const shown = await cli('models', 'get', 'comet-22', '--out', 'comet');
    assert.equal(shown.code, 1, shown.err);
    assert.match(shown.out, /model +Unbabel\/wmt22-comet-da at c0ffee00c0ff/u);
    assert.match(shown.out, /size +\d\.\d MB in 4 files, .*4 have a digest/u);
    assert.match(shown.out, /licence +Apache-2\.0\n/u);
    assert.ok(hub.seen.every((line) => line.startsWith('hub HEAD')), hub.seen.join('\n'));
    assert.deepEqual(readdirSync(folder).sort(), ['published', 'sets.jsonl']);
  });

  it('is cancelled, goes on where it was, converts, and what it made ranks', async () => {
    hub.held = true;
    const held = spawn(process.execPath, [inRoot('dist/cli.cjs'), 'models', 'get', 'comet-22', '--out', 'comet', '--yes'], { cwd: folder, env: env(), stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => { held.once('exit', () => { resolve(); }); });
    while (hub.waiting === 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
    held.kill('SIGINT');
    await ended;
    hub.held = false;
    assert.ok(!existsSync(join(folder, 'comet')));
    hub.seen.length = 0;
    const got = await cli('models', 'get', 'comet-22', '--out', 'comet', '--yes', '--bits', '8');
    assert.equal(got.code, 0, got.err);
    assert.match(got.err, /converting \(3 of 3\): measuring what fewer bits change/u);
    assert.ok(hub.seen.some((line) => /store GET .*model\.ckpt bytes=\d+-/u.test(line)), 'the rest alone was fetched');
    const manifest = JSON.parse(readFileSync(join(folder, 'comet/manifest.json'), 'utf8')) as { source: string; licence: string; bits: number };
    assert.deepEqual([manifest.source, manifest.licence, manifest.bits], ['Unbabel/wmt22-comet-da@c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00', 'Apache-2.0', 8]);
    assert.deepEqual(readdirSync(folder).sort(), ['comet', 'published', 'sets.jsonl'], 'no checkpoint is left');
    const ranked = await cli('rank', 'sets.jsonl', '--utility', 'comet', '--comet-model', 'comet', '--json');
    assert.equal(ranked.code, 0, ranked.err);
    assert.match(ranked.err, /wmt22-comet-da [0-9a-f]{12}, licence Apache-2\.0/u);
    assert.equal((JSON.parse(ranked.out) as { candidates: readonly object[] }).candidates.length, 3);
    assert.match((await cli('models', 'get', 'comet-22', '--out', 'comet')).err, /it is not empty; name a new folder/u);
  });

  it('takes the tokenizer of the base where an aligner has none of its own', async () => {
    const got = await cli('models', 'get', 'awesome-align', '--out', 'aligner', '--yes');
    assert.equal(got.code, 0, got.err);
    writeFileSync(join(folder, 'pairs.txt'), 'a cat ||| 土 日\n');
    const aligned = await cli('align', 'pairs.txt', '--aligner', 'embedding', '--model', 'aligner');
    assert.equal(aligned.code, 0, aligned.err);
    assert.match(aligned.err, /awesome-align-with-co [0-9a-f]{12}, licence BSD-3-Clause/u);
  });

  it('says what a gated model needs, and keeps a checkpoint that cannot be converted', async () => {
    const gated = await cli('models', 'get', 'cometkiwi-22', '--out', 'kiwi', '--yes');
    assert.equal(gated.code, 2);
    assert.match(gated.err, /Accept them at http:.*Unbabel\/wmt22-cometkiwi-da, make a token/u);
    const run = await new Promise<Run>((resolve) => {
      execFile(process.execPath, [inRoot('dist/cli.cjs'), 'models', 'get', 'cometkiwi-22', '--out', 'kiwi', '--yes', '--token-env', 'MY_TOKEN'], { cwd: folder, env: { ...env(), MY_TOKEN: hub.token } }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
    assert.equal(run.code, 2, 'what the fake has there is a COMET metric');
    assert.match(run.out, /licence +CC-BY-NC-SA-4\.0, not for commercial use, needs a token/u);
    assert.match(run.err, /could not be converted: .*class_identifier is regression_metric/u);
    assert.ok(existsSync(join(folder, 'kiwi.download')) && !existsSync(join(folder, 'kiwi')));
    assert.ok(hub.seen.every((line) => !line.startsWith('store') || !line.includes(hub.token)));
  });
});
