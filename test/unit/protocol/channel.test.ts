import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError, isAbort } from '../../../src/core/errors.ts';
import { Channel, type CallContext, type Handlers } from '../../../src/protocol/channel.ts';
import { memoryPorts, settle, type MemoryPort } from '../support/memoryPort.ts';

interface Server {
  readonly calls: {
    readonly count: { params: number; result: string; progress: number };
    readonly wait: { params: null; result: string; progress: never };
    readonly fail: { params: 'app' | 'plain' | 'sync' | 'clone'; result: unknown; progress: never };
  };
  readonly events: { readonly moved: { readonly to: number } };
}

interface Client {
  readonly calls: Record<string, never>;
  readonly events: Record<string, never>;
}

interface Pair {
  readonly client: Channel<Client, Server>;
  readonly server: Channel<Server, Client>;
  readonly ends: readonly [MemoryPort, MemoryPort];
  readonly moves: number[];
}

const handlers: Handlers<Server> = {
  count: async (to, { progress }) => {
    for (let at = 1; at <= to; at++) {
      progress(at);
      await Promise.resolve();
    }
    return `counted ${String(to)}`;
  },
  wait: (_, { signal }) => untilAborted(signal),
  fail: (how) => {
    if (how === 'sync') throw new TypeError('thrown at once');
    if (how === 'clone') return () => 'functions cannot be sent';
    const error = how === 'app' ? new AppError('engine.modelMissing', { path: '/m' }) : new Error('plain');
    return Promise.reject(error);
  },
};

function untilAborted(signal: CallContext<never>['signal']): Promise<string> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      const error = new Error('stopped');
      error.name = 'AbortError';
      reject(error);
    });
  });
}

function pair(): Pair {
  const ends = memoryPorts();
  const moves: number[] = [];
  const client = new Channel<Client, Server>({
    name: 'test', port: ends[0], handlers: {}, listeners: { moved: ({ to }) => { moves.push(to); } },
  });
  const server = new Channel<Server, Client>({ name: 'test', port: ends[1], handlers, listeners: {} });
  return { client, server, ends, moves };
}

