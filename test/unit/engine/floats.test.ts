import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { widen } from '../../../src/engine/floats.ts';
import { graphLayout } from '../../../src/engine/graphLayout.ts';
import type { DecoderFacts } from '../../../src/engine/decoderFacts.ts';

describe('16-bit floats', () => {
  it('become the numbers that IEEE 754 says', () => {
    const bits = Uint16Array.from([0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x3555]);
    const numbers = new Float32Array(bits.length);
    widen(bits, numbers);
    assert.deepEqual([...numbers].slice(0, 9), [0, -0, 1, -2, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity]);
    assert.ok(Math.abs((numbers[9] ?? 0) - 1 / 3) < 1e-4);
    widen(Uint16Array.of(0x7e00), numbers);
    assert.ok(Number.isNaN(numbers[0]));
  });
});

const facts: DecoderFacts = {
  name: 'x', revision: 'r', prompt: { kind: 'template', family: 'f', template: '{source}' }, layers: 1, kvHeads: 2, headDim: 4, vocabSize: 10,
  bosTokenId: null, endTokens: [0], contextLength: 8, defaults: { temperature: 1, topP: 1, topK: 0, maxTokens: 4 },
};
type Session = Parameters<typeof graphLayout>[0];
type Value = Session['inputMetadata'][number];

function tensor(name: string, type: 'int64' | 'float32' | 'float16' | 'int8', shape: readonly (string | number)[]): Value {
  return { isTensor: true, name, type, shape };
}

function session(cache: 'float32' | 'float16' = 'float32', inputs: readonly Value[] = []): Session {
  const shape = ['b', 2, 'p', 4];
  return {
    inputMetadata: [tensor('input_ids', 'int64', ['b', 's']), tensor('past_key_values.0.key', cache, shape), tensor('past_key_values.0.value', cache, shape), ...inputs],
    outputMetadata: [tensor('logits', 'float32', ['b', 's', 10]), tensor('present.0.key', cache, shape), tensor('present.0.value', cache, shape)],
  };
}

describe('graph layout', () => {
  it('tells names and types, and what is optional', () => {
    const found = graphLayout(session('float16', [tensor('position_ids', 'int64', ['b', 's'])]), facts);
    assert.deepEqual(found, {
      past: ['past_key_values.0.key', 'past_key_values.0.value'], present: ['present.0.key', 'present.0.value'],
      cacheType: 'float16', logitsType: 'float32', hasMask: false, hasPositions: true, hasLogitsToKeep: false,
    });
  });

  it('names what it cannot feed, run or find', () => {
    assert.throws(() => graphLayout(session('float32', [tensor('use_cache_branch', 'int64', [1])]), facts), /use_cache_branch/u);
    assert.throws(() => graphLayout(session(), { ...facts, layers: 2 }), /1 layers.*2/u);
    assert.throws(() => graphLayout(session(), { ...facts, headDim: 8 }), /past_key_values\.0\.key has the shape \[b, 2, p, 4\].*\[\*, 2, \*, 8\]/u);
    const { inputMetadata, outputMetadata } = session();
    assert.throws(() => graphLayout({ inputMetadata, outputMetadata: outputMetadata.slice(1) }, facts), /no logits/u);
    const int8 = outputMetadata.map((value) => (value.name === 'logits' ? tensor('logits', 'int8', ['b', 's', 10]) : value));
    assert.throws(() => graphLayout({ inputMetadata, outputMetadata: int8 }, facts), /logits is int8/u);
  });
});
