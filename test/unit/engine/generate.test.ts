import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Sampling } from '../../../src/core/candidate.ts';
import { isAbort } from '../../../src/core/errors.ts';
import { logSumExp } from '../../../src/engine/distribution.ts';
import { sampleSequences, type FinishedSequence, type SequenceRequest } from '../../../src/engine/generate.ts';
import { prefill } from '../../../src/engine/prefill.ts';
import { scoreSequences } from '../../../src/engine/score.ts';
import { openTiny, type TinyModel } from '../support/tinyModel.ts';

const plain: Sampling = { n: 64, temperature: 1, topP: 1, topK: 0, maxTokens: 30 };
const never = new AbortController().signal;
const endToken = 0;

let tiny: TinyModel;
before(async () => { tiny = await openTiny(); });
after(async () => { await tiny.decoder.release(); });

function request(sampling: Partial<Sampling> = {}, source = 'the cat and the dog'): SequenceRequest {
  const full = { ...plain, ...sampling };
  const prompt = tiny.files.tokenizer.encode(`<|en|>${source}<|ja|>`);
  return { prompt, sampling: full, firstSample: 0, seed: 11, segmentKey: source, endTokens: new Set([endToken]), maxTokens: full.maxTokens };
}

async function sample(asked: SequenceRequest, maxRows = 64, signal = never): Promise<FinishedSequence[]> {
  const finished: FinishedSequence[] = [];
  await sampleSequences(tiny.decoder, asked, { onFinished: (one) => { finished.push(one); }, signal, now: () => 0, maxRows });
  return finished;
}

/** Tokens by sample number. */
function bySample(finished: readonly FinishedSequence[]): Map<number, string> {
  return new Map(finished.flatMap(({ samples, tokens, finish }) => samples.map((number) => [number, `${tokens.join(' ')} ${finish}`] as const)));
}

/** log P of each next token by running the whole sequence through, without any cache. */
async function naiveLogProb(prompt: readonly number[], tokens: readonly number[]): Promise<number> {
  const { decoder } = tiny;
  decoder.cache.clear();
  const logits = await decoder.forward([...prompt, ...tokens], prompt.length + tokens.length);
  return tokens.reduce((sum, token, at) => {
    const start = (prompt.length - 1 + at) * decoder.vocabSize;
    const row = logits.slice(start, start + decoder.vocabSize);
    return sum + (row[token] ?? Number.NaN) - logSumExp(row);
  }, 0);
}

