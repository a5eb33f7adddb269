/** The engine's WebGPU provider on a real adapter: the one in software (SwiftShader) that comes with Chromium. */
import assert from 'node:assert/strict';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import type { GenerateOutcome, GenerateRequest } from '../../src/backend/backend.ts';
import { findChromium } from '../../scripts/support/chromium.ts';
import { realEngine } from './support/realEngine.ts';
import { starterFloat, starterFolder, Unavailable, withServers } from './support/servers.ts';

const never = new AbortController().signal;
const sources = ['I have a dog.', 'It is raining.', 'She bought a new dictionary.'];

function request(source: string): GenerateRequest {
  return { segmentKey: source, source, sourceLanguage: 'en', targetLanguage: 'ja', seed: 7, sampling: { n: 1, temperature: 0, topP: 1, topK: 0, maxTokens: 48 } };
}

/** Environment in which the engine's process finds the adapter. @throws Unavailable */
function softwareAdapter(): Readonly<Record<string, string>> {
  const program = findChromium();
  const folders = [...program === undefined ? [] : [dirname(realpathSync(program))], '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  const folder = folders.find((found) => ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'].every((name) => existsSync(join(found, name))));
  if (process.platform !== 'linux' || folder === undefined) throw new Unavailable('no WebGPU adapter is here: Chromium has none in its folder');
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json') };
}

async function greedy(backend: EmbeddedBackend): Promise<readonly GenerateOutcome['texts'][number][]> {
  const texts = [];
  for (const source of sources) texts.push(...(await backend.generate(request(source), () => undefined, never)).texts);
  return texts;
}

describe('the WebGPU provider', { timeout: 300_000 }, () => {
  it('runs a float32 model: what the CPU writes, with its log-probabilities', (t) => withServers(t, async () => {
    const adapter = softwareAdapter();
    const folder = await starterFloat();
    const gpu = new EmbeddedBackend(realEngine(t, [], adapter), folder, 'webgpu');
    const { provider, providerNote } = await gpu.describe(never);
    assert.deepEqual([provider, providerNote], ['webgpu', undefined]);
    const [found, expected] = [await greedy(gpu), await greedy(new EmbeddedBackend(realEngine(t), folder))];
    assert.deepEqual(found.map(({ text }) => text), expected.map(({ text }) => text));
    for (const [at, { logProb }] of found.entries()) assert.ok(Math.abs((logProb ?? Number.NaN) - (expected[at]?.logProb ?? Number.NaN)) < 0.01, `${String(logProb)} for ${String(expected[at]?.logProb)}`);
  }));

  it('gives way to the CPU where the adapter lacks what the graph needs, with the reason', (t) => withServers(t, async () => {
    const backend = new EmbeddedBackend(realEngine(t, [], softwareAdapter()), starterFolder, 'webgpu');
    const { provider, providerNote } = await backend.describe(never);
    assert.ok(provider === 'cpu' ? /^webgpu: .*f16/u.test(providerNote ?? '') : providerNote === undefined, `${provider ?? ''}: ${providerNote ?? ''}`);
    assert.equal((await greedy(backend)).length, sources.length);
  }));
});
