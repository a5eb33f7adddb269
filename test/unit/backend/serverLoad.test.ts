import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { gpuMemory, parseMetrics, readProgram, serverLoad } from '../../../src/backend/serverLoad.ts';
import { FakeOpenAi, stopFakes } from '../support/fakeOpenAi.ts';

afterEach(stopFakes);
const never = new AbortController().signal;

/** As vLLM's documentation prints them, with two engines (data parallel). */
const vllm = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m"} 3.0
vllm:num_requests_running{engine="1",model_name="m"} 5.0
vllm:num_requests_waiting{engine="0",model_name="m"} 2.0
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="m"} 7.5e-01
`;

describe('load of a server', () => {
  it('is read from /metrics, each server by its own names', () => {
    assert.deepEqual(parseMetrics(vllm), { running: 8, waiting: 2, cacheUsed: 0.5 });
    assert.deepEqual(parseMetrics('vllm:gpu_cache_usage_perc 0.1\n'), { cacheUsed: 0.1 });
    assert.deepEqual(parseMetrics('sglang:num_running_reqs{tp_rank="0"} 4\nsglang:token_usage 0.28\n'), { running: 4, cacheUsed: 0.28 });
    assert.deepEqual(parseMetrics('llamacpp:requests_processing 1\nllamacpp:requests_deferred 6\n'), { running: 1, waiting: 6 });
    assert.deepEqual(parseMetrics('<html>not metrics</html>'), {});
  });

  it('is unknown where there is no such page', async () => {
    const without = await new FakeOpenAi({}).start();
    assert.equal(await serverLoad(without.url, globalThis.fetch, never), undefined);
    const withIt = await new FakeOpenAi({ '/metrics': (_, response) => { response.end(vllm); } }).start();
    assert.equal((await serverLoad(withIt.url, globalThis.fetch, never))?.running, 8);
    await withIt.stop();
    assert.equal(await serverLoad(withIt.url, globalThis.fetch, never), undefined);
  });
});

describe('GPU memory', () => {
  it('is what nvidia-smi prints: asked through a fake one, found by the PATH as the real one is', { skip: process.platform === 'win32' }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'interlinear-smi-'));
    const path = process.env['PATH'] ?? '';
    t.after(() => { process.env['PATH'] = path; rmSync(folder, { recursive: true, force: true }); });
    writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\n[ "$1" = "--query-gpu=name,memory.used,memory.total" ] || exit 3\necho "NVIDIA H100 80GB HBM3, 30720, 81559"\necho "NVIDIA L4, 512, 23034"\n');
    chmodSync(join(folder, 'nvidia-smi'), 0o755);
    process.env['PATH'] = folder + delimiter + path;
    assert.deepEqual(await gpuMemory(readProgram), [{ name: 'NVIDIA H100 80GB HBM3', used: 30720, total: 81559 }, { name: 'NVIDIA L4', used: 512, total: 23034 }]);
  });

  it('is unknown without it, and where it prints something else', async () => {
    assert.equal(await gpuMemory(() => Promise.reject(new Error('ENOENT'))), undefined);
    assert.equal(await gpuMemory(() => Promise.resolve('No devices were found\n')), undefined);
    assert.equal(await gpuMemory(() => Promise.resolve('NVIDIA GB10, [N/A], [N/A]\n')), undefined);
  });
});
