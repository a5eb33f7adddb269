import assert from 'node:assert/strict';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Sampling } from '../../../src/core/candidate.ts';
import { AppError, isAbort, type ErrorCode } from '../../../src/core/errors.ts';
import { Binding, importOnnxruntime, type LoadBinding } from '../../../src/engine/binding.ts';
import { EngineService } from '../../../src/engine/service.ts';
import type { CallContext, Handlers } from '../../../src/protocol/channel.ts';
import type { EngineContract, LoadedModel, Sample } from '../../../src/protocol/engine.ts';
import { editManifest, resign, tinyCopy, tinyFolder } from '../support/tinyModel.ts';

const sampling: Sampling = { n: 8, temperature: 1, topP: 1, topK: 0, maxTokens: 20 };
const prompt = '<|en|>the cat<|ja|>';

function engine(load: LoadBinding = importOnnxruntime): Handlers<EngineContract> {
  return new EngineService({ binding: new Binding(load), version: '0', pid: 1, threads: 1, now: () => performance.now() }).handlers();
}

function context<P = never>(signal = new AbortController().signal): CallContext<P> & { readonly seen: P[] } {
  const seen: P[] = [];
  return { signal, seen, progress: (value) => { seen.push(value); } };
}

async function loaded(folder = tinyFolder): Promise<{ handlers: Handlers<EngineContract>; model: LoadedModel }> {
  const handlers = engine();
  return { handlers, model: await handlers.load({ folder }, context()) };
}

/** Loads a folder that was broken, and gives the error's path (relative) and reason. */
async function refusal(t: TestContext, code: ErrorCode, spoil: (folder: string) => void): Promise<string> {
  const folder = tinyCopy(t);
  spoil(folder);
  const thrown: unknown = await Promise.resolve(engine().load({ folder }, context())).catch((error: unknown) => error);
  assert.ok(thrown instanceof AppError, String(thrown));
  assert.equal(thrown.code, code);
  const { path, reason = '' } = thrown.data as { path: string; reason?: string };
  return `${path.replace(folder, '').slice(1)}: ${reason}`;
}