describe('channel', () => {
  it('answers a call after its progress, in order', async () => {
    const { client, ends } = pair();
    const seen: number[] = [];
    const result = client.call('count', 4, { onProgress: (value) => { seen.push(value); } });
    await settle(ends);
    assert.equal(await result, 'counted 4');
    assert.deepEqual(seen, [1, 2, 3, 4]);
  });

  it('gives a peer that asks for it the sentence for people', async () => {
    const ends = memoryPorts();
    const client = new Channel<Client, Server>({ name: 'test', port: ends[0], handlers: {}, listeners: { moved: () => undefined } });
    new Channel<Server, Client>({ name: 'test', port: ends[1], handlers, listeners: {}, sentence: ({ code }) => `a sentence for ${code}` });
    const outcome = Promise.allSettled([client.call('fail', 'app')]);
    await settle(ends);
    const [failed] = await outcome;
    assert.ok(failed.status === 'rejected' && failed.reason instanceof AppError);
    assert.equal(failed.reason.message, 'a sentence for engine.modelMissing');
    assert.deepEqual(failed.reason.toWire(), { code: 'engine.modelMissing', data: { path: '/m' } });
  });

  it('carries the code and data of an AppError, and wraps other errors', async () => {
    const { client, ends } = pair();
    const outcomes = Promise.allSettled([client.call('fail', 'app'), client.call('fail', 'plain'), client.call('fail', 'sync')]);
    await settle(ends);
    const reasons = (await outcomes).map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as AppError).toWire() : 'resolved'));
    assert.deepEqual(reasons, [
      { code: 'engine.modelMissing', data: { path: '/m' } },
      { code: 'protocol.failed', data: { name: 'fail', reason: 'plain' } },
      { code: 'protocol.failed', data: { name: 'fail', reason: 'thrown at once' } },
    ]);
  });

  it('fails a call whose result cannot be sent', async () => {
    const { client, ends } = pair();
    const outcome = client.call('fail', 'clone').catch((error: unknown) => error);
    await settle(ends);
    const error = await outcome;
    assert.ok(error instanceof AppError && error.code === 'protocol.failed', String(error));
  });

  it('answers an unknown call with a failure that names it', async () => {
    const { client, ends } = pair();
    // What a peer of another version may send.
    const outcome = client.call('gone' as 'wait', null).catch((error: unknown) => error);
    await settle(ends);
    const error = await outcome;
    assert.ok(error instanceof AppError);
    assert.deepEqual(error.toWire(), { code: 'protocol.failed', data: { name: 'gone', reason: 'no such call' } });
  });

  it('cancels on request and rejects once the peer has answered', async () => {
    const { client, ends } = pair();
    const controller = new AbortController();
    let settled = false;
    const outcome = client.call('wait', null, { signal: controller.signal }).catch((error: unknown) => error).finally(() => { settled = true; });
    await settle(ends);
    controller.abort();
    await Promise.resolve();
    assert.equal(settled, false);
    await settle(ends);
    assert.ok(isAbort(await outcome));
  });

  it('does not send a call that was cancelled before', async () => {
    const { client, ends } = pair();
    const outcome = client.call('wait', null, { signal: AbortSignal.abort() }).catch((error: unknown) => error);
    assert.equal(ends[1].waiting, 0);
    assert.ok(isAbort(await outcome));
  });

  it('rejects what is pending and what comes later when the port closes, and aborts what runs', async () => {
    const { client, ends } = pair();
    const pending = client.call('wait', null).catch((error: unknown) => error);
    await settle(ends);
    ends[0].close('the peer died');
    const error = await pending;
    assert.ok(error instanceof AppError && error.code === 'protocol.closed');
    assert.equal(error.cause instanceof Error && error.cause.message, 'the peer died');
    await assert.rejects(client.call('wait', null), (later: unknown) => later instanceof AppError && later.code === 'protocol.closed');
    ends[1].close('the other side died');
    await settle(ends);
    assert.equal(ends[0].waiting, 0, 'a closed side sends nothing more');
  });

  it('hands on events, and drops unknown ones and noise', async () => {
    const { server, ends, moves } = pair();
    server.emit('moved', { to: 3 });
    for (const noise of [null, 7, 'text', {}, { t: 'event', name: 'unknown', value: 1 }, { t: 'done', id: 99, result: 1 }]) ends[1].post(noise);
    server.emit('moved', { to: 4 });
    await settle(ends);
    assert.deepEqual(moves, [3, 4]);
  });

  it('fails a call whose progress listener throws, instead of ending the process', async () => {
    const { client, ends } = pair();
    const outcome = client.call('count', 3, { onProgress: () => { throw new Error('listener'); } }).catch((error: unknown) => error);
    await settle(ends);
    const error = await outcome;
    assert.ok(error instanceof AppError && error.code === 'protocol.failed', String(error));
  });

  it('fails a call whose parameters cannot be sent', async () => {
    const { client, ends } = pair();
    const error = await client.call('count', (() => 1) as unknown as number).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof AppError && error.code === 'protocol.failed', String(error));
    assert.equal(ends[1].waiting, 0);
  });

  it('settles every call exactly once in any interleaving', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('call' as const), name: fc.constantFrom('count' as const, 'wait' as const, 'fail' as const) }),
      fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }),
      fc.record({ do: fc.constant('deliver' as const), end: fc.constantFrom(0 as const, 1 as const) }),
      fc.record({ do: fc.constant('close' as const), end: fc.constantFrom(0 as const, 1 as const) }),
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { client, ends } = pair();
      const calls: { controller: AbortController; settled: number; ended: Promise<unknown> }[] = [];
      for (const act of steps) {
        if (act.do === 'call') {
          const call = { controller: new AbortController(), settled: 0, ended: Promise.resolve() as Promise<unknown> };
          const params = { count: 2, wait: null, fail: 'plain' }[act.name];
          // Each name with a parameter of its own; the union is not told apart by the compiler.
          const sent = client.call(act.name as 'wait', params as null, { signal: call.controller.signal });
          call.ended = sent.catch(() => undefined).then(() => { call.settled++; });
          calls.push(call);
        }
        if (act.do === 'cancel') calls[act.which]?.controller.abort();
        if (act.do === 'deliver') ends[act.end].deliver();
        if (act.do === 'close') ends[act.end].close('test');
        await Promise.resolve();
      }
      for (const call of calls) call.controller.abort();
      await settle(ends);
      ends[0].close('end');
      await Promise.all(calls.map((call) => call.ended));
      assert.ok(calls.every((call) => call.settled === 1));
    }), { numRuns: 60 });
  });
});
