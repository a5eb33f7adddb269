import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError, isAbort } from '../../../src/core/errors.ts';
import { Binding, importOnnxruntime } from '../../../src/engine/binding.ts';
import { lengthBatches } from '../../../src/engine/scorer/batches.ts';
import { readScorerFolder } from '../../../src/engine/scorer/scorerFolder.ts';
import { readJoined, readText } from '../../../src/engine/scorer/texts.ts';
import { EngineService } from '../../../src/engine/service.ts';
import type { CallContext, Handlers } from '../../../src/protocol/channel.ts';
import type { EngineContract, LoadedScorer, ScoreProgress } from '../../../src/protocol/engine.ts';
import { editManifest, resign } from '../support/tinyModel.ts';

interface Golden {
  readonly source: string;
  readonly candidates: readonly string[];
  readonly comet: { readonly scores: readonly (readonly number[])[]; readonly tokens: readonly (readonly number[])[] };
  readonly cometkiwi: { readonly scores: readonly (readonly number[])[]; readonly tokens: readonly (readonly number[])[] };
}

const fixtures = fileURLToPath(new URL('../../fixtures/scorers', import.meta.url));
// Made by make_golden.py beside it, with unbabel-comet.
const golden = JSON.parse(readFileSync(join(fixtures, 'golden.json'), 'utf8')) as Golden;

function engine(): Handlers<EngineContract> {
  return new EngineService({ binding: new Binding(importOnnxruntime), version: '0', pid: 1, threads: 1, now: () => performance.now() }).handlers();
}

function context<P = never>(signal = new AbortController().signal): CallContext<P> & { readonly seen: P[] } {
  const seen: P[] = [];
  return { signal, seen, progress: (value) => { seen.push(value); } };
}

async function loaded(kind: 'comet' | 'cometkiwi'): Promise<{ handlers: Handlers<EngineContract>; scorer: LoadedScorer }> {
  const handlers = engine();
  return { handlers, scorer: await handlers.loadScorer({ folder: join(fixtures, kind) }, context()) };
}

/** The path at fault and the reason, when a broken copy of a folder is loaded. */
async function refusal(t: TestContext, spoil: (folder: string) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-scorer-'));
  t.after(() => { rmSync(folder, { recursive: true, force: true }); });
  cpSync(join(fixtures, 'comet'), folder, { recursive: true });
  spoil(folder);
  const thrown: unknown = await Promise.resolve(engine().loadScorer({ folder }, context())).catch((error: unknown) => error);
  assert.ok(thrown instanceof AppError, String(thrown));
  const { path, reason = '' } = thrown.data as { path: string; reason?: string };
  return `${thrown.code} ${path.replace(folder, '').slice(1)}: ${reason}`;
}

