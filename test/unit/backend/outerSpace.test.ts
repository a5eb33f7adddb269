import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Backend, GeneratedText, GenerateRequest } from '../../../src/backend/backend.ts';
import { EmbeddedBackend } from '../../../src/backend/embedded/embeddedBackend.ts';
import { OpenAiBackend, type OpenAiOptions } from '../../../src/backend/openai/openAiBackend.ts';
import { EngineSupervisor } from '../../../src/backend/supervisor.ts';
import { Serving } from '../../../src/app/training/serving.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import { inProcess } from '../app/support.ts';
import { FakeEngine } from '../support/fakeEngine.ts';
import { chatReply, event, FakeOpenAi, json, stopFakes, type Answer } from '../support/fakeOpenAi.ts';

const never = new AbortController().signal;
const around = ' \u3000\r\n';
const request: GenerateRequest = {
  segmentKey: 's1', source: 'It is raining.', sourceLanguage: 'en', targetLanguage: 'ja', seed: 7,
  sampling: { n: 2, temperature: 1, topP: 1, topK: 0, maxTokens: 64 },
};

const chat: Answer = (asked, response) => { chatReply(asked, response, [{ text: `${around}雨です。${around}` }, { text: '雨です。' }]); };

/** The old endpoint, for prompts that are one text. */
const completions: Answer = (asked, response) => {
  const choices = [`${around}雨です。${around}`, '雨です。'].map((text, index) => ({ index, text, finish_reason: 'stop' }));
  if (asked.body['stream'] !== true) {
    json(response, { choices });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  event(response, { choices });
  response.end('data: [DONE]\n\n');
};

async function server(answers: Readonly<Record<string, Answer>>, options: Partial<OpenAiOptions> = {}): Promise<Backend> {
  const fake = await new FakeOpenAi(answers).start();
  return new OpenAiBackend({ urls: [fake.url], ...options });
}

function engine(): Backend {
  const fake = new FakeEngine();
  fake.around = around;
  return new EmbeddedBackend(new EngineSupervisor({ spawn: fake.spawn, timers: fake.timers }), '/models/fake');
}

const paths: Readonly<Record<string, () => Promise<Backend> | Backend>> = {
  'the embedded engine': engine,
  'a server by its chat endpoint': () => server({ '/v1/chat/completions': chat }),
  'a server by its completions endpoint': () => server({ '/v1/completions': completions }, { promptFamily: 'alma' }),
};

describe('outer white space of a sample', () => {
  afterEach(stopFakes);

  for (const [name, make] of Object.entries(paths)) {
    it(`is left out by ${name}: streamed, in the outcome, and behind a given beginning`, async (t) => {
      const backend = await make();
      t.after(() => backend.dispose());
      const streamed: GeneratedText[] = [];
      const outcome = await backend.generate(request, (text) => { streamed.push(text); }, never);
      const begun = await backend.generate({ ...request, context: { prefix: ' 今日は' } }, () => undefined, never);
      const all = [...streamed, ...outcome.texts, ...begun.texts].map(({ text }) => text);
      assert.ok(streamed.length >= 2 && outcome.texts.length >= 2 && begun.texts.length >= 2);
      assert.deepEqual(all, all.map((text) => text.trim()));
      assert.ok(begun.texts.every(({ text }) => text.startsWith('今日は')));
    });
  }

  it('makes no second candidate where a gate samples, nor a text out of nothing', async () => {
    const backend = await server({ '/v1/chat/completions': (asked, response) => {
      const texts = ['雨です。', `雨です。${around}`, around];
      chatReply(asked, response, texts.slice(0, Number(asked.body['n'])).map((text) => ({ text })));
    } });
    const serving = new Serving({ backend, compute: inProcess, settings: { ...defaultRun, candidates: 3 } });
    const served = await serving.translate(request, never);
    await backend.dispose();
    assert.equal(served.text, '雨です。');
    assert.deepEqual(served.candidates.map(({ text }) => text).sort(), ['', '雨です。']);
  });
});
