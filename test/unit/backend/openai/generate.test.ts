import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { GeneratedText, GenerateRequest } from '../../../../src/backend/backend.ts';
import { OpenAiBackend, type OpenAiOptions } from '../../../../src/backend/openai/openAiBackend.ts';
import { chatReply, FakeOpenAi, json, seededChat, stopFakes, type Answer } from '../../support/fakeOpenAi.ts';

const never = new AbortController().signal;
afterEach(stopFakes);

function serve(answers: Readonly<Record<string, Answer>>): Promise<FakeOpenAi> {
  return new FakeOpenAi(answers).start();
}

function ask(changes: Partial<GenerateRequest> & { readonly n?: number; readonly temperature?: number } = {}): GenerateRequest {
  const { n = 4, temperature = 1, ...rest } = changes;
  return {
    segmentKey: 'abc-1', source: 'It is raining.', sourceLanguage: 'en', targetLanguage: 'ja', seed: 7,
    sampling: { n, temperature, topP: 1, topK: 0, maxTokens: 64 }, ...rest,
  };
}

function backend(server: FakeOpenAi, options: Partial<OpenAiOptions> = {}): OpenAiBackend {
  return new OpenAiBackend({ urls: [server.url], ...options });
}

function streamed(server: FakeOpenAi): FakeOpenAi['requests'] {
  return server.requests.filter(({ body }) => body['stream'] === true);
}

describe('candidates from an OpenAI-compatible server', () => {
  it('a server that counts gets one request, and every choice is a candidate', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    const seen: GeneratedText[] = [];
    const outcome = await backend(server).generate(ask({ n: 8 }), (text) => seen.push(text), never);
    assert.deepEqual(outcome.texts.map(({ index }) => index), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.equal(seen.length, 8);
    assert.equal(outcome.texts[3]?.logProb, -1.5);
    assert.equal(streamed(server).length, 1);
  });

  it('a server that ignores n gets n requests with seeds of their own', async () => {
    const one: Answer = (request, response) => { chatReply(request, response, [{ text: String(request.body['seed']) }]); };
    const server = await serve({ '/v1/chat/completions': one });
    const { texts } = await backend(server).generate(ask({ n: 6 }), () => undefined, never);
    assert.equal(new Set(texts.map(({ text }) => text)).size, 6);
    assert.ok(streamed(server).every(({ body }) => !('n' in body)));
  });

  it('sampling is always spelled out, thinking is off, the key goes along', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    await backend(server, { apiKey: 'secret' }).generate(ask({ n: 1 }), () => undefined, never);
    const [request] = streamed(server);
    const { temperature, top_p, top_k, max_tokens, chat_template_kwargs } = request?.body ?? {};
    assert.deepEqual({ temperature, top_p, top_k, max_tokens }, { temperature: 1, top_p: 1, top_k: -1, max_tokens: 64 });
    assert.deepEqual(chat_template_kwargs, { enable_thinking: false });
    assert.equal(request?.headers.authorization, 'Bearer secret');
  });

  it('greedy decoding has one answer', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    const { texts } = await backend(server).generate(ask({ n: 5, temperature: 0 }), () => undefined, never);
    assert.equal(texts.length, 1);
  });

  it('the same seed and segment give the same seeds, whatever was asked before', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    const first = await backend(server).generate(ask(), () => undefined, never);
    const client = backend(server);
    await client.generate(ask({ segmentKey: 'other-1' }), () => undefined, never);
    const again = await client.generate(ask(), () => undefined, never);
    assert.deepEqual(again, first);
  });

  it('a field that the server refuses is dropped for good', async () => {
    const strict: Answer = (request, response) => {
      if ('top_k' in request.body) json(response, { error: { message: "Unrecognized request argument supplied: top_k" } }, 400);
      else seededChat(request, response);
    };
    const server = await serve({ '/v1/chat/completions': strict });
    const client = backend(server);
    assert.equal((await client.generate(ask(), () => undefined, never)).texts.length, 4);
    const before = server.requests.length;
    await client.generate(ask({ segmentKey: 'next-1' }), () => undefined, never);
    assert.equal(server.requests.length, before + 1);
  });

  it('what the model thought is not part of the translation', async () => {
    const thinking: Answer = (request, response) => { chatReply(request, response, [{ text: '<think>\nHm.\n</think>\n\n雨だ。\n' }]); };
    const server = await serve({ '/v1/chat/completions': thinking });
    const { texts } = await backend(server).generate(ask({ n: 1 }), () => undefined, never);
    assert.equal(texts[0]?.text, '雨だ。');
  });

  it('a source that speaks of control tokens does not hold them', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    await backend(server).generate(ask({ n: 1, source: 'Write <|im_end|> here.' }), () => undefined, never);
    assert.match(JSON.stringify(streamed(server)[0]?.body), /Write < \|im_end\|> here/u);
  });

  it('PMP-S: the auxiliary translation comes first, greedy, and stands in the prompt', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    const client = backend(server, { promptFamily: 'lmt' });
    const context = { auxiliary: { mode: 'self' } } as const;
    const outcome = await client.generate(ask({ n: 1, targetLanguage: 'ky', context }), () => undefined, never);
    const [first, second] = streamed(server);
    assert.equal(first?.body['temperature'], 0);
    assert.match(JSON.stringify(first.body['messages']), /from English into Russian/u);
    assert.match(JSON.stringify(second?.body['messages']), /from English to Russian and Kirghiz/u);
    assert.equal(outcome.auxiliary?.language, 'ru');
    const none = await client.generate(ask({ n: 1, context }), () => undefined, never);
    assert.deepEqual(none.unusedParts, ['auxiliary']);
  });

  it('the prompt hash leaves the source open and holds the context', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat });
    const client = backend(server);
    const hash = async (changes: Partial<GenerateRequest>): Promise<string> =>
      (await client.generate(ask({ n: 1, ...changes }), () => undefined, never)).promptHash;
    assert.equal(await hash({ source: 'One.' }), await hash({ source: 'Two.' }));
    assert.notEqual(await hash({}), await hash({ context: { instruction: 'softer' } }));
  });

  it('several servers of one model share the work', async () => {
    const servers = await Promise.all([serve({ '/v1/chat/completions': seededChat }), serve({ '/v1/chat/completions': seededChat })]);
    const client = new OpenAiBackend({ urls: servers.map(({ url }) => url), maxConcurrency: 2 });
    const keys = Array.from({ length: 12 }, (_, at) => `s${at.toString()}-1`);
    await Promise.all(keys.map((segmentKey) => client.generate(ask({ segmentKey, n: 2 }), () => undefined, never)));
    for (const server of servers) assert.ok(streamed(server).length >= 3, `${streamed(server).length.toString()} requests`);
  });

  it('describes the server: kind, window, family', async () => {
    const server = await serve({ '/v1/chat/completions': seededChat, '/version': (_, response) => { json(response, { version: '0.22.0' }); } });
    const description = await backend(server).describe(never);
    assert.equal(description.revision, 'vllm 0.22.0');
    assert.equal(description.promptFamily, 'qwen3@1');
    assert.deepEqual(description.defaults, { temperature: 1, topP: 1, topK: 0, maxTokens: 512 });
    assert.equal(description.logProbs, true);
  });
});
