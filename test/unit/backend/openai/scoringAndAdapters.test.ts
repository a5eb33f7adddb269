/** Fakes of vLLM and SGLang that speak their protocols from the documentation: prompt log-probabilities and LoRA. No model runs. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { OpenAiBackend } from '../../../../src/backend/openai/openAiBackend.ts';
import { localPath, serverPath } from '../../../../src/backend/openai/adapters.ts';
import { FakeOpenAi, json, stopFakes, seededChat, type Answer } from '../../support/fakeOpenAi.ts';
import { fails } from '../../support/openAiScene.ts';

const never = new AbortController().signal;
afterEach(stopFakes);

/** One token a character. */
const idsOf = (text: string): number[] => [...text].map((char) => char.codePointAt(0) ?? 0);
/** The "probability" of a token: nats by its id, so that sums can be worked out by hand. */
const logProbOf = (id: number): number => -(id % 7) - 1;
const sumOf = (text: string): number => idsOf(text).reduce((sum, id) => sum + logProbOf(id), 0);

const tokenize: Answer = ({ body }, response) => {
  const messages = body['messages'] as { content: string }[] | undefined; // as vLLM documents it
  const text = messages === undefined ? String(body['prompt']) : `<user>${messages.map(({ content }) => content).join('')}<assistant>`;
  json(response, { tokens: idsOf(text), count: text.length, max_model_len: 4096 });
};

const adapters = (known: readonly string[]): Answer => ({ body }, response) => {
  const { lora_name: name, lora_path: path } = body;
  if (typeof name !== 'string' || typeof path !== 'string') json(response, { error: { message: 'lora_name: field required' } }, 422);
  else if (known.includes(path)) response.writeHead(200, { 'content-type': 'text/plain' }).end(`Success: LoRA adapter '${name}' added successfully.`);
  else json(response, { error: { message: `No adapter found for ${path}`, type: 'NotFoundError' } }, 404);
};

/** Marked as a fake by its version. */
function fakeVllm(extra: Readonly<Record<string, Answer>> = {}): Promise<FakeOpenAi> {
  return new FakeOpenAi({
    '/version': (_, response) => { json(response, { version: '0.22.0-fake' }); },
    '/tokenize': tokenize,
    '/v1/chat/completions': seededChat,
    '/v1/completions': ({ body }, response) => {
      const ids = Array.isArray(body['prompt']) ? body['prompt'] as number[] : idsOf(String(body['prompt'])); // ours sends one or the other
      const promptLogProbs = ids.map((id, at) => (at === 0 ? null : { [id]: { logprob: logProbOf(id), rank: 1, decoded_token: 'x' } }));
      json(response, { choices: [{ index: 0, text: '', finish_reason: 'length', ...('prompt_logprobs' in body && { prompt_logprobs: promptLogProbs }) }] });
    },
    ...extra,
  }).start();
}

function fakeSglang(): Promise<FakeOpenAi> {
  return new FakeOpenAi({
    '/get_server_info': (_, response) => { json(response, { version: '0.5-fake', model_path: 'Qwen/Qwen3-8B', context_length: 8192 }); },
    '/tokenize': tokenize,
    '/v1/chat/completions': seededChat,
    '/load_lora_adapter': adapters(['/adapters/v1']),
    '/generate': ({ body }, response) => {
      const ids = Array.isArray(body['input_ids']) ? body['input_ids'] as number[] : idsOf(String(body['text'])); // ours sends one or the other
      const start = Number(body['logprob_start_len']);
      json(response, { text: '', meta_info: { input_token_logprobs: ids.slice(start).map((id, at) => [at === 0 ? null : logProbOf(id), id, null]) } });
    },
  }).start();
}

const request = { segmentKey: 'a-1', source: 'Hello.', sourceLanguage: 'en', targetLanguage: 'ja', completions: ['こんにちは。', 'やあ', ''] };

