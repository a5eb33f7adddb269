import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

type Links = readonly (readonly [number, number])[];

const root = fileURLToPath(new URL('../../', import.meta.url));
const model = (name: string): string => join(root, 'test/fixtures/scorers', name);
// Made by make_aligners.py, with transformers.
const golden = JSON.parse(readFileSync(join(root, 'test/fixtures/scorers/aligners.json'), 'utf8')) as {
  readonly pairs: readonly { readonly source_words: readonly string[]; readonly target_words: readonly string[] }[];
  readonly awesome: readonly { readonly links: Links }[];
};

function align(cwd: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'dist/cli.cjs'), 'align', 'pairs.txt', ...args], { cwd }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('interlinear align with a model, in an engine process', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'interlinear-align-'));
    writeFileSync(join(folder, 'pairs.txt'), golden.pairs.map((pair) => `${pair.source_words.join(' ')} ||| ${pair.target_words.join(' ')}\n`).join(''));
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it('prints the links that awesome-align\'s rule gives in Python, and names the model', async () => {
    const run = await align(folder, '--aligner', 'embedding', '--model', model('awesome'));
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(run.out.trimEnd().split('\n'), golden.awesome.map(({ links }) => links.map((link) => link.join('-')).join(' ')));
    assert.match(run.err, /tiny-awesome [0-9a-f]{12}, licence BSD-3-Clause\n/u);
  });

  it('aligns by spans with the rule that is asked for, and says that the model is not for commercial use', async () => {
    const spans = (rule: string): ReturnType<typeof align> => align(folder, '--aligner', 'span', '--model', model('wspalign'), '--rule', rule, '--format', 'json');
    const [batch, average] = [await spans('batch'), await spans('average')];
    assert.equal(batch.code, 0, batch.err);
    assert.match(average.err, /licence CC-BY-NC-SA-4\.0: not for commercial use/u);
    assert.equal(average.out.trimEnd().split('\n').length, golden.pairs.length);
    assert.notEqual(batch.out, average.out);
  });

  it('says what is missing, what is broken, and what does not go together', async () => {
    assert.match((await align(folder, '--aligner', 'embedding')).err, /needs --model DIR/u);
    assert.match((await align(folder, '--aligner', 'embedding', '--model', model('wspalign'))).err, /it is a wspalign model, awesome is needed/u);
    assert.match((await align(folder, '--rule', 'batch')).err, /is for --aligner embedding or span/u);
    assert.match((await align(folder, '--aligner', 'span', '--model', model('wspalign'), '--rule', 'best')).err, /must be one of inference, batch, average/u);
    const broken = join(folder, 'broken');
    cpSync(model('awesome'), broken, { recursive: true });
    truncateSync(join(broken, 'states.onnx'), 10);
    const run = await align(folder, '--aligner', 'embedding', '--model', broken);
    assert.equal(run.code, 2);
    assert.match(run.err, /states\.onnx cannot be used as a model: 10 bytes/u);
  });
});