describe('engine service', () => {
  it('says hello with the providers of the binding', async () => {
    const hello = await engine().hello(null, context());
    assert.ok(hello.binding.state === 'ok' && hello.binding.providers.includes('cpu'));
  });

  it('answers hello without a binding, and names the reason in every call that needs it', async () => {
    const handlers = engine(() => Promise.reject(new Error("Cannot find module 'onnxruntime_binding.node'\nRequire stack: ...")));
    const hello = await handlers.hello(null, context());
    assert.deepEqual(hello.binding, { state: 'missing', reason: "Cannot find module 'onnxruntime_binding.node'" });
    const load = Promise.resolve(handlers.load({ folder: tinyFolder }, context()));
    await assert.rejects(load, (error: unknown) => error instanceof AppError && error.code === 'engine.unavailable');
  });

  it('falls back to the CPU from a provider that is not there, says why, and translates the same', async () => {
    const handlers = engine();
    const onCpu = await handlers.load({ folder: tinyFolder }, context());
    assert.deepEqual([onCpu.provider, onCpu.providerNote], ['cpu', undefined]);
    const wanted = await handlers.load({ folder: tinyFolder, provider: 'dml' }, context());
    // Only Windows has DirectML.
    if (process.platform === 'win32') return;
    assert.equal(wanted.provider, 'cpu');
    assert.match(wanted.providerNote ?? '', /^dml: .*not found/u);
    assert.notEqual(wanted.handle, onCpu.handle);
    const texts = await Promise.all([onCpu, wanted].map(async ({ handle }) => {
      const params = { model: handle, prompt, sampling, seed: 1, segmentKey: 'a' };
      return (await handlers.generate(params, context<Sample>())).samples;
    }));
    assert.deepEqual(texts[0], texts[1]);
  });

  it('describes a model by its manifest, and answers at once when it is loaded', async () => {
    const { handlers, model } = await loaded();
    assert.deepEqual([model.name, model.languages?.sources, model.contextLength], ['tiny', ['en'], 96]);
    assert.deepEqual(model.specialTokens, ['<|end|>', '<|pad|>', '<|en|>', '<|ja|>']);
    assert.deepEqual(await handlers.load({ folder: tinyFolder }, context()), model);
  });

  it('streams each sample and returns them in order, with what they cost', async () => {
    const { handlers, model } = await loaded();
    const streaming = context<Sample>();
    const { samples, stats } = await handlers.generate({ model: model.handle, prompt, sampling, seed: 1, segmentKey: 's' }, streaming);
    assert.deepEqual(samples.map((sample) => sample.index), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual([...streaming.seen].sort((a, b) => a.index - b.index), samples);
    assert.equal(stats.promptTokens, (await handlers.tokenize({ model: model.handle, text: prompt }, context())).length);
    assert.equal(stats.generatedTokens, samples.reduce((sum, sample) => sum + sample.tokens, 0));
  });

  it('leaves no half character at the end of a sample that was cut', async () => {
    const { handlers, model } = await loaded();
    const asked = { model: model.handle, prompt, sampling: { ...sampling, n: 400, maxTokens: 3 }, seed: 5, segmentKey: 's' };
    const { samples } = await handlers.generate(asked, context<Sample>());
    const cut = samples.filter((sample) => sample.finish === 'length');
    assert.ok(cut.length > 100);
    assert.ok(cut.every((sample) => !sample.text.endsWith('\uFFFD')));
  });

  it('scores a text of one token as it was sampled', async () => {
    const { handlers, model } = await loaded();
    const many = { ...sampling, n: 1000 };
    const dog = '<|en|>dog are<|ja|>';
    const { samples } = await handlers.generate({ model: model.handle, prompt: dog, sampling: many, seed: 2, segmentKey: 's' }, context<Sample>());
    const short = samples.filter((sample) => sample.finish === 'stop' && sample.tokens === 2 && !sample.text.includes('\uFFFD'));
    const asked = { model: model.handle, prompt: dog, completions: short.map((sample) => sample.text) };
    const { logProbs, tokens } = await handlers.score(asked, context());
    assert.ok(short.length > 10, String(short.length));
    short.forEach((sample, index) => {
      assert.equal(tokens[index], 2);
      assert.ok(Math.abs((logProbs[index] ?? Number.NaN) - sample.logProb) < 1e-3);
    });
  });

  it('refuses a prompt that does not fit, with its tokens and the limit', async () => {
    const { handlers, model } = await loaded();
    const asked = { model: model.handle, prompt: 'rain '.repeat(80), sampling, seed: 1, segmentKey: 'seg-7' };
    const thrown: unknown = await Promise.resolve(handlers.generate(asked, context<Sample>())).catch((error: unknown) => error);
    assert.ok(thrown instanceof AppError && thrown.code === 'engine.outOfContext');
    const data = thrown.data as { tokens: number; limit: number; segment: string };
    assert.ok(data.tokens >= 96);
    assert.deepEqual([data.limit, data.segment], [96, 'seg-7']);
  });

  it('refuses a text of megabytes without tokenising it', async () => {
    const { handlers, model } = await loaded();
    const started = performance.now();
    const asked = { model: model.handle, prompt: 'no end '.repeat(2 ** 20), sampling, seed: 1, segmentKey: 's' };
    const thrown: unknown = await Promise.resolve(handlers.generate(asked, context<Sample>())).catch((error: unknown) => error);
    assert.ok(thrown instanceof AppError && thrown.code === 'engine.outOfContext');
    assert.ok(performance.now() - started < 2000);
  });

  it('cuts samples where the context ends', async () => {
    const { handlers, model } = await loaded();
    const text = `<|en|>${'rain '.repeat(30)}<|ja|>`;
    const used = (await handlers.tokenize({ model: model.handle, text }, context())).length;
    const asked = { model: model.handle, prompt: text, sampling: { ...sampling, n: 200, maxTokens: 500 }, seed: 1, segmentKey: 's' };
    const { samples } = await handlers.generate(asked, context<Sample>());
    assert.equal(Math.max(...samples.filter((sample) => sample.finish === 'length').map((sample) => sample.tokens)), 96 - used);
  });

  for (const [name, value] of Object.entries({ n: 0, temperature: -1, topP: 0, topK: 1.5, maxTokens: 0 })) {
    it(`refuses ${name} ${String(value)} and names it`, async () => {
      const { handlers, model } = await loaded();
      const asked = { model: model.handle, prompt, sampling: { ...sampling, [name]: value }, seed: 1, segmentKey: 's' };
      const thrown: unknown = await Promise.resolve(handlers.generate(asked, context<Sample>())).catch((error: unknown) => error);
      assert.ok(thrown instanceof AppError && thrown.code === 'input.invalid' && thrown.message.includes(`sampling.${name}`));
    });
  }

  it('works one call at a time, and does not start one that was cancelled while it waited', async () => {
    const { handlers, model } = await loaded();
    const asked = { model: model.handle, prompt, sampling: { ...sampling, n: 64 }, seed: 1, segmentKey: 's' };
    const controller = new AbortController();
    const waiting = context<Sample>(controller.signal);
    const first = handlers.generate(asked, context<Sample>());
    const second = Promise.resolve(handlers.generate(asked, waiting)).catch((error: unknown) => error);
    controller.abort();
    assert.equal((await first).samples.length, 64);
    assert.ok(isAbort(await second));
    assert.equal(waiting.seen.length, 0);
  });

  it('forgets a model that was unloaded', async () => {
    const { handlers, model } = await loaded();
    await handlers.unload({ model: model.handle }, context());
    const again = Promise.resolve(handlers.generate({ model: model.handle, prompt, sampling, seed: 1, segmentKey: 's' }, context<Sample>()));
    await assert.rejects(again, (error: unknown) => error instanceof AppError && error.code === 'input.invalid');
  });
});

describe('model folder', () => {
  it('is missing, or misses a file', async (t) => {
    assert.equal(await refusal(t, 'engine.modelMissing', (folder) => { rmSync(folder, { recursive: true }); }), 'manifest.json: ');
    assert.equal(await refusal(t, 'engine.modelMissing', (folder) => { rmSync(join(folder, 'model.onnx')); }), 'model.onnx: ');
    assert.equal(await refusal(t, 'engine.modelMissing', (folder) => { rmSync(join(folder, 'tokenizer.json')); }), 'tokenizer.json: ');
  });

  it('has a truncated model file', async (t) => {
    const said = await refusal(t, 'engine.modelInvalid', (folder) => { truncateSync(join(folder, 'model.onnx'), 1000); });
    assert.match(said, /^model\.onnx: 1000 bytes, the manifest says \d+$/u);
  });

  it('has a model file of the right size with another content', async (t) => {
    const said = await refusal(t, 'engine.modelInvalid', (folder) => {
      const path = join(folder, 'model.onnx');
      const data = readFileSync(path);
      data[500] = (data[500] ?? 0) ^ 1;
      writeFileSync(path, data);
    });
    assert.match(said, /^model\.onnx: .*sha256/u);
  });

  it('has a file that is no graph, or no tokenizer, although its hash is right', async (t) => {
    const graph = await refusal(t, 'engine.modelInvalid', (folder) => {
      writeFileSync(join(folder, 'model.onnx'), 'not a graph');
      resign(folder, 'model', 'model.onnx');
    });
    assert.match(graph, /^model\.onnx: ./u);
    const tokenizer = await refusal(t, 'engine.modelInvalid', (folder) => {
      writeFileSync(join(folder, 'tokenizer.json'), '{}');
      resign(folder, 'tokenizer', 'tokenizer.json');
    });
    assert.match(tokenizer, /^tokenizer\.json: not a tokenizer/u);
  });

  it('has a manifest that is broken, and the field is named', async (t) => {
    const broken = await refusal(t, 'engine.modelInvalid', (folder) => { writeFileSync(join(folder, 'manifest.json'), '{"kind":'); });
    assert.equal(broken, 'manifest.json: not JSON');
    const field = await refusal(t, 'engine.modelInvalid', (folder) => { editManifest(folder, (manifest) => { manifest['layers'] = 0; }); });
    assert.match(field, /^manifest\.json: layers: /u);
    const outside = await refusal(t, 'engine.modelInvalid', (folder) => {
      editManifest(folder, (manifest) => {
        manifest['files'] = { ...(manifest['files'] as object), model: { path: '../model.onnx', sha256: '0'.repeat(64), bytes: 1 } };
      });
    });
    assert.equal(outside, 'manifest.json: files.model.path: must stay in the model folder');
  });

  for (const [key, value, reason] of [
    ['layers', 3, /2 layers with a cache as input, the folder says 3/u],
    ['kvHeads', 2, /past_key_values\.0\.key has the shape \[batch, 1, past, 8\], the folder says \[\*, 2, \*, 8\]/u],
    ['headDim', 16, /past_key_values\.0\.key/u],
    ['vocabSize', 300, /logits has the shape/u],
  ] as const) {
    it(`has a graph that does not fit the manifest: ${key}`, async (t) => {
      const said = await refusal(t, 'engine.modelInvalid', (folder) => { editManifest(folder, (manifest) => { manifest[key] = value; }); });
      assert.match(said, reason);
    });
  }
});
