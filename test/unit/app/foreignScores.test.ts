import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultRun } from '../../../src/app/settings.ts';
import { translateSegment, type RunContext, type SegmentJob } from '../../../src/app/translation/translateSegment.ts';
import type { BackendDescription, ScoreOutcome, ScoreRequest } from '../../../src/backend/backend.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { MemoryMatch } from '../../../src/core/memory/unit.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates } from './support.ts';

const never = new AbortController().signal;
const match = (target: string): MemoryMatch => ({ kind: 'exact', score: 100, unit: { source: 'Hello', target, origin: 'old.tmx' } });

/** log P of one text; a thrown error is the backend's failure. */
type Scorer = (text: string) => number;

/** A fake: every text has two tokens. */
class ScoringBackend extends FakeBackend {
  readonly scored: ScoreRequest[] = [];
  readonly #scorer: Scorer;

  constructor(scorer: Scorer | undefined, description: Partial<BackendDescription>) {
    super(threeCandidates, { scoresTexts: scorer !== undefined, ...description });
    this.#scorer = scorer ?? (() => Number.NaN);
  }

  async score(request: ScoreRequest): Promise<ScoreOutcome> {
    this.scored.push(request);
    await Promise.resolve();
    const { completions } = request;
    return { logProbs: completions.map(this.#scorer), tokens: completions.map(() => 2), promptHash: 'fakehash' };
  }
}

/** The first segment, "Hello", with a teacher and two texts of the memory, one of which the model draws as well. */
async function scene(scorer: Scorer | undefined, more: Partial<RunContext> = {}, description: Partial<BackendDescription> = {}): Promise<{ run: RunContext; backend: ScoringBackend; job: SegmentJob; failures: unknown[] }> {
  const bench = await openBench();
  const backend = new ScoringBackend(scorer, description);
  const teacher = new FakeBackend(() => ['先生の訳'], { name: 'teacher', model: 'big-model' });
  const failures: unknown[] = [];
  const [job] = bench.session.pending();
  assert.ok(job !== undefined);
  const run: RunContext = {
    backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: '', version: '0',
    teachers: [{ backend: teacher, description: await teacher.describe() }],
    memory: { matches: () => Promise.resolve([match('やあ'), match('Hello一')]), examples: 0 },
    onScoringFailure: (error) => { failures.push(error); },
    ...more,
  };
  return { run, backend, job, failures };
}

const scoresOf = async ({ run, job }: { run: RunContext; job: SegmentJob }): Promise<Record<string, number | undefined>> =>
  Object.fromEntries((await translateSegment(run, job, () => undefined, never)).candidates.map(({ text, logProb }) => [text, logProb]));

describe('log P of what others wrote', () => {
  it('is asked of the model that translates, once a text that it did not draw', async () => {
    const found = await scene((text) => -text.length);
    assert.deepEqual(await scoresOf(found), { Hello一: undefined, Hello二: undefined, 別のHello: undefined, 先生の訳: -4, やあ: -2 });
    assert.deepEqual(found.backend.scored.map(({ completions }) => completions), [['先生の訳', 'やあ']]);
  });

  it('holds the prompt that was sampled from, and its parts', async () => {
    const brief = { register: 'polite' };
    const { run, backend, job } = await scene(() => -1, { settings: { ...defaultRun, brief } }, { parts: ['brief'] });
    await translateSegment(run, job, () => undefined, never);
    assert.deepEqual(backend.scored[0]?.context, backend.requests[0]?.context);
    assert.deepEqual(backend.scored[0]?.context, { brief });
  });

  it('asks with marks where the segment has protected spans', async () => {
    const { run, backend, job } = await scene(() => -1, { teachers: [], memory: { matches: () => Promise.resolve([{ ...match('`x` を押す'), unit: { source: 'Press `x`', target: '`x` を押す', origin: 'm' } }]), examples: 0 } });
    const segment = { ...job.segment, source: 'Press `x`', protectedSpans: [{ range: { start: 6, end: 9 }, kind: 'code' as const }] };
    const { candidates } = await translateSegment(run, { ...job, segment }, () => undefined, never);
    assert.deepEqual(backend.scored[0]?.completions, ['⟦1⟧ を押す']);
    assert.equal(candidates.find(({ memory }) => memory !== undefined)?.logProb, -1);
  });

  it('is not asked of a server that cannot tell, nor after a given beginning', async () => {
    for (const { run, backend, job } of [await scene(undefined), await scene(() => -1, {}, { parts: ['prefix'] })]) {
      const asked = run.description.scoresTexts ? { ...job, steering: { round: 1, prefix: 'や' } } : job;
      const { candidates } = await translateSegment(run, asked, () => undefined, never);
      assert.ok(candidates.some(({ teacher }) => teacher === true));
      assert.ok(candidates.every(({ logProb }) => logProb === undefined));
      assert.deepEqual(backend.scored, []);
    }
  });

  it('that cannot be had costs nothing but a word', async () => {
    const found = await scene(() => { throw new AppError('backend.refused', { url: 'http://s', status: 400, body: 'no prompt_logprobs' }); });
    assert.equal(Object.keys(await scoresOf(found)).length, 5);
    assert.equal(found.failures.length, 1);
  });
});
