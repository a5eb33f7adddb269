/** Fakes of the server families, each by what it answers at its own address: how they are told apart, and what follows from it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { OpenAiBackend } from '../../../../src/backend/openai/openAiBackend.ts';
import { chatReply, FakeOpenAi, json, seededChat, stopFakes, type Answer } from '../../support/fakeOpenAi.ts';
import { CHAT } from '../../support/openAiScene.ts';

const never = new AbortController().signal;
afterEach(stopFakes);

const says = (value: unknown): Answer => (_, response) => { json(response, value); };
const listed = (owner?: string): Answer => says({ data: [{ id: 'qwen3:8b', ...(owner !== undefined && { owned_by: owner }) }] });
/** Counts to one whatever it is asked for. */
const one: Answer = (request, response) => { chatReply(request, response, [{ text: String(request.body['seed']) }]); };

const families: readonly (readonly [string, Readonly<Record<string, Answer>>, { readonly kind: string; readonly version?: string; readonly contextLength?: number }])[] = [
  ['vLLM by its version', { '/version': says({ version: '0.22.0' }) }, { kind: 'vllm', version: '0.22.0' }],
  ['vLLM by the owner of its models', { '/v1/models': listed('vllm') }, { kind: 'vllm' }],
  ['SGLang by its information', { '/get_server_info': says({ model_path: 'Qwen/Qwen3-8B', version: '0.5.1', context_length: 8192 }) }, { kind: 'sglang', version: '0.5.1', contextLength: 8192 }],
  ['SGLang by the owner of its models', { '/v1/models': listed('sglang') }, { kind: 'sglang' }],
  ['Ollama', { '/v1/models': listed('library'), '/api/version': says({ version: '0.33.0' }) }, { kind: 'ollama', version: '0.33.0' }],
  ['LM Studio', { '/v1/models': listed('organization_owner'), '/api/v0/models': says({ object: 'list', data: [{ id: 'a', max_context_length: 32_768 }, { id: 'b', max_context_length: 32_768, loaded_context_length: 4096 }] }) }, { kind: 'lm-studio', contextLength: 4096 }],
  ['LM Studio 0.4', { '/v1/models': listed('organization_owner'), '/api/v1/models': says({ models: [{ key: 'a', loaded_instances: [] }, { key: 'b', loaded_instances: [{ id: 'b', config: { context_length: 8192 } }] }] }) }, { kind: 'lm-studio', contextLength: 8192 }],
  ['any other', { '/v1/models': listed() }, { kind: 'generic' }],
];

describe('a server is told by what it answers', () => {
  for (const [name, answers, expected] of families) {
    it(name, async () => {
      const server = await new FakeOpenAi({ '/v1/models': listed(), [CHAT]: seededChat, ...answers }).start();
      const { kind, version, contextLength } = await new OpenAiBackend({ urls: [server.url] }).probe(never);
      assert.deepEqual({ kind, ...(version !== undefined && { version }), ...(contextLength !== undefined && { contextLength }) }, expected);
    });
  }
});

describe('the window of an Ollama model', () => {
  it('is told once it is loaded, and bounds what a prompt may hold', async () => {
    let loaded = false;
    const server = await new FakeOpenAi({
      '/v1/models': listed('library'), '/api/version': says({ version: '0.33.0' }),
      [CHAT]: (request, response) => { loaded = true; return one(request, response); },
      '/api/ps': (_, response) => { json(response, { models: loaded ? [{ name: 'other:1b', context_length: 99 }, { name: 'qwen3:8b', context_length: 4096 }] : [] }); },
    }).start();
    assert.equal((await new OpenAiBackend({ urls: [server.url] }).describe(never)).contextLength, 4096);
    assert.equal((await new OpenAiBackend({ urls: [server.url] }).probe(never)).contextLength, 4096);
    assert.equal((await new OpenAiBackend({ urls: [server.url], model: 'elsewhere' }).describe(never)).contextLength, undefined);
  });
});

describe('a family that does not count', () => {
  for (const [name, answers, thinking] of [
    ['Ollama', { '/api/version': says({ version: '0.33.0' }) }, 'reasoning_effort'],
    ['LM Studio', { '/api/v0/models': says({ data: [{ id: 'qwen3:8b', max_context_length: 32_768 }] }) }, 'chat_template_kwargs'],
  ] as const) {
    it(`${name}: a request a candidate, each with a seed of its own, thinking off in its own words`, async () => {
      const server = await new FakeOpenAi({ '/v1/models': listed(), [CHAT]: one, ...answers }).start();
      const sampling = { n: 4, temperature: 1, topP: 1, topK: 0, maxTokens: 64 };
      const { texts } = await new OpenAiBackend({ urls: [server.url] }).generate({ segmentKey: 'a', source: 'Hello.', sourceLanguage: 'en', targetLanguage: 'ja', seed: 1, sampling }, () => undefined, never);
      assert.equal(new Set(texts.map(({ text }) => text)).size, 4);
      const drawn = server.requests.filter(({ body }) => body['stream'] === true);
      assert.equal(drawn.length, 4);
      assert.ok(drawn.every(({ body }) => !('n' in body) && thinking in body));
    });
  }
});
