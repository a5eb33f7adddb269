import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultRun } from '../../../../src/app/settings.ts';
import { adoptAdapter } from '../../../../src/app/training/adoptAdapter.ts';
import { gateAdapter, type OutputJudge } from '../../../../src/app/training/gateAdapter.ts';
import { gateJob, type StoredGate } from '../../../../src/app/training/gateJob.ts';
import { servedModelFolder } from '../../../../src/app/training/servedModel.ts';
import { Serving } from '../../../../src/app/training/serving.ts';
import type { ScoreOutcome, ScoreRequest } from '../../../../src/backend/backend.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { rankWithChrf } from '../../../../src/core/ranking/rankCandidates.ts';
import { AdapterRegistry } from '../../../../src/jobs/adapterRegistry.ts';
import { nodeFileSystem } from '../../../../src/store/fileSystem.ts';
import { FakeBackend } from '../../support/fakeBackend.ts';

/** Scores a completion by whether it has the model's ending. */
class ScoringBackend extends FakeBackend {
  readonly #ending: string;

  constructor(ending: string, revision: string) {
    super(({ source }) => [`${source}${ending}`, `${source}${ending}`, `${source}。`], { revision, model: `starter+${revision}` });
    this.#ending = ending;
  }

  score({ completions }: ScoreRequest): Promise<ScoreOutcome> {
    return Promise.resolve({ logProbs: completions.map((text) => (text.endsWith(this.#ending) ? -1 : -4) * text.length), tokens: completions.map((text) => text.length), promptHash: 'x' });
  }
}

const serving = (ending: string, revision: string): Serving => new Serving({
  backend: new ScoringBackend(ending, revision), settings: defaultRun,
  compute: { rank: ({ candidates, settings }) => Promise.resolve(rankWithChrf(candidates, settings)) },
});

const judge: OutputJudge = {
  kind: 'rule', name: 'ます wins',
  compare: (_source, old, fresh) => (old.endsWith('ます') === fresh.endsWith('ます') ? 'tie' : fresh.endsWith('ます') ? 'new' : 'old'),
};

describe('a server that cannot score texts', () => {
  it('is gated on all else, and the report says why there is no pair accuracy', async () => {
    class Unscoring extends FakeBackend {
      score(): Promise<ScoreOutcome> {
        return Promise.reject(new AppError('backend.cannot', { url: 'http://127.0.0.1:1', what: 'score texts', needs: 'vLLM or SGLang' }));
      }
    }
    const of = (revision: string): Serving => new Serving({ backend: new Unscoring(({ source }) => [`${source}${revision}`], { revision }), settings: defaultRun, compute: { rank: ({ candidates, settings }) => Promise.resolve(rankWithChrf(candidates, settings)) } });
    const heldOut = { pairs: [{ source: '雨', chosen: 'a', rejected: 'b', sourceLanguage: 'en', targetLanguage: 'ja' }], references: [] };
    const { decision, outputs } = await gateAdapter({ before: of('a'), after: of('b'), heldOut }, new AbortController().signal);
    assert.deepEqual(outputs.map(({ after }) => after), ['雨b']);
    assert.deepEqual(decision.checks.find(({ name }) => name === 'pairAccuracy'), { name: 'pairAccuracy', state: 'notApplicable', remark: { key: 'cannotScore', values: { pairs: 1 } } });
  });
});

describe('chrF of several seeds', () => {
  it('is taken over all of them for sources with a reference, and everything else over the first', async () => {
    const seeds: number[] = [];
    /** Writes the reference with an even seed and nothing of it with an odd one. */
    class Seeded extends FakeBackend {
      override generate(...[request, onText, signal]: Parameters<FakeBackend['generate']>): ReturnType<FakeBackend['generate']> {
        seeds.push(request.seed);
        return super.generate({ ...request, source: request.seed % 2 === 0 ? request.source : 'xyz' }, onText, signal);
      }
    }
    const of = (revision: string): Serving => new Serving({ backend: new Seeded(({ source }) => [source], { revision }), settings: { ...defaultRun, seed: 8 }, compute: { rank: ({ candidates, settings }) => Promise.resolve(rankWithChrf(candidates, settings)) } });
    const languages = { sourceLanguage: 'en', targetLanguage: 'ja' };
    const references = ['猫が好きだ', '犬が来た'].map((text) => ({ source: text, reference: text, ...languages }));
    let progress: readonly number[] = [];
    const report = await gateAdapter({
      before: of('a'), after: of('b'), heldOut: { pairs: [{ source: '雨', chosen: 'a', rejected: 'b', ...languages }], references }, draws: 2,
      onProgress: (...now) => { progress = now; },
    }, new AbortController().signal);
    assert.deepEqual(seeds, [8, 8, 8, 8, 8, 8, 9, 9, 9, 9]);
    assert.deepEqual(progress, [10, 10]);
    const { chrf } = report.measured;
    assert.ok(chrf !== undefined && chrf.n === 2 && chrf.before > 30 && chrf.before < 70, JSON.stringify(chrf));
    assert.deepEqual(report.outputs.map(({ before }) => before), ['猫が好きだ', '犬が来た', '雨']);
  });
});

describe('gate, adoption and roll back of a job', () => {
  let folder = '';
  const job = (): string => join(folder, 'job');
  const write = (path: string, value: unknown): Promise<void> => nodeFileSystem.writeAtomic(path, new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
  const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const gate = (judged: boolean): Promise<StoredGate> => gateJob({
    fs: nodeFileSystem, workspace: folder, job: job(), before: serving('る', 'base'), after: serving('ます', 'new1'), at: 'now', ...(judged && { judge }),
  }, new AbortController().signal);
  const adopt = (because?: string): ReturnType<typeof adoptAdapter> =>
    adoptAdapter({ fs: nodeFileSystem, workspace: folder, job: job(), at: 'now', id: 'id', ...(because !== undefined && { because }) });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gate-'));
    await nodeFileSystem.makeFolder(join(job(), 'model'));
    const sources = Array.from({ length: 320 }, (_, index) => `文${index}`);
    await write(join(job(), 'heldout.jsonl'), lines(sources.map((source) => ({ source, chosen: `${source}ます`, rejected: `${source}る` }))));
    await write(join(job(), 'references.jsonl'), lines(sources.slice(0, 50).map((source, index) => ({ source, reference: `${source}ます`, preferred: index % 2 === 0 }))));
    await write(join(job(), 'model', 'manifest.json'), { name: 'starter+job', revision: 'new1', parent: { name: 'starter', revision: 'base' } });
    await write(join(job(), 'model', 'model_q8.onnx'), 'weights');
  });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  it('is not evaluated without a judge, and then nothing is adopted without a reason', async () => {
    const report = await gate(false);
    assert.equal(report.decision.outcome, 'notEvaluated');
    await assert.rejects(adopt(), (error) => error instanceof AppError && error.code === 'adapter.notPassed');
    assert.equal((await new AdapterRegistry(folder, nodeFileSystem).records()).length, 0);
  });

  it('passes when the new model wins, with every measure and the count of uses', async () => {
    const report = await gate(true);
    assert.equal(report.decision.outcome, 'passed');
    assert.equal(report.heldOutUses, 2);
    const { winRate, accuracy, chrf, chrfPreferred, diversity } = report.measured;
    assert.deepEqual([winRate?.result.wins, winRate?.result.n], [320, 320]);
    assert.deepEqual([accuracy?.before, accuracy?.after, accuracy?.pairs], [0, 1, 320]);
    assert.ok((chrf?.change ?? 0) > 0 && chrf?.n === 50 && chrfPreferred?.n === 25);
    assert.deepEqual([diversity?.before, diversity?.after], [2, 2]);
    assert.ok((diversity?.selfChrf?.before ?? 0) > 0 && (diversity?.selfChrf?.before ?? 1) < 1);
  });

  it('is adopted by one line, serves, and is rolled back; a deleted model is named', async () => {
    const record = await adopt();
    assert.deepEqual([record.gate.outcome, record.gate.judge], ['passed', 'ます wins']);
    const served = await servedModelFolder(nodeFileSystem, folder, '/starter');
    assert.equal(new TextDecoder().decode(await nodeFileSystem.read(join(served, 'model_q8.onnx'))), 'weights');
    await rm(served, { recursive: true });
    await assert.rejects(servedModelFolder(nodeFileSystem, folder, '/starter'), (error) => error instanceof AppError && error.code === 'adapter.missing');
    await new AdapterRegistry(folder, nodeFileSystem).rollBack('r', 'now');
    assert.equal(await servedModelFolder(nodeFileSystem, folder, '/starter'), '/starter');
  });

  it('of another training in the same folder does not count', async () => {
    await write(join(job(), 'model', 'manifest.json'), { name: 'starter+job', revision: 'new2', parent: { name: 'starter', revision: 'base' } });
    await assert.rejects(adopt(), (error) => error instanceof AppError && error.code === 'adapter.notPassed');
    assert.equal((await adopt('tried by hand')).because, 'tried by hand');
  });

  it('without held-out data says so', async () => {
    await write(join(job(), 'heldout.jsonl'), '');
    await write(join(job(), 'references.jsonl'), '');
    await assert.rejects(gate(true), (error) => error instanceof AppError && error.code === 'gate.nothingHeldOut');
  });
});
