import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Alignment, TokenPair } from '../../../src/core/alignment/aligner.ts';
import { spanRules, type SpanRule } from '../../../src/core/alignment/spanRules.ts';
import { AppError, isAbort } from '../../../src/core/errors.ts';
import { homeOf, windowsOf } from '../../../src/engine/aligner/windows.ts';
import { Binding, importOnnxruntime } from '../../../src/engine/binding.ts';
import { EngineService } from '../../../src/engine/service.ts';
import type { CallContext, Handlers } from '../../../src/protocol/channel.ts';
import type { Alignments, EngineContract, ScoreProgress } from '../../../src/protocol/engine.ts';

type Links = readonly (readonly [number, number])[];
type Scores = readonly (readonly number[])[];

interface Golden {
  readonly pairs: readonly { readonly source: string; readonly target: string; readonly source_words: readonly string[]; readonly target_words: readonly string[] }[];
  readonly awesome: readonly { readonly links: Links; readonly soft: Scores }[];
  readonly wspalign: readonly Readonly<Record<SpanRule, { readonly links: Links; readonly scores: Scores }>>[];
  readonly 'wspalign-xlmr': Golden['wspalign'];
}

const fixtures = fileURLToPath(new URL('../../fixtures/scorers', import.meta.url));
// Made by make_aligners.py beside it, with transformers' BERT and XLM-R.
const golden = JSON.parse(readFileSync(join(fixtures, 'aligners.json'), 'utf8')) as Golden;
const pairs = golden.pairs.map((pair): TokenPair => ({ source: pair.source_words, target: pair.target_words, texts: { source: pair.source, target: pair.target } }));

function context(signal = new AbortController().signal): CallContext<ScoreProgress> & { readonly seen: ScoreProgress[] } {
  const seen: ScoreProgress[] = [];
  return { signal, seen, progress: (value) => { seen.push(value); } };
}

async function loaded(name: string): Promise<{ handlers: Handlers<EngineContract>; model: number; licence: string }> {
  const handlers = new EngineService({ binding: new Binding(importOnnxruntime), version: '0', pid: 1, threads: 1, now: () => performance.now() }).handlers();
  const none = { signal: new AbortController().signal, progress: (): void => undefined };
  const { handle, licence } = await handlers.loadScorer({ folder: join(fixtures, name) }, none);
  return { handlers, model: handle, licence };
}

async function aligned(name: string, given: readonly TokenPair[], rule: SpanRule = 'average'): Promise<Alignments> {
  const { handlers, model } = await loaded(name);
  return handlers.align({ model, pairs: given, rule }, context());
}

function linksOf({ links }: Alignment): [number, number][] {
  return links.map(({ source, target }) => [source, target]);
}

function worst({ probabilities }: Alignment, wanted: Scores, scale = 1): number {
  return wanted.flat().reduce((most, score, cell) => Math.max(most, Math.abs(score * scale - (probabilities.data[cell] ?? NaN))), 0);
}

describe('the embedding aligner in the engine', () => {
  it('gives the links and soft scores that Python does, all pairs at once', async () => {
    const { alignments, windowed } = await aligned('awesome', pairs);
    assert.deepEqual(alignments.map(linksOf), golden.awesome.map(({ links }) => links));
    alignments.forEach((alignment, index) => {
      assert.ok(worst(alignment, golden.awesome[index]?.soft ?? []) < 1e-4, String(index));
    });
    assert.equal(windowed, 0);
  });

  it('reads a text that is longer than the encoder in windows, says so, and leaves no word out', async () => {
    const [pair] = pairs;
    assert.ok(pair !== undefined);
    const source = Array.from({ length: 40 }, () => pair.source).flat();
    const { alignments: [alignment], windowed } = await aligned('awesome', [{ source, target: pair.target }]);
    assert.equal(windowed, 1);
    assert.ok(alignment !== undefined);
    assert.deepEqual([alignment.probabilities.rows, alignment.probabilities.data.length], [160, 160 * 5]);
    assert.ok(alignment.probabilities.data.every((value) => value >= 0 && value <= 1));
    assert.ok(alignment.links.some(({ source: word }) => word >= 150));
  });

  it('has no link where a side has no word, and none for a word without subwords', async () => {
    const { alignments } = await aligned('awesome', [{ source: [], target: ['雨'] }, { source: ['Rain', '\u200b'], target: ['雨'] }]);
    assert.deepEqual(alignments[0]?.links, []);
    assert.ok(alignments[1]?.links.every(({ source }) => source === 0));
  });
});

describe('the span aligner in the engine', () => {
  for (const name of ['wspalign', 'wspalign-xlmr'] as const) {
    for (const rule of spanRules) {
      it(`gives the links and scores that Python does: ${name}, ${rule}`, async () => {
        const { alignments } = await aligned(name, pairs, rule);
        const wanted = golden[name].map((pair) => pair[rule]);
        assert.deepEqual(alignments.map(linksOf), wanted.map(({ links }) => links));
        const scale = rule === 'average' ? 1 : 0.5;
        alignments.forEach((alignment, index) => { assert.ok(worst(alignment, wanted[index]?.scores ?? [], scale) < 1e-4, String(index)); });
      });
    }
  }

  it('needs a pass for every word, tells of its progress, and stops when it is cancelled', async () => {
    const { handlers, model, licence } = await loaded('wspalign');
    assert.match(licence, /NC/u);
    const words = context();
    await handlers.align({ model, pairs: pairs.slice(0, 1) }, words);
    assert.deepEqual(words.seen.at(-1), { done: 9, total: 9 });
    const cancel = new AbortController();
    const many = Array.from({ length: 40 }, () => pairs).flat();
    const work = handlers.align({ model, pairs: many }, { signal: cancel.signal, progress: () => { cancel.abort(); } });
    await assert.rejects(Promise.resolve(work), isAbort);
  });

  it('asks a long text window by window and says so', async () => {
    const target = Array.from({ length: 30 }, () => '雨').join('');
    const pair = { source: ['Rain', '.'], target: [...target], texts: { source: 'Rain.', target } };
    const long = { ...pair, target: [...target, ...target, ...target], texts: { source: 'Rain.', target: target + target + target } };
    const { alignments: [alignment], windowed } = await aligned('wspalign', [long]);
    assert.equal(windowed, 1);
    assert.equal(alignment?.probabilities.cols, 90);
    assert.ok(alignment.probabilities.data.every((value) => value >= 0 && value <= 1));
  });

  it('is not asked for utilities', async () => {
    const { handlers, model } = await loaded('wspalign');
    await assert.rejects(async () => handlers.utilities({ model, source: '', texts: ['a'] }, context()), (error: unknown) => error instanceof AppError && error.code === 'input.invalid');
  });
});

describe('windows of a long text', () => {
  it('cover everything, and each item has its home where it stands deepest', () => {
    assert.deepEqual(windowsOf(5, 10), [{ from: 0, to: 5 }]);
    const windows = windowsOf(25, 10);
    assert.deepEqual(windows, [{ from: 0, to: 10 }, { from: 5, to: 15 }, { from: 10, to: 20 }, { from: 15, to: 25 }]);
    assert.deepEqual([0, 6, 8, 12, 24].map((item) => homeOf(windows, item)), [0, 0, 1, 1, 3]);
  });
});