describe('sampling', () => {
  for (const shape of [{}, { temperature: 0.5 }, { topK: 5 }, { topP: 0.8, temperature: 1.3 }]) {
    it(`gives the same samples at batch sizes 1, 3, 16 and 64: ${JSON.stringify(shape)}`, async () => {
      const asked = request(shape);
      const reference = bySample(await sample(asked, 64));
      assert.equal(reference.size, 64);
      for (const maxRows of [1, 3, 16]) assert.deepEqual(new Map([...bySample(await sample(asked, maxRows))].sort()), new Map([...reference].sort()));
    });
  }

  it('goes on where a smaller request has stopped', async () => {
    const whole = bySample(await sample(request({ n: 12 })));
    const [begun, rest] = [await sample(request({ n: 4 })), await sample({ ...request({ n: 8 }), firstSample: 4 })];
    assert.deepEqual(new Map([...bySample([...begun, ...rest])].sort()), new Map([...whole].sort()));
  });

  it('gives the first samples of a larger request for a smaller one', async () => {
    const many = bySample(await sample(request({ n: 40 })));
    const few = bySample(await sample(request({ n: 5 })));
    for (const [number, text] of few) assert.equal(text, many.get(number));
  });

  it('gives other samples for another seed or segment', async () => {
    const texts = async (asked: SequenceRequest): Promise<string> => [...bySample(await sample(asked))].sort().join('\n');
    const base = request();
    assert.notEqual(await texts(base), await texts({ ...base, seed: 12 }));
    assert.notEqual(await texts(base), await texts({ ...base, segmentKey: 'other' }));
  });

  it('delivers every sample once, some ended and some cut', async () => {
    const finished = await sample(request({ n: 300, maxTokens: 6 }));
    const numbers = finished.flatMap((one) => one.samples).sort((a, b) => a - b);
    assert.deepEqual(numbers, Array.from({ length: 300 }, (_, index) => index));
    const finishes = new Set(finished.map((one) => one.finish));
    assert.deepEqual([...finishes].sort(), ['length', 'stop']);
    assert.ok(finished.every((one) => one.tokens.length <= 6 && !one.tokens.includes(endToken)));
    assert.ok(finished.every((one) => one.finish === 'stop' || one.tokens.length === 6));
  });

  it('reports the log-probability that a plain pass without a cache gives, at any temperature', async () => {
    for (const shape of [{ n: 12 }, { n: 6, temperature: 0.4, topK: 8 }]) {
      const asked = request(shape);
      for (const { tokens, logProb, finish } of await sample(asked)) {
        const whole = finish === 'stop' ? [...tokens, endToken] : tokens;
        assert.ok(Math.abs(logProb - (await naiveLogProb(asked.prompt, whole))) < 1e-3);
      }
    }
  });

  it('is greedy at temperature 0 and computes N equal samples once', async () => {
    const [only, ...others] = await sample(request({ n: 9, temperature: 0 }));
    assert.equal(others.length, 0);
    assert.ok(only);
    assert.deepEqual(only.samples, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const asked = request();
    let sequence = [...asked.prompt];
    for (const token of only.tokens) {
      const logits = await prefill(tiny.decoder, sequence, never);
      assert.equal(logits.indexOf(Math.max(...logits)), token);
      sequence = [...sequence, token];
    }
  });

  it('runs a prompt in chunks as it does whole', async () => {
    const long = tiny.files.tokenizer.encode('the cat and the dog are in the rain '.repeat(3)).slice(0, 90);
    const whole = await prefill(tiny.decoder, long, never, 90);
    for (const size of [1, 7, 64]) {
      const inChunks = await prefill(tiny.decoder, long, never, size);
      inChunks.forEach((value, index) => { assert.ok(Math.abs(value - (whole[index] ?? Number.NaN)) < 1e-3); });
    }
  });

  it('stops between two steps when cancelled', async () => {
    const controller = new AbortController();
    let finished = 0;
    const run = sampleSequences(tiny.decoder, request({ n: 1024 }), {
      onFinished: () => { if (++finished === 3) controller.abort(); },
      signal: controller.signal, now: () => 0, maxRows: 4,
    });
    await assert.rejects(run, isAbort);
    assert.ok(finished < 1024);
  });
});

describe('scoring', () => {
  it('gives sampled sequences the log-probability that sampling reported, in any batch', async () => {
    const asked = request({ n: 80 });
    const finished = (await sample(asked)).filter((one) => one.finish === 'stop');
    const completions = finished.map((one) => [...one.tokens, endToken]);
    assert.ok(new Set(completions.map((one) => one.length)).size > 3, 'several lengths');
    const scores = await scoreSequences(tiny.decoder, asked.prompt, completions, never);
    scores.forEach((score, index) => { assert.ok(Math.abs(score - (finished[index]?.logProb ?? Number.NaN)) < 1e-3); });
  });

  it('scores a completion of the end token alone, and none at all', async () => {
    const asked = request();
    const [alone] = await scoreSequences(tiny.decoder, asked.prompt, [[endToken]], never);
    assert.ok(Math.abs((alone ?? Number.NaN) - (await naiveLogProb(asked.prompt, [endToken]))) < 1e-4);
    assert.deepEqual(await scoreSequences(tiny.decoder, asked.prompt, [], never), []);
  });
});
