import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareServing } from '../../../../src/app/training/compareServing.ts';
import type { ScoreOutcome, ScoreRequest } from '../../../../src/backend/backend.ts';
import { AppError } from '../../../../src/core/errors.ts';
import type { PreflightReport } from '../../../../src/protocol/preflightReport.ts';
import { FakeBackend } from '../../support/fakeBackend.ts';

const never = new AbortController().signal;
const languages = [{ source: 'a', sourceLanguage: 'en', targetLanguage: 'ja' }, { source: 'b', sourceLanguage: 'en', targetLanguage: 'ja' }];
const scored = languages.map(({ source }) => ({ source, text: `${source}です`, promptIds: [1, 2], tokens: 3, logProb: -6, endLogProb: -0.5 }));
const report: PreflightReport = { problems: [], warnings: [], scored };

interface Told {
  readonly ids?: readonly number[];
  readonly score?: Omit<ScoreOutcome, 'promptHash'>;
}

class Server extends FakeBackend {
  readonly #answer: Told;

  constructor(answer: Told, name: string) {
    super(() => [], { name });
    this.#answer = answer;
  }

  promptIds(): Promise<readonly number[] | undefined> {
    return Promise.resolve(this.#answer.ids);
  }

  score(_request: ScoreRequest): Promise<ScoreOutcome> {
    const { score } = this.#answer;
    return score === undefined
      ? Promise.reject(new AppError('backend.cannot', { url: 'x', what: 'score texts', needs: 'vLLM' }))
      : Promise.resolve({ ...score, promptHash: 'x' });
  }
}

const compare = (answer: Told, name = 'http://127.0.0.1:8000'): ReturnType<typeof compareServing> => compareServing(report, new Server(answer, name), languages, never);

describe('trainer against the model that serves', () => {
  it('is the same where ids and scores are', async () => {
    const found = await compare({ ids: [1, 2], score: { logProbs: [-6.15], tokens: [3] } });
    assert.deepEqual({ ...found, largestGap: found.largestGap?.toFixed(3) }, { server: 'http://127.0.0.1:8000', model: found.model, texts: 2, otherPrompts: 0, otherTokens: 0, largestGap: '0.050', state: 'same' });
  });

  it('differs by a prompt, a number of tokens or more than 0.1 nats a token', async () => {
    assert.deepEqual(await compare({ ids: [1, 2, 2] }).then(({ state, otherPrompts }) => [state, otherPrompts]), ['differs', 2]);
    assert.deepEqual(await compare({ score: { logProbs: [-6], tokens: [4] } }).then(({ state, otherTokens }) => [state, otherTokens]), ['differs', 2]);
    assert.equal((await compare({ score: { logProbs: [-6.4], tokens: [3] } })).state, 'differs');
  });

  it('counts the end token where the engine does', async () => {
    assert.deepEqual(await compare({ score: { logProbs: [-6.5], tokens: [4] } }, 'embedded').then(({ state, largestGap }) => [state, largestGap]), ['same', 0]);
  });

  it('is unknown where the server tells nothing, or no row has a source', async () => {
    assert.equal((await compare({})).state, 'unknown');
    assert.equal((await compareServing(report, new Server({ ids: [1, 2] }, 'x'), [], never)).state, 'unknown');
  });
});
