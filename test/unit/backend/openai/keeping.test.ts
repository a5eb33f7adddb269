/** Whatever was received is kept, and a cancel ends everything: against a real local HTTP server. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../../src/backend/openai/clock.ts';
import { isAbort } from '../../../../src/core/errors.ts';
import { event, FakeOpenAi, json, seededChat, stopFakes, writeChoice } from '../../support/fakeOpenAi.ts';
import { CHAT, fails, good, scene, sceneOf } from '../../support/openAiScene.ts';

afterEach(stopFakes);

describe('faults: nothing received is lost', () => {
  it('a failure after some candidates: they were handed over, then the error comes', async () => {
    const { run, received } = await scene((request, response) => {
      if (request.count <= 3) good(`c${request.count.toString()}`)(request, response);
      else json(response, { error: { message: 'bad key' } }, 401);
    }, { maxConcurrency: 1 });
    await assert.rejects(run(8), fails('backend.unauthorized', /401/u));
    assert.deepEqual(received.map(({ text }) => text), ['c1', 'c2', 'c3']);
  });

  it('a reply cut after one of its choices: only the missing ones are asked for again', async () => {
    const server = await new FakeOpenAi({ [CHAT]: (request, response) => {
      const streams = server.requests.filter(({ body }) => body['stream'] === true).length;
      if (request.body['stream'] !== true || streams > 1) { seededChat(request, response); return; }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      writeChoice(response, { index: 2, text: 'early' });
      setTimeout(() => { response.destroy(); }, 30);
    } }).start();
    const { run, received } = sceneOf(server);
    const texts = await run(4);
    assert.equal(texts.find(({ index }) => index === 2)?.text, 'early');
    assert.equal(texts.length, 4);
    assert.equal(received.length, 4);
    assert.equal(server.requests.at(-1)?.body['n'], 3);
  });

  it('a server that restarts in the middle of a file', async () => {
    let dropped = false;
    const server: FakeOpenAi = await new FakeOpenAi({ [CHAT]: async (request, response) => {
      if (request.body['stream'] === true && !dropped) {
        dropped = true;
        const port = await server.stop();
        await new FakeOpenAi({ [CHAT]: seededChat }).start(port);
        return;
      }
      seededChat(request, response);
    } }).start();
    const { run } = sceneOf(server);
    assert.equal((await run(4)).length, 4);
    assert.equal((await run(4)).length, 4);
  });

  it('a server that stays away is an error once patience ends', async () => {
    const server: FakeOpenAi = await new FakeOpenAi({ [CHAT]: async (request, response) => {
      if (request.body['stream'] === true) await server.stop();
      else seededChat(request, response);
    } }).start();
    const { run, clock } = sceneOf(server);
    await assert.rejects(run(2), fails('backend.unreachable', /127\.0\.0\.1/u));
    assert.ok(clock.slept.reduce((sum, ms) => sum + ms, 0) > 50_000);
  });

  it('one of two servers goes away: the other takes over', async () => {
    const left = await new FakeOpenAi({ [CHAT]: seededChat }).start();
    const right: FakeOpenAi = await new FakeOpenAi({ [CHAT]: async () => { await right.stop(); } }).start();
    const { run } = sceneOf(left, { urls: [left.url, right.url] });
    for (let round = 0; round < 4; round += 1) assert.equal((await run(4)).length, 4);
  });
});

describe('kept connections', () => {
  it('one that the server closes after a stream, as llama.cpp does, costs no waiting', async () => {
    const used = new WeakSet();
    const { run, clock } = await scene((request, response) => {
      const { socket } = response;
      if (socket === null || used.has(socket)) { socket?.destroy(); return; }
      used.add(socket);
      seededChat(request, response);
    }, { maxConcurrency: 1 });
    for (let round = 0; round < 4; round += 1) assert.equal((await run(3)).length, 3);
    assert.deepEqual(clock.slept, []);
  });

  it('a server that drops every connection is away, not asked for ever', async () => {
    const { run, server } = await scene((_, response) => { response.socket?.destroy(); });
    await assert.rejects(run(1), fails('backend.unreachable', /connection was closed/u));
    assert.ok(server.requests.length > 3);
  });
});

describe('cancel at any moment', () => {
  for (const afterMs of [0, 5, 20, 60]) {
    it(`after ${afterMs.toString()} ms: an AbortError, at once, and the connection closes`, async () => {
      let opened = 0;
      let closed = 0;
      const { run, received } = await scene((request, response) => {
        opened += 1;
        response.on('close', () => { closed += 1; });
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        if (request.count === 1) writeChoice(response, { text: 'kept' });
        else event(response, { choices: [{ index: 0, delta: { content: 'never ends' } }] });
      });
      const controller = new AbortController();
      const outcome = run(4, controller.signal).then(() => undefined, (error: unknown) => error);
      await wait(afterMs);
      const cancelled = performance.now();
      controller.abort();
      const error = await outcome;
      assert.ok(isAbort(error), String(error));
      assert.ok(performance.now() - cancelled < 500);
      assert.ok(received.length <= 1);
      await wait(50);
      assert.equal(closed, opened);
    });
  }

  it('while waiting for a busy server', async () => {
    const server = await new FakeOpenAi({ [CHAT]: (request, response) => {
      if (request.body['stream'] === true) response.writeHead(429, { 'retry-after': '60' }).end();
      else seededChat(request, response);
    } }).start();
    const controller = new AbortController();
    const outcome = sceneOf(server, {}, systemClock).run(2, controller.signal).then(() => undefined, (error: unknown) => error);
    await wait(150);
    controller.abort();
    assert.ok(isAbort(await outcome));
  });

  it('one caller that gives up does not take the others along', async () => {
    const server = await new FakeOpenAi({
      '/v1/models': async (_, response) => { await wait(100); json(response, { data: [{ id: 'Qwen3-8B' }] }); },
      [CHAT]: seededChat,
    }).start();
    const { run } = sceneOf(server);
    const controller = new AbortController();
    const first = run(1, controller.signal).then(() => undefined, (error: unknown) => error);
    const second = run(1);
    controller.abort();
    assert.ok(isAbort(await first));
    assert.equal((await second).length, 1);
  });
});
