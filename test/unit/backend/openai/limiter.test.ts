import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AdaptiveLimiter, type Lease } from '../../../../src/backend/openai/limiter.ts';
import { isAbort } from '../../../../src/core/errors.ts';

const ok = { kind: 'ok', firstByteMs: 100 } as const;

function acquire(limiter: AdaptiveLimiter, weight = 1, urgent = false): Promise<Lease> {
  return limiter.acquire({ weight, urgent, signal: new AbortController().signal });
}

/** Keeps `width` requests wanting to run until `count` have ended, and answers the limit. */
async function load(limiter: AdaptiveLimiter, count: number, width: number, end: Parameters<Lease['end']>[0] = ok): Promise<number> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const lease = await acquire(limiter);
      await Promise.resolve();
      lease.end(end);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return limiter.limit;
}

describe('adaptive concurrency', () => {
  it('grows while the limit holds us back, up to the most', async () => {
    assert.equal(await load(new AdaptiveLimiter({ initial: 2, max: 32 }), 200, 64), 32);
  });

  it('does not grow on its own', async () => {
    assert.equal(await load(new AdaptiveLimiter({ initial: 8, max: 32 }), 200, 2), 8);
  });

  it('halves on a busy answer, once for all that were under way together', async () => {
    const limiter = new AdaptiveLimiter({ initial: 16, max: 32 });
    const leases = await Promise.all(Array.from({ length: 16 }, () => acquire(limiter)));
    for (const lease of leases) lease.end({ kind: 'busy' });
    assert.equal(limiter.limit, 8);
    (await acquire(limiter)).end({ kind: 'busy' });
    assert.equal(limiter.limit, 4);
  });

  it('yields a little when first bytes get late, and never goes below one', async () => {
    const limiter = new AdaptiveLimiter({ initial: 20, max: 32 });
    (await acquire(limiter)).end(ok);
    (await acquire(limiter)).end({ kind: 'ok', firstByteMs: 60_000 });
    assert.equal(limiter.limit, 18);
    assert.equal(await load(limiter, 200, 1, { kind: 'busy' }), 1);
  });

  it('urgent work goes before what waits', async () => {
    const limiter = new AdaptiveLimiter({ initial: 1, max: 1 });
    const first = await acquire(limiter);
    const order: string[] = [];
    const wait = async (name: string, urgent: boolean): Promise<void> => {
      const lease = await acquire(limiter, 1, urgent);
      order.push(name);
      lease.end(ok);
    };
    const all = [wait('a', false), wait('b', false), wait('now', true)];
    first.end(ok);
    await Promise.all(all);
    assert.deepEqual(order, ['now', 'a', 'b']);
  });

  it('who gives up while waiting leaves the queue', async () => {
    const limiter = new AdaptiveLimiter({ initial: 1, max: 1 });
    const first = await acquire(limiter);
    const controller = new AbortController();
    const waiting = limiter.acquire({ weight: 1, urgent: false, signal: controller.signal }).then(() => undefined, (error: unknown) => error);
    const last = acquire(limiter);
    controller.abort();
    assert.ok(isAbort(await waiting));
    first.end(ok);
    (await last).end(ok);
    assert.equal(limiter.load, 0);
  });

  it('never runs more than the limit, and everything gets its turn, for any weights', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), async (weights, max) => {
      const limiter = new AdaptiveLimiter({ initial: max, max });
      let running = 0;
      let done = 0;
      await Promise.all(weights.map(async (weight) => {
        const lease = await acquire(limiter, weight);
        running += weight;
        assert.ok(running <= max || running === weight, `${running.toString()} of ${max.toString()}`);
        await Promise.resolve();
        running -= weight;
        done += 1;
        lease.end(ok);
      }));
      assert.equal(done, weights.length);
    }));
  });
});
