/** The client against real servers that run the starter model: llama.cpp's and transformers'. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GenerateRequest } from '../../src/backend/backend.ts';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import { OpenAiBackend } from '../../src/backend/openai/openAiBackend.ts';
import { AppError, isAbort } from '../../src/core/errors.ts';
import { execOrThrow } from '../../scripts/support/exec.ts';
import { realEngine } from './support/realEngine.ts';
import { startLlama, starterFloat, starterFolder, startTransformers, trainerPython, withServers, type RunningServer } from './support/servers.ts';

const never = new AbortController().signal;
const sources = [
  'I have to get up early tomorrow.', 'It is raining.', 'When did you come back from America?', 'He is good at playing the piano.',
  'She bought a new dictionary.', 'The train was late because of the snow.', 'Do you like dogs?', 'My father works in a factory.',
];

function request(source: string, sampling: Partial<GenerateRequest['sampling']> = {}): GenerateRequest {
  return {
    segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', seed: 7,
    sampling: { n: 1, temperature: 0, topP: 1, topK: 0, maxTokens: 64, ...sampling },
  };
}

async function using(server: RunningServer, body: (client: OpenAiBackend) => Promise<void>, model?: string): Promise<void> {
  const client = new OpenAiBackend({ urls: [server.url], ...(model === undefined ? {} : { model }) });
  try {
    await body(client);
  } finally {
    await client.dispose();
    await server.stop();
  }
}

describe('llama.cpp server', () => {
  const llama = (): Promise<RunningServer> => startLlama({ slots: 4, threads: 1 });

  it('is recognised, and what it can do is found by asking', { timeout: 300_000 }, (t) => withServers(t, async () => {
    await using(await llama(), async (client) => {
      const probe = await client.probe(never);
      assert.equal(probe.kind, 'llama-server');
      assert.equal(probe.slots, 4);
      assert.equal(probe.contextLength, 512);
      assert.equal(probe.promptFamily, 'starter');
      const states = Object.fromEntries(Object.entries(probe.capabilities).map(([name, { state }]) => [name, state]));
      assert.deepEqual(states, {
        chat: 'yes', rawCompletions: 'yes', manyChoices: 'yes', seed: 'yes', logProbs: 'yes', promptLogProbs: 'no',
        structuredOutput: 'yes', adapterLoading: 'no', tokenize: 'yes',
      });
      assert.deepEqual(probe.missing.map(({ capability }) => capability), ['promptLogProbs', 'adapterLoading']);
    });
  }));

  it('reads a prompt as the trainer does', { timeout: 300_000 }, (t) => withServers(t, async () => {
    const script = 'import json,sys;from transformers import AutoTokenizer as T;print(json.dumps(T.from_pretrained(sys.argv[1])(sys.argv[2])["input_ids"]))';
    const { stdout } = await execOrThrow(await trainerPython(), ['-c', script, starterFolder, '<|en|>It is raining.<|ja|>']);
    await using(await llama(), async (client) => {
      assert.deepEqual(await client.promptIds(request('It is raining.'), never), JSON.parse(stdout));
    });
  }));

  it('draws different candidates with log-probabilities', { timeout: 300_000 }, (t) => withServers(t, async () => {
    await using(await llama(), async (client) => {
      const asked = request('I have to get up early tomorrow.', { n: 12, temperature: 1 });
      const order: number[] = [];
      const { texts } = await client.generate(asked, ({ index }) => order.push(index), never);
      assert.equal(texts.length, 12);
      assert.equal(order.length, 12);
      assert.ok(new Set(texts.map(({ text }) => text)).size >= 6);
      assert.ok(texts.every(({ logProb }) => logProb !== undefined && logProb < 0));
      assert.ok(texts.every(({ text }) => !text.includes('<|')));
    });
  }));

  it('a cancel leaves the server usable, and a stopped server is named', { timeout: 300_000 }, (t) => withServers(t, async () => {
    const server = await llama();
    await using(server, async (client) => {
      await client.describe(never);
      const controller = new AbortController();
      const large = client.generate(request('It is raining.', { n: 64, temperature: 1 }), () => { controller.abort(); }, controller.signal);
      assert.ok(isAbort(await large.then(() => undefined, (error: unknown) => error)));
      assert.equal((await client.generate(request('It is raining.'), () => undefined, never)).texts.length, 1);
      await server.stop();
      const impatient = new OpenAiBackend({ urls: [server.url] });
      await assert.rejects(impatient.describe(never), (error) => error instanceof AppError && error.code === 'backend.unreachable');
    });
  }));
});

describe('one float32 checkpoint in three runtimes', () => {
  it('gives the same greedy translations, and llama.cpp the same log-probabilities', { timeout: 600_000 }, (t) => withServers(t, async () => {
    const engine = new EmbeddedBackend(realEngine(t), await starterFloat());
    const ours = await Promise.all(sources.map((source) => engine.generate(request(source), () => undefined, never)));
    const texts = ours.map((outcome) => outcome.texts[0]?.text);
    assert.ok(texts.every((text) => text !== undefined && /\p{Script=Hiragana}/u.test(text)), texts.join('\n'));
    await using(await startLlama({ slots: 2, threads: 1 }), async (client) => {
      for (const [at, source] of sources.entries()) {
        const { texts: [found] } = await client.generate(request(source), () => undefined, never);
        assert.equal(found?.text, texts[at], `llama.cpp: ${source}`);
        const own = ours[at]?.texts[0];
        assert.ok(found !== undefined && own !== undefined);
        assert.equal(found.tokens, own.tokens);
        assert.ok(Math.abs((found.logProb ?? Number.NaN) - (own.logProb ?? Number.NaN)) < 0.01, `${String(found.logProb)} for ${String(own.logProb)}`);
      }
    });
    await using(await startTransformers(), async (client) => {
      for (const [at, source] of sources.entries()) {
        const { texts: [found] } = await client.generate(request(source), () => undefined, never);
        assert.equal(found?.text, texts[at], `transformers: ${source}`);
      }
    }, starterFolder);
  }));
});
