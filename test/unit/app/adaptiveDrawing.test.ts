import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultRun } from '../../../src/app/settings.ts';
import { TranslationRun } from '../../../src/app/translation/translationRun.ts';
import type { RunSettings } from '../../../src/app/settings.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench, type Bench } from './support.ts';

const settings: RunSettings = { ...defaultRun, candidates: 16, adaptive: 0.8 };

async function draw(text: (sample: number) => string, how: RunSettings = settings): Promise<{ readonly bench: Bench; readonly backend: FakeBackend }> {
  const bench = await openBench();
  const backend = new FakeBackend(({ sampling, firstSample = 0 }) => Array.from({ length: sampling.n }, (_, index) => text(firstSample + index)));
  const context = { backend, description: await backend.describe(), compute: inProcess, settings: how, aligner: 'none', version: '0.0.0' };
  await new TranslationRun(context, bench.session.pending().slice(0, 1), bench.session).run(new AbortController().signal);
  return { bench, backend };
}

describe('drawing until the pick is sure', () => {
  it('stops at the first look where all samples agree, and the set says how many there are', async () => {
    const { bench, backend } = await draw(() => 'same');
    assert.deepEqual(backend.requests.map(({ sampling, firstSample }) => [firstSample, sampling.n]), [[0, 4]]);
    const [view] = bench.session.views();
    assert.deepEqual(view?.drawn, { samples: 4, most: 16 });
    assert.deepEqual(bench.session.sets.any?.signature.adaptive, { first: 4, resamples: 200, confidence: 0.8, utility: 'chrf' });
    assert.equal(bench.session.sets.any.signature.sampling.n, 16);
  });

  it('draws on, never a sample twice, where they do not agree', async () => {
    const { bench, backend } = await draw((sample) => `${'abcdefghijklmnop'[sample] ?? ''}${String(sample)}`);
    assert.deepEqual(backend.requests.map(({ sampling, firstSample }) => [firstSample, sampling.n]), [[0, 4], [4, 4], [8, 8]]);
    assert.equal(bench.session.views()[0]?.candidates.length, 16);
  });

  it('draws all at once when it is off', async () => {
    const { bench, backend } = await draw(() => 'same', { ...settings, adaptive: 0 });
    assert.deepEqual(backend.requests.map(({ sampling }) => sampling.n), [16]);
    assert.equal(bench.session.views()[0]?.drawn, undefined);
    assert.equal(bench.session.sets.any?.signature.adaptive, undefined);
  });

  it('draws all that a reviewer asks for', async () => {
    const { bench } = await draw(() => 'same');
    const backend = new FakeBackend(({ sampling }) => new Array<string>(sampling.n).fill('more'));
    const context = { backend, description: await backend.describe(), compute: inProcess, settings, aligner: 'none', version: '0.0.0' };
    const job = bench.session.asking.job(bench.session.views()[0]?.id ?? '', {});
    await new TranslationRun(context, [job], bench.session).run(new AbortController().signal);
    assert.deepEqual(backend.requests.map(({ sampling }) => sampling.n), [16]);
  });
});
