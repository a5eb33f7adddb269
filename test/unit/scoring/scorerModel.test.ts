import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/core/errors.ts';
import type { EngineCaller, EngineUser, LoadedScorer, Provider } from '../../../src/protocol/engine.ts';
import { ScorerModel } from '../../../src/scoring/scorerModel.ts';

const never = new AbortController().signal;

/** An engine that dies with work on any provider but the CPU; it notes what it was asked to load. */
function mortal(): { engine: EngineUser; asked: Provider[] } {
  const asked: Provider[] = [];
  const caller = {
    call: (_: string, { provider }: { readonly provider: Provider }): Promise<LoadedScorer> => {
      asked.push(provider);
      return Promise.resolve({ handle: asked.length, kind: 'comet', name: 'c', revision: 'r', licence: 'l', provider, loadMs: 1 });
    },
  };
  // Only loading is asked of it.
  return { engine: { use: (task) => task(caller as unknown as EngineCaller) }, asked };
}

describe('a metric whose provider takes the engine down', () => {
  it('is loaded on the CPU for the same work, says why, and does not ask that provider again', async () => {
    const { engine, asked } = mortal();
    const told: (string | undefined)[] = [];
    let provider: Provider = 'webgpu';
    const model = new ScorerModel(engine, 'comet', { folder: '/m', provider: () => provider, onLoaded: ({ providerNote }) => { told.push(providerNote); } });
    const work = (): Promise<string> => model.use((_, handle) => {
      if (asked[handle - 1] !== 'cpu') return Promise.reject(new AppError('engine.crashed', { detail: 'signal SIGSEGV' }));
      return Promise.resolve('done');
    }, never);
    assert.equal(await work(), 'done');
    assert.equal(await work(), 'done');
    assert.deepEqual(asked, ['webgpu', 'cpu', 'cpu']);
    assert.deepEqual(told, [undefined, 'webgpu: the engine ended with it (signal SIGSEGV)']);
    provider = 'cuda';
    assert.equal(await work(), 'done', 'another choice of the settings is tried');
    assert.deepEqual(asked.slice(3), ['cuda', 'cpu']);
  });

  it('fails as it did where the CPU takes the engine down as well', async () => {
    const { engine } = mortal();
    const model = new ScorerModel(engine, 'comet', { folder: '/m', provider: () => 'cuda' });
    const dying = model.use(() => Promise.reject(new AppError('engine.crashed', { detail: 'again' })), never);
    await assert.rejects(dying, (error: unknown) => error instanceof AppError && error.code === 'engine.crashed');
  });
});
