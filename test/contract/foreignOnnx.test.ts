/** Decoder folders as Optimum and transformers.js write them, in our engine: the same greedy answers as transformers gives. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as v from 'valibot';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import type { GenerateRequest } from '../../src/backend/backend.ts';
import { AppError } from '../../src/core/errors.ts';
import { promptFamily, renderPrompt } from '../../src/core/prompting/families.ts';
import { promptLanguage } from '../../src/core/prompting/names.ts';
import { exec, execOrThrow } from '../../scripts/support/exec.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { realEngine } from './support/realEngine.ts';
import { starterFolder, trainerPython, Unavailable } from './support/servers.ts';

const never = new AbortController().signal;
const sources = ['The train was late again.', 'I would like to see the ⟦1⟧ menu, please.', 'Rain.', 'Nobody knew why the old clock had stopped at noon.'];
const answersSchema = v.object({ answers: v.array(v.object({ text: v.string(), tokens: v.number() })) });
type Answer = v.InferOutput<typeof answersSchema>['answers'][number];

let skipped: string | undefined;
let out = '';
let answers: readonly Answer[] = [];

/** What the family asks, as a chat; a folder without a chat template is asked by the text alone. */
function questions(): unknown[] {
  const rendered = sources.map((source) => renderPrompt(promptFamily('qwen3'), { source, from: promptLanguage('en'), to: promptLanguage('ja'), context: {} }));
  const chats = rendered.map((prompt) => (prompt.kind === 'chat' ? prompt.messages : []));
  return [...chats, ...chats.map(([message]) => message?.content ?? '')];
}

before(async () => {
  out = mkdtempSync(join(tmpdir(), 'interlinear-foreign-'));
  try {
    answers = await makeFolders(await trainerPython());
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    skipped = error.message;
  }
});
after(() => { rmSync(out, { recursive: true, force: true }); });

async function makeFolders(python: string): Promise<readonly Answer[]> {
  const child = spawn(python, [inRoot('test/contract/support/random_qwen3.py'), starterFolder, out], { env: { ...process.env, PYTHONPATH: inRoot('trainer') } });
  const ended = once(child, 'exit');
  let printed = '';
  let said = '';
  child.stdout.on('data', (data: Buffer) => { printed += data.toString('utf8'); });
  child.stderr.on('data', (data: Buffer) => { said += data.toString('utf8'); });
  child.stdin.end(JSON.stringify(questions()));
  const [code] = await ended as [number | null];
  if (code !== 0) throw new Error(`random_qwen3.py: ${said.slice(-2_000)}`);
  return v.parse(answersSchema, JSON.parse(printed)).answers;
}

function request(source: string, temperature = 0): GenerateRequest {
  return {
    segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', seed: 7,
    sampling: { n: temperature === 0 ? 1 : 4, temperature, topP: 1, topK: 0, maxTokens: 24 },
  };
}

/** Its engine goes with the test. */
function open(t: TestContext, name: string, provider: 'cpu' | 'cuda' = 'cpu'): EmbeddedBackend {
  if (skipped !== undefined) t.skip(skipped);
  return new EmbeddedBackend(realEngine(t), join(out, name), provider);
}

async function greedy(backend: EmbeddedBackend): Promise<readonly { readonly text: string; readonly logProb: number; readonly finish: string }[]> {
  const found = [];
  for (const source of sources) {
    const [text] = (await backend.generate(request(source), () => undefined, never)).texts;
    assert.ok(text?.logProb !== undefined);
    found.push({ text: whole(text.text), logProb: text.logProb, finish: text.finish });
  }
  return found;
}

/** A sample that was cut may end within a character, which the two decoders show otherwise. */
function whole(text: string): string {
  return text.replace(/\uFFFD+$/u, '');
}

const chatAnswers = (): string[] => answers.slice(0, sources.length).map(({ text }) => whole(text));
const rawAnswers = (): string[] => answers.slice(sources.length).map(({ text }) => whole(text));

