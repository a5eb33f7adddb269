/** What is held out for the gate reaches nothing that a model learns from or is shown. The translation memory has a test of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { heldOutSources, sourceKey } from '../../../../src/app/memory/heldOutSources.ts';
import { prepareJob } from '../../../../src/app/training/prepareJob.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { openWorkspaceStore } from '../../../../src/store/workspaceStore.ts';
import type { TextPair } from '../../../../src/core/prompting/context.ts';
import { FakeFileSystem, fakeParts } from '../../store/support/memoryFileSystem.ts';
import { inProcess, openFile, translate } from '../support.ts';

const words = 'river stone window garden letter morning train bridge paper music winter doctor'.split(' ');
const sources = Array.from({ length: 80 }, (_, index) => `The ${words[index % 12] ?? ''} and the ${words[(index * 5 + 1) % 12] ?? ''} number ${index.toString()} are here.`);
const lines = (rows: readonly object[]): Buffer => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const pairs = (of: readonly string[]): Buffer => lines(of.map((source) => ({ prompt: source, chosen: `${source}良`, rejected: `${source}悪`, source, document: 'a.md', bc: 1 })));

async function held(): Promise<{ readonly fs: FakeFileSystem; readonly isHeldOut: (source: string) => boolean }> {
  const fs = new FakeFileSystem();
  await fs.writeAtomic('/base/config.json', Buffer.from('{}'));
  await fs.writeAtomic('/data/pairs.jsonl', pairs(sources));
  await fs.writeAtomic('/data/references.jsonl', lines([{ source: 'A sentence with a reference.', reference: '訳' }]));
  await prepareJob(fs, { stage: 'cpo', data: '/data', base: '/base', out: '/ws/.interlinear/jobs/first' });
  return { fs, isHeldOut: await openWorkspaceStore('/ws', fakeParts(fs)).heldOut.read() };
}

describe('what is held out', () => {
  it('is kept with the workspace, whatever becomes of the job', async () => {
    const { fs, isHeldOut } = await held();
    const kept = sources.filter(isHeldOut);
    assert.ok(kept.length >= 30 && kept.length <= 40, `${kept.length}`);
    assert.ok(isHeldOut('a  SENTENCE with a reference.') && !isHeldOut('Something else.'));
    await fs.remove('/ws/.interlinear/jobs');
    const again = await openWorkspaceStore('/ws', fakeParts(fs)).heldOut.read();
    assert.deepEqual(sources.filter(again), kept);
    const inMemory = await heldOutSources(fs, '/ws');
    assert.deepEqual(sources.filter((source) => inMemory.has(sourceKey(source))), kept);
  });

  it('reaches no later training and no replay, though the data is another', async () => {
    const { fs, isHeldOut } = await held();
    const fresh = Array.from({ length: 60 }, (_, index) => `Another ${words[index % 12] ?? ''} of another story, ${index.toString()} in all.`);
    await fs.writeAtomic('/more/pairs.jsonl', pairs([...sources, ...fresh]));
    await fs.writeAtomic('/more/replay.jsonl', lines(sources.map((source) => ({ prompt: source, completion: '訳', source }))));
    await prepareJob(fs, { stage: 'cpo', data: '/more', base: '/base', out: '/ws/.interlinear/jobs/second' });
    await fs.writeAtomic('/sft/sft.jsonl', lines(sources.map((source) => ({ prompt: source, completion: '訳', source }))));
    await prepareJob(fs, { stage: 'sft', data: '/sft', base: '/base', out: '/ws/.interlinear/jobs/third' });
    for (const name of ['second/rows.jsonl', 'second/replay.jsonl', 'third/rows.jsonl']) {
      const text = new TextDecoder().decode(await fs.read(`/ws/.interlinear/jobs/${name}`));
      const used = text.trimEnd().split('\n').map((line) => (JSON.parse(line) as { readonly source: string }).source); // written above
      assert.ok(used.length >= 20 && !used.some(isHeldOut), name);
    }
  });

  it('reaches neither the prompts of later segments nor the aligner', async () => {
    const { fs, isHeldOut } = await held();
    const known = [...sources.filter(isHeldOut).slice(0, 3), ...sources.filter((source) => !isHeldOut(source)).slice(0, 3)];
    await fs.writeAtomic('/ws/story.en.md', Buffer.from(`${known.join('\n\n')}\n\nThe last one.\n`));
    let refined: readonly TextPair[] = [];
    const bench = await openFile(fs, 'story.en.md', 'story.ja.md', { compute: { ...inProcess, refine: (given) => { refined = given; return Promise.resolve(''); } } });
    await translate(bench);
    await bench.session.refineAligner();
    const shown = [...bench.session.earlier(bench.session.views().at(-1)?.id ?? '')].reverse();
    const open = known.slice(3);
    assert.deepEqual([...new Set(shown.map(({ source }) => source))], open);
    assert.deepEqual([...new Set(refined.map(({ source }) => source))], [...open, 'The last one.']);
  });

  it('is settled when a document is opened, before anybody judges, and stays when it is opened again', async () => {
    const fs = new FakeFileSystem();
    await fs.writeAtomic('/ws/story.en.md', Buffer.from(sources.join('\n\n')));
    const first = await openFile(fs, 'story.en.md', 'story.ja.md');
    const isHeldOut = await first.store.heldOut.read();
    const kept = sources.filter(isHeldOut);
    assert.equal(kept.length, 20);
    assert.deepEqual([...(await first.store.heldOut.intakes()).values()].map(({ document, sources: count }) => [document, count]), [['story.en.md', 80]]);
    const text = fs.text('/ws/.interlinear/heldout.jsonl');
    await openFile(fs, 'story.en.md', 'story.ja.md', { writer: 'w2' });
    assert.equal(fs.text('/ws/.interlinear/heldout.jsonl'), text);
    assert.equal(fs.text('/ws/.interlinear/intake.jsonl').split('\n').length, 2);
  });

  it('is judged blind in a session that is not', async () => {
    const fs = new FakeFileSystem();
    await fs.writeAtomic('/ws/story.en.md', Buffer.from(sources.join('\n\n')));
    const bench = await openFile(fs, 'story.en.md', 'story.ja.md');
    await translate(bench);
    const views = bench.session.views();
    const order = (view: (typeof views)[number]): readonly (number | undefined)[] => view.candidates.map(({ candidate }) => candidate.rank);
    const [held, open] = [views.filter(({ heldOut }) => heldOut === true), views.filter(({ heldOut }) => heldOut === undefined)];
    assert.equal(held.length, 20);
    assert.ok(open.every((view) => order(view).every((rank, index) => rank === index + 1)));
    assert.ok(held.some((view) => order(view)[0] !== 1));
    for (const view of [held[0], open[0]]) {
      assert.ok(view !== undefined);
      await bench.session.act({ segment: view.id, what: { act: 'accept', candidate: view.candidates[0]?.hash ?? '' }, order: view.candidates.map(({ hash }) => hash), elapsedMs: 1 });
    }
    assert.deepEqual((await bench.store.events()).map(({ shown }) => shown?.blind), [true, false]);
  });

  it('is nothing that was judged or trained on before the document came in, and nothing where the share is 0', async () => {
    const fs = new FakeFileSystem();
    const apart = sources.map((_, index) => `${words[index % 12] ?? ''}s${index.toString()} ${words[(index * 5 + 1) % 12] ?? ''}${(index * 7).toString()} of${(index * 3).toString()}.`);
    await fs.writeAtomic('/ws/few.en.md', Buffer.from(apart.slice(0, 40).join('\n\n')));
    const few = await openFile(fs, 'few.en.md', 'few.ja.md');
    await translate(few);
    for (const { id, candidates: [best] } of few.session.views()) await few.session.act({ segment: id, what: { act: 'accept', candidate: best?.hash ?? '' }, order: [], elapsedMs: 1 });
    await fs.writeAtomic('/ws/.interlinear/jobs/old/rows.jsonl', lines(apart.slice(40, 50).map((source) => ({ prompt: source, source }))));
    await fs.writeAtomic('/ws/all.en.md', Buffer.from(apart.join('\n\n')));
    await openFile(fs, 'all.en.md', 'all.ja.md', { heldOutShare: 0, writer: 'w2' });
    assert.equal((await few.store.heldOut.sources()).length, 0);
    await openFile(fs, 'all.en.md', 'all.ja.md', { writer: 'w3' });
    const kept = await few.store.heldOut.sources();
    assert.ok(kept.length > 0 && kept.every((source) => apart.indexOf(source) >= 50), `${kept.length}`);
  });

  it('does not keep a document from being opened where it cannot be written', async () => {
    const fs = new FakeFileSystem();
    await fs.writeAtomic('/ws/story.en.md', Buffer.from(sources.join('\n\n')));
    fs.append = () => Promise.reject(new AppError('store.unwritable', { path: '/ws/.interlinear/heldout.jsonl', reason: 'read-only' }));
    const { problems, session } = await openFile(fs, 'story.en.md', 'story.ja.md');
    assert.deepEqual([problems.map(({ code }) => code), session.total], [['store.unwritable'], 80]);
  });

  it('of a job outside a workspace stays with the job; a line that is no record is left out', async () => {
    const { fs } = await held();
    await prepareJob(fs, { stage: 'cpo', data: '/data', base: '/base', out: '/elsewhere/job' });
    assert.equal(await fs.stat('/elsewhere/heldout.jsonl'), undefined);
    await fs.append('/ws/.interlinear/heldout.jsonl', Buffer.from('{"source":1}\n{"sour'));
    const store = openWorkspaceStore('/ws', fakeParts(fs)).heldOut;
    assert.equal((await store.read())('A sentence with a reference.'), true);
    await assert.rejects(prepareJob(fs, { stage: 'cpo', data: '/none', base: '/base', out: '/ws/.interlinear/jobs/x' }), (error) => error instanceof AppError);
  });
});
