import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src/core/errors.ts';
import { Binding, importOnnxruntime, type OrtModule } from '../../../src/engine/binding.ts';
import { RowGraph } from '../../../src/engine/scorer/rowGraph.ts';
import { EngineService } from '../../../src/engine/service.ts';
import { resign } from '../support/tinyModel.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/scorers', import.meta.url));
const { Tensor } = await importOnnxruntime();
const work = { signal: new AbortController().signal, padTokenId: 0 };

/** A fake onnxruntime whose only graph has memory for `most` tokens; it gives each row's first token. */
function small(most: number): { ort: OrtModule; ran: number[] } {
  const ran: number[] = [];
  const session = {
    inputNames: ['input_ids', 'attention_mask'],
    outputNames: ['first'],
    run: ({ input_ids: { dims, data } }: { readonly input_ids: { readonly dims: readonly number[]; readonly data: BigInt64Array } }): Promise<object> => {
      const [rows = 0, length = 0] = dims;
      if (rows * length > most) return Promise.reject(new Error('std::bad_alloc'));
      ran.push(rows);
      return Promise.resolve({ first: new Tensor('float32', Float32Array.from({ length: rows }, (_, row) => Number(data[row * length])), [rows]) });
    },
    release: () => Promise.resolve(),
  };
  // Only what RowGraph uses.
  return { ort: { InferenceSession: { create: () => Promise.resolve(session) }, Tensor } as unknown as OrtModule, ran };
}

async function firsts(ort: OrtModule, lengths: readonly number[]): Promise<number[]> {
  const graph = await RowGraph.open(ort, { folder: '/m', file: 'g.onnx' }, { outputs: ['first'], threads: 1 });
  const rows = lengths.map((length, row) => ({ ids: Array.from({ length }, () => row + 1) }));
  return [...(await graph.vectors(rows, work)).data];
}

describe('rows of a graph when memory does not suffice', () => {
  it('are run with fewer at a time, and all come out in their order', async () => {
    const { ort, ran } = small(20);
    assert.deepEqual(await firsts(ort, [4, 8, 4, 8, 4, 8]), [1, 2, 3, 4, 5, 6]);
    assert.ok(ran.length > 1 && ran.every((rows) => rows * 4 <= 20));
  });

  it('are an error that says how many tokens one of them has, where that one does not fit', async () => {
    const thrown: unknown = await firsts(small(20).ort, [4, 30]).catch((error: unknown) => error);
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.deepEqual([thrown.code, thrown.data], ['engine.outOfMemory', { tokens: 30 }]);
  });
});

describe('a folder with another model\'s tokenizer', () => {
  it('is refused with the path of the graph when a token is not known', async (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), 'interlinear-tokenizer-'));
    t.after(() => { rmSync(folder, { recursive: true, force: true }); });
    cpSync(join(fixtures, 'awesome'), folder, { recursive: true });
    copyFileSync(join(fixtures, 'cometkiwi', 'tokenizer.json'), join(folder, 'tokenizer.json'));
    resign(folder, 'tokenizer', 'tokenizer.json');
    const handlers = new EngineService({ binding: new Binding(importOnnxruntime), version: '0', pid: 1, threads: 1, now: () => performance.now() }).handlers();
    const context = { signal: work.signal, progress: (): void => undefined };
    const { handle: model } = await handlers.loadScorer({ folder }, context);
    const words = 'It is raining cats and dogs in the old city council of Tuesday morning quietly and somebody else went home early with difficulty'.split(' ');
    const thrown: unknown = await Promise.resolve(handlers.align({ model, pairs: [{ source: words, target: words }] }, context)).catch((error: unknown) => error);
    assert.ok(thrown instanceof AppError, String(thrown));
    const { path, reason } = thrown.data as { path: string; reason: string };
    assert.deepEqual([thrown.code, path], ['engine.modelInvalid', join(folder, 'states.onnx')]);
    assert.match(reason, /another model's/u);
  });
});