describe('foreign ONNX decoder folders', { timeout: 180_000 }, () => {
  for (const [name, what] of [['plain', 'float32'], ['external', 'weights in a file of their own'], ['unplaced', 'no position_ids'], ['renamed', 'other names for the cache, and num_logits_to_keep']] as const) {
    it(`${what}: greedy as transformers`, async (t) => {
      const backend = open(t, name);
      if (skipped !== undefined) return;
      assert.deepEqual((await greedy(backend)).map(({ text }) => text), chatAnswers());
    });
  }

  it('describes itself: prompt family, context, any language, what runs it', async (t) => {
    const backend = open(t, 'plain');
    if (skipped !== undefined) return;
    const found = await backend.describe(never);
    assert.deepEqual([found.model, found.promptFamily, found.contextLength, found.languages, found.provider], ['plain', 'qwen3@1', 256, undefined, 'cpu']);
    assert.ok(found.parts.includes('instruction') && found.parts.includes('previous'));
    assert.match(found.revision, /^[0-9a-f]{12}$/u);
  });

  it('ends at every end token of generation_config.json', async (t) => {
    const backend = open(t, 'plain');
    if (skipped !== undefined) return;
    const [first] = await greedy(backend);
    assert.equal(answers[0]?.tokens, 6, 'transformers ends there');
    assert.equal(first?.finish, 'stop');
  });

  it('one graph of a folder may be named instead of the folder', async (t) => {
    const backend = open(t, join('plain', 'onnx', 'model.onnx'));
    if (skipped !== undefined) return;
    assert.deepEqual((await greedy(backend)).map(({ text }) => text), chatAnswers());
  });

  it('without a chat template it is asked by the text alone', async (t) => {
    const backend = open(t, 'bare');
    if (skipped !== undefined) return;
    cpSync(join(out, 'plain'), join(out, 'bare'), { recursive: true });
    for (const name of ['chat_template.jinja', 'export.json']) rmSync(join(out, 'bare', name));
    assert.equal((await backend.describe(never)).promptFamily, 'qwen3@1+raw');
    assert.deepEqual((await greedy(backend)).map(({ text }) => text), rawAnswers());
  });

  for (const name of ['half', 'fp16', 'int8']) {
    it(`${name}: close to float32, and every sample is scored as it was drawn`, async (t) => {
      const backend = open(t, name);
      if (skipped !== undefined) return;
      const same = (await greedy(backend)).filter(({ text }, index) => text === chatAnswers()[index]).length;
      assert.ok(same >= 2, `${same.toString()} of ${sources.length.toString()} as float32`);
      const drawn = (await backend.generate(request('Rain.', 0.7), () => undefined, never)).texts;
      const again = (await backend.generate(request('Rain.', 0.7), () => undefined, never)).texts;
      assert.deepEqual(drawn, again);
      assert.ok(drawn.every(({ logProb }) => Number.isFinite(logProb) && (logProb ?? 1) < 0));
    });
  }

  it('a provider that is not there gives way to the CPU and says so', async (t) => {
    const backend = open(t, 'plain', 'cuda');
    if (skipped !== undefined) return;
    const { provider, providerNote } = await backend.describe(never);
    assert.equal(provider, 'cpu');
    assert.match(providerNote ?? '', /cuda/u);
    assert.deepEqual((await greedy(backend)).map(({ text }) => text), chatAnswers());
  });
});

