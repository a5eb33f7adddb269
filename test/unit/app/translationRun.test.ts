import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultRun } from '../../../src/app/settings.ts';
import { TranslationRun } from '../../../src/app/translation/translationRun.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { ReviewAct, SegmentView } from '../../../src/protocol/review.ts';
import { FakeBackend } from '../support/fakeBackend.ts';
import { inProcess, openBench, threeCandidates, translate } from './support.ts';

describe('translation run', () => {
  it('keeps what was finished when the engine dies, and resumes with the rest', async () => {
    const bench = await openBench();
    let calls = 0;
    const dying = new FakeBackend((request) => {
      calls++;
      if (calls === 3) throw new AppError('engine.crashed', { detail: 'SIGKILL' });
      return threeCandidates(request);
    });
    const result = await translate(bench, dying);
    assert.deepEqual({ done: result.done, failed: result.failed }, { done: 3, failed: 1 });
    assert.equal(bench.session.views()[2]?.state, 'failed');
    assert.match(bench.session.views()[2]?.error?.message ?? '', /SIGKILL/u);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.equal(again.session.pending().length, 1);
    assert.equal((await translate(again)).done, 1);
  });

  it('takes the longest first where a server takes several, behind those that a reader comes to', async () => {
    const order = async (parallelism: number, ahead: number): Promise<readonly number[]> => {
      const bench = await openBench();
      const backend = new FakeBackend(threeCandidates, { parallelism });
      const context = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: 'none', version: '0.0.0' };
      const jobs = bench.session.pending();
      const place = new Map(jobs.map(({ ref }, index) => [ref.id, index]));
      await new TranslationRun(context, jobs, bench.session, ahead).run(new AbortController().signal);
      return backend.requests.map(({ segmentKey }) => place.get(segmentKey) ?? -1);
    };
    const lengths = (await openBench()).session.pending().map(({ segment }) => segment.source.length);
    const longest = (from: number): readonly number[] => lengths.map((_, index) => index).slice(from).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
    assert.notDeepEqual(longest(0), [...longest(0)].sort((a, b) => a - b));
    assert.deepEqual(await order(1, 0), lengths.map((_, index) => index));
    assert.deepEqual(await order(2, 0), longest(0));
    assert.deepEqual(await order(2, 2), [0, 1, ...longest(2)]);
  });

  it('stops at an error that every segment would meet, and names it', async () => {
    const bench = await openBench();
    const backend = new FakeBackend(() => { throw new AppError('backend.unreachable', { url: 'http://127.0.0.1:1', reason: 'refused' }); });
    const result = await translate(bench, backend);
    assert.equal(result.error?.code, 'backend.unreachable');
    assert.equal(backend.requests.length, 1);
  });

  it('stops when the disk is full and keeps the candidates on screen', async () => {
    const bench = await openBench();
    bench.fs.room = 0;
    const result = await translate(bench);
    assert.equal(result.error?.code, 'store.diskFull');
    assert.equal(bench.session.views()[0]?.candidates.length, 3);
  });

  it('leaves nothing half done after a cancel', async () => {
    const bench = await openBench();
    const cancel = new AbortController();
    let calls = 0;
    const result = await translate(bench, new FakeBackend((request) => {
      calls++;
      if (calls === 2) cancel.abort();
      return threeCandidates(request);
    }), cancel.signal);
    bench.session.setPhase('cancelled');
    assert.ok(result.cancelled);
    assert.deepEqual(bench.session.views().map(({ state }) => state), ['ready', 'waiting', 'waiting', 'waiting']);
    assert.equal(bench.session.progress.phase, 'cancelled');
  });

  it('marks a candidate that lost a placeholder and ranks it last', async () => {
    const fs = (await openBench()).fs;
    await fs.writeAtomic('/ws/letter.en.md', Buffer.from('Press `Enter` now.\n'));
    const bench = await openBench({ fs });
    await translate(bench, new FakeBackend(() => ['今すぐ押して。', '今すぐ押して。', '今⟦1⟧を押して。']));
    const candidates = bench.session.views()[0]?.candidates ?? [];
    assert.deepEqual(candidates.map(({ candidate }) => candidate.text), ['今`Enter`を押して。', '今すぐ押して。']);
    assert.equal(candidates[1]?.candidate.issues?.[0]?.kind, 'placeholderMissing');
  });

  it('leaves out white space around a candidate: what stands around a segment belongs to the document', async () => {
    const bench = await openBench();
    await translate(bench, new FakeBackend(() => [' やあ', 'やあ\n', 'やあ']));
    assert.deepEqual(bench.session.views()[0]?.candidates.map(({ candidate }) => [candidate.text, candidate.count]), [['やあ', 3]]);
  });

  it('sends masked text and tells the first candidate before the set is complete', async () => {
    const fs = (await openBench()).fs;
    await fs.writeAtomic('/ws/letter.en.md', Buffer.from('Press `Enter` now.\n'));
    const bench = await openBench({ fs });
    const backend = new FakeBackend(() => ['⟦1⟧を押す', '⟦1⟧を押して']);
    await translate(bench, backend);
    assert.equal(backend.requests[0]?.source, 'Press ⟦1⟧ now.');
    const first = bench.views.find((view) => view.candidates.length > 0);
    assert.equal(first?.state, 'translating');
    assert.equal(first.candidates.length, 1);
  });
});

