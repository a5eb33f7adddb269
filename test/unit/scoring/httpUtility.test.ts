import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Computing } from '../../../src/app/compute.ts';
import { ComputeHandlers } from '../../../src/app/computeHandlers.ts';
import { Rankers } from '../../../src/app/ranking/rankers.ts';
import { defaultRanking } from '../../../src/app/settings.ts';
import type { EngineUser } from '../../../src/protocol/engine.ts';
import { HttpUtility } from '../../../src/scoring/httpUtility.ts';
import { inProcess } from '../app/support.ts';

const { signal } = new AbortController();
const worker = new ComputeHandlers('0');
/** Ranks as the compute worker does. */
const computing: Computing = { ...inProcess, rank: (params) => worker.rank(params, { signal }) };
const noEngine: EngineUser = { use: () => Promise.reject(new Error('no engine is asked')) };

interface Asked {
  readonly source: string;
  readonly hypotheses: readonly string[];
  readonly references: readonly string[];
}

describe('a utility behind an endpoint', () => {
  let server: Server;
  let url: string;
  /** What the server answers; it is a fake of an endpoint, over real HTTP. */
  let answer: (asked: Asked) => { readonly status?: number; readonly body: string };
  const longest = ({ hypotheses, references }: Asked): { readonly body: string } => ({
    body: JSON.stringify({ name: 'length', revision: '2', licence: 'MIT', scores: hypotheses.map((text) => references.map(() => text === '' ? null : text.length / 100)) }),
  });
  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status = 200, body } = answer(JSON.parse(Buffer.concat(chunks).toString()) as Asked); // sent by the utility
        response.writeHead(status).end(body);
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/utility`; // it listens on a port
  });
  after(() => { server.close(); });

  it('ranks, by its name and revision, and what has no number is marked', async () => {
    answer = longest;
    const rankers = new Rankers(computing, { engine: noEngine });
    const { settings, model } = await rankers.prepare({ ...defaultRanking, utility: 'http' }, { http: url }, signal);
    assert.deepEqual([settings.model, model?.licence], ['length@2', 'MIT']);
    const candidates = ['aa', 'aaaa', ''].map((text) => ({ text, count: 1, origin: 'm', scores: {} }));
    const ranked = await rankers.rank({ source: 's', languages: { source: 'en', target: 'ja' }, candidates, settings });
    assert.deepEqual(ranked.map(({ text }) => text), ['aaaa', 'aa', '']);
    assert.deepEqual(ranked.at(-1)?.issues?.map(({ kind }) => kind), ['notScored']);
    assert.ok(Math.abs((ranked[0]?.scores.mbr ?? 0) - 0.04) < 1e-6 && ranked[0]?.scores.chrf !== undefined, 'chrF stands beside it');
  });

  it('gives way to chrF where it does not answer, and says why', async () => {
    const rankers = new Rankers(inProcess, { engine: noEngine });
    const found = async (http: string | undefined): Promise<string | undefined> => (await rankers.prepare({ ...defaultRanking, utility: 'http' }, { http }, signal)).fallback?.code;
    assert.equal(await found(undefined), 'ranking.noModel');
    assert.equal(await found('http://127.0.0.1:9/'), 'backend.unreachable');
    answer = () => ({ status: 503, body: 'loading' });
    assert.equal(await found(url), 'backend.refused');
    answer = () => ({ body: '{"scores": 1}' });
    assert.equal(await found(url), 'ranking.badAnswer');
  });

  it('refuses scores of another shape, and is cancelled', async () => {
    const utility = new HttpUtility({ url, fetch });
    answer = () => ({ body: '{"name": "x", "scores": [[1]]}' });
    await assert.rejects(utility.pairwise({ source: '', hypotheses: ['a', 'b'], references: ['a', 'b'] }, signal), { code: 'ranking.badAnswer' });
    await assert.rejects(utility.load(AbortSignal.abort()), { name: 'AbortError' });
  });
});
