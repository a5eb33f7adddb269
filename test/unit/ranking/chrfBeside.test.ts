import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ComputeHandlers } from '../../../src/app/computeHandlers.ts';
import { asInterim } from '../../../src/core/ranking/chrfBeside.ts';
import { rankWithChrf } from '../../../src/core/ranking/rankCandidates.ts';
import { candidate, chrfSettings } from './support.ts';

const context = { signal: new AbortController().signal };
const given = [candidate('abcdef', { count: 2 }), candidate('abcdeg'), candidate('xyz')];
const texts = given.map(({ text }) => text);
/** A fake model that likes the odd one out. */
const utilities = { texts, matrix: { rows: 3, cols: 3, data: Float32Array.of(0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.9, 0.9, 0.9) } };
const ask = { source: 'x', languages: { source: 'xx', target: 'yy' }, candidates: given };

describe('chrF beside a ranking by a model', () => {
  it('is the score that chrF alone gives, and does not order', async () => {
    const ranked = await new ComputeHandlers('0').rank({ ...ask, settings: { ...chrfSettings, utility: 'comet', model: 'tiny@1' }, utilities }, context);
    assert.deepEqual(ranked.map(({ text }) => text), ['xyz', 'abcdeg', 'abcdef']);
    const alone = new Map(rankWithChrf(given, chrfSettings).map(({ text, scores }) => [text, scores.mbr]));
    for (const { text, scores } of ranked) assert.ok(Math.abs((scores.chrf ?? NaN) - (alone.get(text) ?? NaN)) < 1e-6, text);
  });

  it('is gone when chrF ranks itself', async () => {
    const handlers = new ComputeHandlers('0');
    const byModel = await handlers.rank({ ...ask, settings: { ...chrfSettings, utility: 'comet' }, utilities }, context);
    const byChrf = await handlers.rank({ ...ask, candidates: byModel, settings: chrfSettings }, context);
    assert.deepEqual(byChrf.map(({ scores }) => scores.chrf), [undefined, undefined, undefined]);
    assert.equal(byChrf[0]?.text, 'abcdef');
  });

  it('stands in until the model has scored, under its own name', () => {
    const [first] = asInterim(rankWithChrf(given, { ...chrfSettings, utility: 'chrf' }));
    assert.equal(first?.scores.mbr, undefined);
    assert.ok((first?.scores.chrf ?? 0) > 0.5);
    assert.equal(first?.rank, 1);
  });
});