describe('metrics in the engine', () => {
  for (const kind of ['comet', 'cometkiwi'] as const) {
    it(`cuts texts into the tokens of ${kind}'s own tokenizer`, async () => {
      const { tokenizer } = await readScorerFolder(join(fixtures, kind));
      const texts = [golden.source, ...golden.candidates];
      assert.deepEqual(texts.map((text) => readText(tokenizer, text, { maxTokens: 510, long: 'cut' }).rows[0]), golden[kind].tokens);
    });
  }

  it('gives the numbers of unbabel-comet for every pair: sparsemax, padding, 510 tokens, empty text', async () => {
    const { handlers, scorer } = await loaded('comet');
    const { matrix, long } = await handlers.utilities({ model: scorer.handle, source: golden.source, texts: golden.candidates, long: 'cut' }, context<ScoreProgress>());
    const worst = golden.comet.scores.flat().reduce((most, score, cell) => Math.max(most, Math.abs(score - (matrix.data[cell] ?? NaN))), 0);
    assert.ok(worst < 1e-4, `largest difference ${String(worst)}`);
    assert.deepEqual([matrix.rows, matrix.cols, long], [golden.candidates.length, golden.candidates.length, 1]);
  });

  it('gives the numbers of unbabel-comet without a reference', async () => {
    const { handlers, scorer } = await loaded('cometkiwi');
    const { scores, long } = await handlers.quality({ model: scorer.handle, source: golden.source, texts: golden.candidates, long: 'cut' }, context<ScoreProgress>());
    const worst = golden.cometkiwi.scores.flat().reduce((most, score, row) => Math.max(most, Math.abs(score - (scores[row] ?? NaN))), 0);
    assert.ok(worst < 1e-4, `largest difference ${String(worst)}`);
    assert.equal(long, 1);
  });

  it('encodes equal texts once and gives them equal scores', async () => {
    const { handlers, scorer } = await loaded('comet');
    const seen = context<ScoreProgress>();
    const [a = '', b = ''] = golden.candidates;
    const { matrix } = await handlers.utilities({ model: scorer.handle, source: golden.source, texts: [a, b, a] }, seen);
    assert.deepEqual([...matrix.data.subarray(0, 3)], [...matrix.data.subarray(6, 9)]);
    assert.equal(seen.seen.at(-1)?.done, 3);
  });

  it('stops between batches when it is cancelled', async () => {
    const { handlers, scorer } = await loaded('comet');
    const cancel = new AbortController();
    const texts = Array.from({ length: 400 }, (_, index) => `雨が${'とても'.repeat(index % 30)}降る${String(index)}`);
    const work = handlers.utilities({ model: scorer.handle, source: golden.source, texts }, { signal: cancel.signal, progress: () => { cancel.abort(); } });
    await assert.rejects(Promise.resolve(work), isAbort);
  });

  it('says which kind is needed where the other is loaded', async () => {
    const { handlers, scorer } = await loaded('cometkiwi');
    const asked = { model: scorer.handle, source: '', texts: ['a'] };
    await assert.rejects(async () => handlers.utilities(asked, context<ScoreProgress>()), (error: unknown) => error instanceof AppError && error.code === 'input.invalid');
  });

  it('answers at once when it is loaded, and forgets what is unloaded', async () => {
    const { handlers, scorer } = await loaded('comet');
    assert.deepEqual(await handlers.loadScorer({ folder: join(fixtures, 'comet') }, context()), scorer);
    await handlers.unload({ model: scorer.handle }, context());
    await assert.rejects(async () => handlers.utilities({ model: scorer.handle, source: '', texts: [''] }, context<ScoreProgress>()), /no metric/u);
  });

  it('says what a folder holds before anything of it is loaded, every file checked', async (t) => {
    const progress = context<ScoreProgress>();
    const { kind, name, licence, bytes } = await engine().describeScorer({ folder: join(fixtures, 'comet') }, progress);
    assert.deepEqual([kind, name, licence], ['comet', 'tiny-comet', 'Apache-2.0']);
    assert.equal(bytes, progress.seen[0]?.total);
    assert.ok(bytes > 700_000);
    const folder = mkdtempSync(join(tmpdir(), 'interlinear-scorer-'));
    t.after(() => { rmSync(folder, { recursive: true, force: true }); });
    cpSync(join(fixtures, 'comet'), folder, { recursive: true });
    truncateSync(join(folder, 'pairs.onnx'), 10);
    await assert.rejects(async () => engine().describeScorer({ folder }, context<ScoreProgress>()), /engine\.modelInvalid/u);
  });

  it('refuses what does not fit its manifest, naming the file', async (t) => {
    const cut = await refusal(t, (folder) => { truncateSync(join(folder, 'encoder.onnx'), 1000); });
    assert.match(cut, /^engine\.modelInvalid encoder\.onnx: 1000 bytes/u);
    const changed = await refusal(t, (folder) => {
      const data = readFileSync(join(folder, 'sides.onnx'));
      data[200] = (data[200] ?? 0) ^ 1;
      writeFileSync(join(folder, 'sides.onnx'), data);
    });
    assert.match(changed, /^engine\.modelInvalid sides\.onnx: .*sha256/u);
    assert.match(await refusal(t, (folder) => { rmSync(join(folder, 'tokenizer.json')); }), /^engine\.modelMissing tokenizer\.json/u);
  });

  it('refuses a graph that is another, a wrong kind and a tokenizer that is none', async (t) => {
    const swapped = await refusal(t, (folder) => { resign(folder, 'encoder', 'sides.onnx'); });
    assert.match(swapped, /^engine\.modelInvalid sides\.onnx: the graph has no input_ids/u);
    const kind = await refusal(t, (folder) => { editManifest(folder, (manifest) => { manifest['kind'] = 'decoder'; }); });
    assert.match(kind, /^engine\.modelInvalid manifest\.json: /u);
    const tokenizer = await refusal(t, (folder) => {
      writeFileSync(join(folder, 'tokenizer.json'), '{}');
      resign(folder, 'tokenizer', 'tokenizer.json');
    });
    assert.match(tokenizer, /^engine\.modelInvalid tokenizer\.json: /u);
  });
});

