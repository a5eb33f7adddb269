/** What servers and networks do wrong, each against a real local HTTP server. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { OpenAiBackend } from '../../../../src/backend/openai/openAiBackend.ts';
import { event, FakeOpenAi, json, seededChat, stopFakes, writeChoice, type Answer } from '../../support/fakeOpenAi.ts';
import { CHAT, fails, good, scene, sceneOf } from '../../support/openAiScene.ts';

afterEach(stopFakes);

describe('faults: no server', () => {
  it('refused: names the URL and what to check, without waiting', async () => {
    const server = await new FakeOpenAi({}).start();
    const { url } = server;
    await server.stop();
    const { run, clock } = sceneOf(server);
    await assert.rejects(run(1), fails('backend.unreachable', new RegExp(`${url}.*connection refused`, 'u')));
    assert.deepEqual(clock.slept, []);
  });

  it('a host that does not exist', async () => {
    const client = new OpenAiBackend({ urls: ['http://no-such-host.invalid:8000'] });
    await assert.rejects(client.describe(new AbortController().signal), fails('backend.unreachable', /no-such-host\.invalid.*(?:unknown host|looked up)/u));
  });

  it('an address that is none', () => {
    assert.throws(() => new OpenAiBackend({ urls: ['localhost:8000'] }), fails('input.invalid', /localhost:8000/u));
  });

  it('after a failed first contact a server that was started late is found', async () => {
    const server = await new FakeOpenAi({ [CHAT]: seededChat }).start();
    const port = await server.stop();
    const late = sceneOf(server);
    await assert.rejects(late.run(1));
    await new FakeOpenAi({ [CHAT]: seededChat }).start(port);
    assert.equal((await late.run(2)).length, 2);
  });
});

describe('faults: silence', () => {
  it('slow first byte: one more try, then an error with the time', async () => {
    const { run, server } = await scene(() => undefined, { firstByteMs: 120 });
    await assert.rejects(run(1), fails('backend.stalled', /127\.0\.0\.1/u));
    assert.equal(server.requests.filter(({ body }) => body['stream'] === true).length, 2);
  });

  it('stall in the middle of a stream: tried again, whole candidates stay', async () => {
    const { run, received } = await scene((request, response) => {
      if (request.count > 1) { good('whole')(request, response); return; }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      event(response, { choices: [{ index: 0, delta: { content: 'hal' } }] });
    }, { idleMs: 120 });
    assert.deepEqual((await run(1)).map(({ text }) => text), ['whole']);
    assert.equal(received.length, 1);
  });
});

describe('faults: refusals', () => {
  it('401', async () => {
    const { run } = await scene((_, response) => { json(response, { error: { message: 'bad key' } }, 401); });
    await assert.rejects(run(2), fails('backend.unauthorized', /401/u));
  });

  it('404 model: names the model and the ones there are', async () => {
    const missing: Answer = (_, response) => { json(response, { error: { message: 'The model `nope` does not exist.' } }, 404); };
    const server = await new FakeOpenAi({ [CHAT]: missing }).start();
    await assert.rejects(sceneOf(server, { model: 'nope' }).run(1), fails('backend.modelMissing', /nope.*Qwen3-8B/u));
  });

  it('429 with Retry-After: waits at least that long, then goes on', async () => {
    const { run, clock } = await scene((request, response) => {
      if (request.count <= 2) response.writeHead(429, { 'retry-after': '7' }).end('{"error":{"message":"slow down"}}');
      else good('later')(request, response);
    });
    assert.equal((await run(1))[0]?.text, 'later');
    assert.equal(clock.slept.length, 2);
    assert.ok(clock.slept.every((ms) => ms >= 7000), clock.slept.join(' '));
  });

  it('429 for ever: gives up and says so', async () => {
    const { run } = await scene((_, response) => { json(response, { error: { message: 'slow down' } }, 429); });
    await assert.rejects(run(1), fails('backend.busy', /127\.0\.0\.1/u));
  });

  it('500 once is tried again, 500 twice is an error with the message', async () => {
    const once = await scene((request, response) => {
      if (request.count === 1) json(response, { error: { message: 'oops' } }, 500);
      else good('fine')(request, response);
    });
    assert.equal((await once.run(1))[0]?.text, 'fine');
    const always = await scene((_, response) => { json(response, { error: { message: 'oops' } }, 500); });
    await assert.rejects(always.run(1), fails('backend.refused', /500.*oops/u));
  });

  it('context overflow: shorter answers are asked for first, then the segment is named', async () => {
    const overflow = "This model's maximum context length is 4096 tokens. However, you requested 4100 tokens.";
    const { run } = await scene((_, response) => { json(response, { error: { message: overflow } }, 400); });
    await assert.rejects(run(1), fails('backend.contextOverflow', /abc-1.*4096/u));
    const fits = await scene((request, response) => {
      if (Number(request.body['max_tokens']) > 32) json(response, { error: { message: overflow } }, 400);
      else good('short')(request, response);
    });
    assert.equal((await fits.run(1))[0]?.text, 'short');
  });
});

describe('faults: replies that are not the protocol', () => {
  it('half a JSON', async () => {
    const { run } = await scene((_, response) => { response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[{"ind'); });
    await assert.rejects(run(1), fails('backend.badReply', /broken JSON/u));
  });

  it('half a JSON in a stream, once', async () => {
    const { run } = await scene((request, response) => {
      if (request.count > 1) { good('mended')(request, response); return; }
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"choices":[{"ind\n\n');
    });
    assert.equal((await run(1))[0]?.text, 'mended');
  });

  it('HTML instead of JSON: says which page', async () => {
    const page = '<!DOCTYPE html><html><head><title>Router login</title></head></html>';
    const server = await new FakeOpenAi({ '/v1/models': (_, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end(page); } }).start();
    await assert.rejects(sceneOf(server).run(1), fails('backend.badReply', /Router login/u));
  });

  it('empty choices', async () => {
    const { run } = await scene((_, response) => { json(response, { choices: [] }); });
    await assert.rejects(run(1), fails('backend.badReply', /without choices/u));
  });

  it('an error inside the stream', async () => {
    const { run } = await scene((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"error":{"message":"CUDA out of memory"}}\n\n');
    });
    await assert.rejects(run(1), fails('backend.refused', /CUDA out of memory/u));
  });

  it('a whole reply where a stream was asked for is fine', async () => {
    const { run } = await scene((_, response) => { json(response, { choices: [{ index: 0, message: { content: 'whole' }, finish_reason: 'length' }] }); });
    assert.deepEqual(await run(1), [{ index: 0, text: 'whole', finish: 'length' }]);
  });
});

describe('faults: odd candidates', () => {
  it('duplicates only', async () => {
    const { run } = await scene(good('same'));
    assert.deepEqual((await run(16)).map(({ text }) => text), Array.from({ length: 16 }, () => 'same'));
  });

  it('a candidate of 100 kB in small pieces', async () => {
    const piece = '長い文。'.repeat(25);
    const { run } = await scene((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let sent = 0; sent < 350; sent += 1) event(response, { choices: [{ index: 0, delta: { content: piece } }] });
      writeChoice(response, { text: '', finish: 'length' });
      response.end('data: [DONE]\n\n');
    });
    const [text] = await run(1);
    assert.ok(text !== undefined);
    assert.equal(text.text, piece.repeat(350));
    assert.ok(Buffer.byteLength(text.text) > 100_000);
  });

  it('an empty candidate is handed on: ranking marks it', async () => {
    const { run } = await scene(good(' \n'));
    assert.equal((await run(1))[0]?.text, '');
  });
});