describe('foreign folders that cannot be run say why', { timeout: 180_000 }, () => {
  const broken: readonly (readonly [string, (folder: string) => void, string, RegExp])[] = [
    ['no weights', (folder) => { rmSync(join(folder, 'onnx', 'model.onnx_data')); }, 'engine.modelInvalid', /model\.onnx_data/u],
    ['no tokenizer', (folder) => { rmSync(join(folder, 'tokenizer.json')); }, 'engine.modelMissing', /tokenizer\.json/u],
    ['no graph', (folder) => { rmSync(join(folder, 'onnx'), { recursive: true }); }, 'engine.modelMissing', /model\.onnx/u],
    ['other sizes', (folder) => { editConfig(folder, { num_hidden_layers: 5 }); }, 'engine.modelInvalid', /3 layers.*5/u],
    ['a chat template that is none', (folder) => { writeFileSync(join(folder, 'chat_template.jinja'), '{% for %}'); }, 'engine.modelInvalid', /chat template/u],
  ];
  for (const [name, damage, code, sentence] of broken) {
    it(name, async (t) => {
      const backend = open(t, `broken ${name}`);
      if (skipped !== undefined) return;
      const folder = join(out, `broken ${name}`);
      cpSync(join(out, 'external'), folder, { recursive: true });
      rmSync(join(folder, 'export.json'));
      damage(folder);
      await assert.rejects(backend.generate(request('Rain.'), () => undefined, never), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, code);
        assert.match(JSON.stringify(error.data), sentence);
        return true;
      });
    });
  }
});

describe('a folder of our exporter', { timeout: 180_000 }, () => {
  it('goes from a checkpoint to a translated line by two commands, and says what runs it', async (t) => {
    if (skipped !== undefined) { t.skip(skipped); return; }
    const place = join(out, 'by hand');
    mkdirSync(place);
    writeFileSync(join(place, 'in.en.txt'), `${sources[0] ?? ''}\n`);
    const { stdout } = await execOrThrow(await trainerPython(), ['-m', 'interlinear_trainer', 'export', 'decoder', join(out, 'checkpoint'), join(place, 'Qwen3-tiny')], { cwd: inRoot('trainer') });
    assert.match(stdout, /"kind": "decoder"/u);
    const translate = (...more: readonly string[]): ReturnType<typeof exec> => exec(process.execPath, [inRoot('dist/cli.cjs'), 'translate', 'in.en.txt', '--to', 'ja', '--model-folder', 'Qwen3-tiny', '--temperature', '0', '--n', '1', '--candidates', 'c.jsonl', '--out', 'out.ja.txt', ...more], { cwd: place });
    const { code, output } = await translate('--provider', 'cuda');
    assert.equal(code, 0, output);
    assert.match(output, /runs on the CPU: cuda: /u);
    assert.equal(readFileSync(join(place, 'out.ja.txt'), 'utf8'), `${answers[0]?.text.trim() ?? ''}\n`);
    assert.match(readFileSync(join(place, 'c.jsonl'), 'utf8'), /"model":"Qwen3-tiny".*"promptFamily":"qwen3@1"/u);
  });

  it('is checked by its export.json before anything of it is loaded', async (t) => {
    const backend = open(t, 'changed');
    if (skipped !== undefined) return;
    const folder = join(out, 'changed');
    cpSync(join(out, 'plain'), folder, { recursive: true });
    editConfig(folder, { num_hidden_layers: 3 });
    await assert.rejects(backend.generate(request('Rain.'), () => undefined, never), /config\.json.*manifest/u);
  });

  it('says how far the scores of fewer bits are from those of 32', (t) => {
    if (skipped !== undefined) { t.skip(skipped); return; }
    const changeOf = (name: string): { largest: number; mean: number; spread: number } | undefined => (JSON.parse(readFileSync(join(out, name, 'export.json'), 'utf8')) as { change?: { largest: number; mean: number; spread: number } }).change; // written by the exporter
    const [plain, half, int8] = ['plain', 'fp16', 'int8'].map(changeOf);
    assert.equal(plain, undefined);
    assert.ok(half !== undefined && int8 !== undefined);
    assert.ok(half.mean > 0 && half.mean < int8.mean && int8.mean < int8.spread / 10, JSON.stringify([half, int8]));
  });
});

function editConfig(folder: string, change: object): void {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')) as object, ...change }));
}