/** As many sentences as make at least `count` tokens, the last of them another one. */
function longText(count: number, last: string): string {
  return `${'土砂降りですね。'.repeat(Math.ceil(count / 4))}${last}`;
}

describe('texts of 2,000 tokens', () => {
  for (const kind of ['comet', 'cometkiwi'] as const) {
    it(`are read to their end by ${kind}, in windows, and that is told`, async () => {
      const { handlers, scorer } = await loaded(kind);
      const texts = [longText(2000, 'It is raining.'), longText(2000, '猫と犬が降っていますね？'), 'It is raining.'];
      const scored = async (long: 'windows' | 'cut'): Promise<readonly number[]> => {
        const asked = { model: scorer.handle, source: golden.source, texts, long };
        const found = kind === 'comet' ? await handlers.utilities(asked, context<ScoreProgress>()) : await handlers.quality(asked, context<ScoreProgress>());
        assert.equal(found.long, 2);
        return [...('matrix' in found ? found.matrix.data.slice(0, 3) : found.scores)];
      };
      const [cut, read] = [await scored('cut'), await scored('windows')];
      assert.equal(cut[0], cut[1], 'they begin alike');
      assert.notEqual(read[0], read[1]);
      assert.ok(read.every((score) => Number.isFinite(score)));
    });
  }

  it('leave no token out, hold no row that is too long, and waste none', async () => {
    const { tokenizer } = await readScorerFolder(join(fixtures, 'comet'));
    const [text, source] = [longText(2000, 'It is raining.'), longText(300, '')];
    const ids = tokenizer.encode(text);
    const alone = readText(tokenizer, text, { maxTokens: 510, long: 'windows' });
    assert.deepEqual(alone.rows.flatMap((row) => row.slice(1, -1)), ids);
    assert.equal(alone.rows.length, Math.ceil(ids.length / 508));
    assert.ok(alone.rows.every((row) => row.length <= 510));
    const joined = readJoined(tokenizer, [text, source], { maxTokens: 512, long: 'windows' });
    const [, end] = tokenizer.ends;
    const halves = joined.rows.map((row) => ({ mt: row.slice(1, row.indexOf(end)), src: row.slice(row.indexOf(end) + 2, -1) }));
    assert.deepEqual([halves.flatMap(({ mt }) => mt), halves.flatMap(({ src }) => src)], [ids, tokenizer.encode(source)]);
    assert.ok(joined.rows.every((row) => row.length <= 512 && row.length > 256));
  });

  it('are as one text where they just fit', async () => {
    const { tokenizer } = await readScorerFolder(join(fixtures, 'comet'));
    for (const text of ['', 'It is raining.', '雨。'.repeat(200)]) {
      const [one, other] = (['windows', 'cut'] as const).map((long) => readText(tokenizer, text, { maxTokens: 510, long }));
      assert.deepEqual(one, other);
    }
  });
});

describe('batches of like length', () => {
  it('keeps within the budget, padding counted, and leaves nothing out', () => {
    const lengths = [5, 500, 3, 7, 7, 510, 2];
    const batches = lengthBatches(lengths, 24);
    assert.deepEqual(batches.flatMap(({ rows }) => rows).sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6]);
    for (const { rows, length } of batches) assert.ok(rows.length === 1 || rows.length * length <= 24);
  });
});

describe('a folder that is still a checkpoint', () => {
  it('is told from a model folder, and of XCOMET it is said what to use instead', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
    try {
      writeFileSync(join(folder, 'hparams.yaml'), 'activations: Tanh\nclass_identifier: regression_metric\n');
      await assert.rejects(readScorerFolder(folder), /interlinear_trainer export comet/u);
      writeFileSync(join(folder, 'hparams.yaml'), 'activations: Tanh\nclass_identifier: xcomet_metric\n');
      await assert.rejects(readScorerFolder(folder), { code: 'model.xcomet', data: { name: folder } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