describe('acts when the store fails', () => {
  it('records nothing on a full disk, says so, and can be repeated', async () => {
    const bench = await openBench();
    await translate(bench);
    const view = bench.session.views()[0];
    const hash = view?.candidates[0]?.hash;
    assert.ok(view !== undefined && hash !== undefined);
    const params = { segment: view.id, order: [hash], elapsedMs: 1, what: { act: 'accept', candidate: hash } } as const;
    bench.fs.room = 0;
    await assert.rejects(bench.session.act(params), (error) => error instanceof AppError && error.code === 'store.diskFull');
    assert.equal(bench.session.views()[0]?.review, 'unreviewed');
    bench.fs.room = Number.POSITIVE_INFINITY;
    assert.equal((await bench.session.act(params)).review, 'accepted');
  });

  it('refuses a text with which the file could not be opened again, before anything is recorded', async () => {
    const bench = await openBench();
    await translate(bench, new FakeBackend(() => ['や\0あ', '\u001b[31mやあ']));
    const [view] = bench.session.views();
    const hashes = view?.candidates.map(({ hash }) => hash) ?? [];
    const act = (what: ReviewAct): Promise<SegmentView> => bench.session.act({ segment: view?.id ?? '', order: hashes, elapsedMs: 1, what });
    const refused = { code: 'document.cannotHold', data: { path: 'letter.en.md', characters: 'U+0000' } };
    const nul = view?.candidates.find(({ candidate }) => candidate.text.includes('\0'))?.hash ?? '';
    await assert.rejects(act({ act: 'accept', candidate: nul }), refused);
    await assert.rejects(act({ act: 'edit', text: 'a\0' }), refused);
    assert.deepEqual([bench.fs.find('/judgments/'), await bench.fs.read('/ws/letter.ja.md')], [[], undefined]);
    const other = hashes.find((hash) => hash !== nul) ?? '';
    await assert.rejects(act({ act: 'accept', candidate: other }), { code: 'candidate.broken' }, 'nobody sees what it holds');
    assert.equal((await act({ act: 'edit', text: '\u001b[31mやあ' })).review, 'edited');
    assert.equal((await openBench({ fs: bench.fs, writer: 'w2' })).session.views()[0]?.accepted, '\u001b[31mやあ');
  });

  it('keeps the judgment when only the document cannot be written', async () => {
    const bench = await openBench();
    await translate(bench);
    const view = bench.session.views()[0];
    const hash = view?.candidates[0]?.hash;
    assert.ok(view !== undefined && hash !== undefined);
    await bench.fs.writeAtomic('/ws/letter.ja.md', Buffer.from([0xff, 0xfe, 0xff]));
    await assert.rejects(bench.session.act({ segment: view.id, order: [hash], elapsedMs: 1, what: { act: 'accept', candidate: hash } }));
    bench.fs.files.delete('/ws/letter.ja.md');
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.equal(again.session.views()[0]?.review, 'accepted');
  });
});