describe('log P(y | x), against fakes of the protocols', () => {
  it('vLLM: prompt_logprobs of the translation, by the ids that stand there', async () => {
    const server = await fakeVllm();
    const client = new OpenAiBackend({ urls: [server.url] });
    const { logProbs, tokens } = await client.score(request, never);
    assert.deepEqual(logProbs, request.completions.map(sumOf));
    assert.deepEqual(tokens, [6, 2, 0]);
    assert.equal((await client.describe(never)).scoresTexts, true);
    const chat = server.requests.find(({ path }) => path === '/tokenize');
    assert.deepEqual(chat?.body['chat_template_kwargs'], { enable_thinking: false });
  });

  it('SGLang: input_token_logprobs from the end of the prompt', async () => {
    const server = await fakeSglang();
    const { logProbs, tokens } = await new OpenAiBackend({ urls: [server.url] }).score(request, never);
    assert.deepEqual(logProbs, request.completions.map(sumOf));
    assert.deepEqual(tokens, [6, 2, 0]);
  });

  it('others cannot, and the error says who can', async () => {
    const server = await new FakeOpenAi({ '/v1/chat/completions': seededChat }).start();
    const client = new OpenAiBackend({ urls: [server.url] });
    await assert.rejects(client.score(request, never), fails('backend.cannot', /vLLM or SGLang/u));
    assert.equal((await client.describe(never)).scoresTexts, false);
  });

  it('four at once at most, over all segments: a server needs much memory for each', async () => {
    let [underWay, most] = [0, 0];
    const server = await fakeVllm({ '/v1/completions': async ({ body }, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 15));
      underWay -= 1;
      const ids = body['prompt'] as number[]; // scoring sends ids
      json(response, { choices: [{ index: 0, text: '', prompt_logprobs: ids.map((id) => ({ [id]: { logprob: -1 } })) }] });
    } });
    const client = new OpenAiBackend({ urls: [server.url] });
    const found = await Promise.all([1, 2, 3].map(() => client.score({ ...request, completions: ['一', '二', '三'] }, never)));
    assert.deepEqual(found.map(({ logProbs }) => logProbs), Array.from({ length: 3 }, () => [-1, -1, -1]));
    assert.equal(most, 4);
  });

  it('a reply without the values is an error, not a score', async () => {
    const server = await fakeVllm({ '/v1/completions': (_, response) => { json(response, { choices: [{ index: 0, text: '' }] }); } });
    await assert.rejects(new OpenAiBackend({ urls: [server.url] }).score(request, never), fails('backend.badReply', /missing for some tokens/u));
  });
});

describe('adapters, against fakes of the protocols', () => {
  it('vLLM loads one that it can see, on every server', async () => {
    const servers = await Promise.all([1, 2].map(() => fakeVllm({ '/v1/load_lora_adapter': adapters(['/adapters/v1']) })));
    const client = new OpenAiBackend({ urls: servers.map(({ url }) => url) });
    await client.loadAdapter({ name: 'project-v1', path: '/adapters/v1' }, never);
    for (const { requests } of servers) {
      assert.deepEqual(requests.find(({ path }) => path.endsWith('load_lora_adapter'))?.body, { lora_name: 'project-v1', lora_path: '/adapters/v1' });
    }
  });

  it('SGLang has its own address', async () => {
    const client = new OpenAiBackend({ urls: [(await fakeSglang()).url] });
    await client.loadAdapter({ name: 'project-v1', path: '/adapters/v1' }, never);
    await assert.rejects(client.loadAdapter({ name: 'x', path: '/elsewhere' }, never), fails('backend.notVisible', /elsewhere/u));
  });

  it('a folder that the server does not see, and a server that loads nothing at run time, are two errors', async () => {
    const sees = new OpenAiBackend({ urls: [(await fakeVllm({ '/v1/load_lora_adapter': adapters([]) })).url] });
    await assert.rejects(sees.loadAdapter({ name: 'x', path: '/here/only' }, never), fails('backend.notVisible', /here\/only/u));
    const off = new OpenAiBackend({ urls: [(await fakeVllm()).url] });
    await assert.rejects(off.loadAdapter({ name: 'x', path: '/p' }, never), fails('backend.cannot', /VLLM_ALLOW_RUNTIME_LORA_UPDATING/u));
  });

  it('the probe tells them apart without loading anything', async () => {
    const on = await new OpenAiBackend({ urls: [(await fakeVllm({ '/v1/load_lora_adapter': adapters([]) })).url] }).probe(never);
    assert.equal(on.capabilities.adapterLoading.state, 'yes');
    assert.equal(on.capabilities.promptLogProbs.state, 'yes');
    const off = await new OpenAiBackend({ urls: [(await fakeVllm()).url] }).probe(never);
    assert.deepEqual(off.missing.find(({ capability }) => capability === 'adapterLoading')?.disables, 'A new adapter cannot be adopted while the server runs: restart it with the adapter.');
    assert.equal((await new OpenAiBackend({ urls: [(await fakeSglang()).url] }).probe(never)).kind, 'sglang');
  });

  it('paths are mapped by the longest folder that fits', () => {
    const mappings = [{ here: '/home/me', there: '/mnt' }, { here: '/home/me/project', there: '/adapters' }, { here: 'C:\\jobs', there: '/mnt/c/jobs' }];
    assert.equal(serverPath('/home/me/project/v1', mappings), '/adapters/v1');
    assert.equal(serverPath('/home/me/other', mappings), '/mnt/other');
    assert.equal(serverPath('/home/menu', mappings), '/home/menu');
    assert.equal(serverPath('C:\\jobs\\a\\b', mappings), '/mnt/c/jobs/a/b');
    assert.equal(localPath('/adapters/v1', mappings), '/home/me/project/v1');
    assert.equal(localPath('/mnt/other', mappings), '/home/me/other');
    assert.equal(localPath('/mnt/c/jobs/a/b', mappings), 'C:\\jobs\\a\\b');
    assert.equal(localPath('org/model', mappings), 'org/model', 'a hub name is no path');
    for (const path of ['/home/me/project/v1', '/home/me/x', 'C:\\jobs\\a']) assert.equal(localPath(serverPath(path, mappings), mappings), path);
  });
});
