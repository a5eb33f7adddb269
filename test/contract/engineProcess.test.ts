import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { GeneratedText, GenerateRequest } from '../../src/backend/backend.ts';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import type { EngineSupervisor } from '../../src/backend/supervisor.ts';
import { AppError, isAbort } from '../../src/core/errors.ts';
import { tinyFolder } from '../unit/support/tinyModel.ts';
import { realEngine } from './support/realEngine.ts';

const never = new AbortController().signal;
const request: GenerateRequest = {
  segmentKey: 'seg-1', source: 'the cat', sourceLanguage: 'en', targetLanguage: 'ja', seed: 7,
  sampling: { n: 16, temperature: 1, topP: 1, topK: 0, maxTokens: 30 },
};
const long: GenerateRequest = { ...request, sampling: { ...request.sampling, n: 1024, maxTokens: 80 } };

function tiny(t: TestContext): { engine: EngineSupervisor; backend: EmbeddedBackend } {
  const engine = realEngine(t);
  return { engine, backend: new EmbeddedBackend(engine, tinyFolder) };
}

function pidOf(engine: EngineSupervisor): Promise<number> {
  return engine.use((client) => Promise.resolve(client.hello.pid), never);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function moduleUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

describe('engine process', () => {
  it('answers hello from a process of its own, which ends with its supervisor', async (t) => {
    const { engine } = tiny(t);
    const hello = await engine.use((client) => Promise.resolve(client.hello), never);
    assert.equal(hello.binding.state, 'ok');
    assert.notEqual(hello.pid, process.pid);
    assert.ok(isAlive(hello.pid));
    await engine.dispose();
    assert.equal(isAlive(hello.pid), false);
  });

  it('streams samples while it works and returns all of them', async (t) => {
    const { backend } = tiny(t);
    const seen: GeneratedText[] = [];
    const { texts } = await backend.generate(request, (text) => { seen.push(text); }, never);
    assert.equal(texts.length, 16);
    assert.deepEqual([...seen].sort((a, b) => a.index - b.index), texts);
  });

  it('killed in the middle: the call fails, the next one starts it again and gives the same samples', async (t) => {
    const { engine, backend } = tiny(t);
    const before = await backend.generate(request, () => undefined, never);
    const pid = await pidOf(engine);
    let killed = false;
    const outcome = await backend.generate(long, () => { killed ||= process.kill(pid, 'SIGKILL'); }, never).catch((error: unknown) => error);
    assert.ok(outcome instanceof AppError && outcome.code === 'engine.crashed', String(outcome));
    assert.deepEqual(outcome.data, { detail: 'signal SIGKILL' });
    assert.deepEqual(await backend.generate(request, () => undefined, never), before);
    assert.notEqual(await pidOf(engine), pid);
  });

  it('answers a cancel within 100 ms and goes on', async (t) => {
    const { engine, backend } = tiny(t);
    const pid = await pidOf(engine);
    const waits: number[] = [];
    // The machine may be busy: the best of five is the engine's own time.
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      let asked = 0;
      const cancelAtFirst = (): void => {
        asked ||= performance.now();
        controller.abort();
      };
      const outcome = await backend.generate(long, cancelAtFirst, controller.signal).catch((error: unknown) => error);
      assert.ok(isAbort(outcome), String(outcome));
      waits.push(performance.now() - asked);
    }
    assert.ok(Math.min(...waits) < 100, waits.join(' '));
    assert.equal((await backend.generate(request, () => undefined, never)).texts.length, 16);
    assert.equal(await pidOf(engine), pid);
  });

  it('says why when the binding cannot be loaded, and lives on', async (t) => {
    const resolver = "export const resolve = (name, context, next) => { if (name === 'onnxruntime-node') throw new Error('no binding for this platform'); return next(name, context); }";
    const hook = `import { register } from 'node:module'; register(${JSON.stringify(moduleUrl(resolver))});`;
    const engine = realEngine(t, ['--import', moduleUrl(hook)]);
    const hello = await engine.use((client) => Promise.resolve(client.hello), never);
    assert.deepEqual(hello.binding, { state: 'missing', reason: 'no binding for this platform' });
    const outcome = await new EmbeddedBackend(engine, tinyFolder).describe(never).catch((error: unknown) => error);
    assert.ok(outcome instanceof AppError && outcome.code === 'engine.unavailable', String(outcome));
    assert.equal(await pidOf(engine), hello.pid);
  });

  it('a provider whose native code takes the process down gives way to the CPU, and the reason is said', async (t) => {
    const deadly = `
      import { createRequire } from 'node:module';
      const { InferenceSession } = createRequire(${JSON.stringify(import.meta.url)})('onnxruntime-node');
      const create = InferenceSession.create.bind(InferenceSession);
      InferenceSession.create = (path, options) => (options.executionProviders[0] === 'webgpu' ? process.abort() : create(path, options));`;
    const backend = new EmbeddedBackend(realEngine(t, ['--import', moduleUrl(deadly)]), tinyFolder, 'webgpu');
    const described = await backend.describe(never);
    assert.equal(described.provider, 'cpu');
    assert.match(described.providerNote ?? '', /webgpu: the engine ended with it/u);
    const { texts } = await backend.generate(request, () => undefined, never);
    assert.deepEqual(texts, (await tiny(t).backend.generate(request, () => undefined, never)).texts);
  });
});
