import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rankers } from '../../../src/app/ranking/rankers.ts';
import { defaultRanking } from '../../../src/app/settings.ts';
import type { Candidate } from '../../../src/core/candidate.ts';
import type { EngineCaller, EngineUser } from '../../../src/protocol/engine.ts';
import { inProcess } from './support.ts';

const { signal } = new AbortController();
const settings = { ...defaultRanking, utility: 'cometkiwi' } as const;
const candidate = (text: string): Candidate => ({ text, count: 1, origin: 'm', scores: {} });
const three = ['雨だ。', '雨が降る。', '猫と犬。'].map(candidate);

/** A fake of the engine that knows one model, whose estimate of a text is in `estimates`; it counts the texts that it is asked about. */
class FakeEstimates implements EngineUser {
  asked = 0;

  constructor(readonly estimates: Readonly<Record<string, number>>) {}

  use<T>(task: (engine: EngineCaller) => Promise<T>): Promise<T> {
    const call = (name: string, params: { readonly texts?: readonly string[] }): Promise<unknown> => {
      if (name === 'loadScorer') return Promise.resolve({ handle: 1, kind: 'cometkiwi', name: 'kiwi', revision: 'r1', licence: 'CC-BY-NC-SA-4.0' });
      const texts = params.texts ?? [];
      this.asked += texts.length;
      return Promise.resolve({ scores: Float32Array.from(texts, (text) => this.estimates[text] ?? NaN), long: 0 });
    };
    return task({ call } as unknown as EngineCaller); // a fake of the two calls that are made
  }
}

async function ranked(engine: FakeEstimates, rankers = new Rankers(inProcess, { engine })): Promise<readonly Candidate[]> {
  const prepared = await rankers.prepare(settings, { cometkiwi: '/kiwi' }, signal);
  assert.equal(prepared.settings.model, 'kiwi@r1');
  return rankers.rank({ source: 'It rains.', languages: { source: 'en', target: 'ja' }, candidates: three, settings: prepared.settings });
}

describe('ranking by estimates of quality', () => {
  it('orders by the estimates and keeps MBR by chrF beside them', async () => {
    const found = await ranked(new FakeEstimates({ '雨だ。': 0.5, '雨が降る。': 0.4, '猫と犬。': 0.9 }));
    assert.deepEqual(found.map(({ text, rank }) => [text, rank]), [['猫と犬。', 1], ['雨だ。', 2], ['雨が降る。', 3]]);
    assert.ok(found.every(({ scores }) => scores.mbr !== undefined && scores.quality !== undefined));
  });

  it('marks what the model gives no number for, and ranks it last', async () => {
    const found = await ranked(new FakeEstimates({ '雨だ。': 0.5, '猫と犬。': 0.1 }));
    assert.equal(found.at(-1)?.text, '雨が降る。');
    assert.deepEqual(found.at(-1)?.issues?.map(({ kind }) => kind), ['notScored']);
  });

  it('estimates a text once', async () => {
    const engine = new FakeEstimates({ '雨だ。': 0.5, '雨が降る。': 0.4, '猫と犬。': 0.9 });
    const rankers = new Rankers(inProcess, { engine });
    await ranked(engine, rankers);
    await ranked(engine, rankers);
    assert.equal(engine.asked, 3);
  });

  it('gives way to chrF without a model, and says why', async () => {
    const rankers = new Rankers(inProcess, { engine: new FakeEstimates({}) });
    const { settings: prepared, fallback } = await rankers.prepare(settings, { comet: '/comet' }, signal);
    assert.deepEqual([prepared.utility, fallback?.code], ['chrf', 'ranking.noModel']);
    await assert.rejects(rankers.rank({ source: '', languages: { source: 'en', target: 'ja' }, candidates: three, settings }), /ranking\.noModel/u);
  });
});
