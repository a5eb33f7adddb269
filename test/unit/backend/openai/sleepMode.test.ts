/** vLLM's sleep mode on a fake of it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { modelNames } from '../../../../src/backend/openai/modelNames.ts';
import { lookAtServer, putToSleep, wakeUp } from '../../../../src/backend/openai/sleepMode.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { fakeLoraServer } from '../../support/fakeLoraServer.ts';
import { FakeOpenAi, json, stopFakes } from '../../support/fakeOpenAi.ts';

describe('a server that may sleep', () => {
  afterEach(stopFakes);

  it('is put to sleep and woken, by an address with or without /v1', async () => {
    const events: string[] = [];
    const { server } = await fakeLoraServer({ onEvent: (event) => { events.push(event); } });
    assert.deepEqual(await lookAtServer(`${server.url}/v1/`, fetch), { answers: true, canSleep: true });
    await putToSleep(server.url, fetch);
    await wakeUp(`${server.url}/v1`, fetch);
    assert.deepEqual(events, ['sleep', 'wake']);
  });

  it('cannot where it has no such address, is not there, or fails', async () => {
    const plain = await new FakeOpenAi({ '/sleep?level=1': (_, response) => { json(response, { detail: 'no memory' }, 500); } }).start();
    assert.deepEqual(await lookAtServer(plain.url, fetch), { answers: true, canSleep: false });
    await assert.rejects(putToSleep(plain.url, fetch), (error) => error instanceof AppError && error.code === 'backend.refused');
    assert.deepEqual(await modelNames(plain.url, 'key', fetch), ['Qwen3-8B']);
    await plain.stop();
    assert.deepEqual(await lookAtServer(plain.url, fetch), { answers: false, canSleep: false });
    await assert.rejects(wakeUp(plain.url, fetch), (error) => error instanceof AppError && error.code === 'backend.unreachable');
    assert.deepEqual(await modelNames(plain.url, undefined, fetch), []);
  });
});
