import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../../src/core/errors.ts';
import type { Act } from '../../../src/core/judgment/events.ts';
import { openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { buildDraft, hashOf } from '../support/judgmentBuilders.ts';
import { FakeFileSystem, fakeParts } from './support/memoryFileSystem.ts';

const file = '/ws/.interlinear/judgments/anna/w1-2026-11-21.jsonl';
const comment = (text: string): Act => ({ act: 'comment', text });

async function written(texts: readonly string[], writer = 'w1'): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  const store = openWorkspaceStore('/ws', fakeParts(fs, writer));
  for (const text of texts) await store.record(buildDraft(comment(text)));
  return fs;
}

async function commentsIn(fs: FakeFileSystem): Promise<readonly string[]> {
  const { events } = await openWorkspaceStore('/ws', fakeParts(fs, 'reader')).journal();
  return events.flatMap((event) => event.act === 'comment' ? [event.text] : []);
}

describe('journal', () => {
  it('gives ids, numbers and times, one record a line with sorted keys', async () => {
    const fs = await written(['a', 'b']);
    const lines = fs.text(file).split('\n');
    assert.equal(lines.length, 3);
    assert.equal(lines[0], '{"act":"comment","at":"2026-11-21T08:00:01.000Z","document":"letter.en.md","id":"w1-1","reviewer":"anna",'
      + '"segment":"s1","sequence":1,"sourceLanguage":"en","targetLanguage":"ja","text":"a","writer":"w1"}');
    assert.equal(lines[2], '');
  });

  it('appends several records by one write, and none of them where the disk is full', async () => {
    const fs = await written(['a']);
    const store = openWorkspaceStore('/ws', fakeParts(fs, 'w2'));
    const drafts = ['b', 'c', 'd'].map((text) => buildDraft(comment(text)));
    const events = await store.recordAll('anna', drafts);
    assert.deepEqual(events.map(({ id }) => id), ['w2-1', 'w2-2', 'w2-3']);
    fs.room = 500;
    await assert.rejects(store.recordAll('anna', drafts), AppError);
    fs.room = Number.POSITIVE_INFINITY;
    assert.deepEqual(await store.recordAll('anna', []), []);
    assert.equal((await store.record(buildDraft(comment('e')))).id, 'w2-4');
    assert.deepEqual((await commentsIn(fs)).toSorted(), ['a', 'b', 'c', 'd', 'e']);
  });

  it('reads back any text', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), async (texts) => {
      assert.deepEqual(await commentsIn(await written(texts)), texts);
    }), { numRuns: 40 });
  });

  it('survives a crash at every byte of the last line', async () => {
    const whole = await written(['一行目', '雨が降る。\n"quoted"']);
    const bytes = whole.files.get(file) ?? new Uint8Array();
    const start = bytes.indexOf(0x0a) + 1;
    for (let cut = start; cut <= bytes.length; cut += 1) {
      const fs = new FakeFileSystem();
      await fs.append(file, bytes.slice(0, cut));
      const store = openWorkspaceStore('/ws', fakeParts(fs));
      const { events, problems } = await store.journal();
      const isWhole = cut >= bytes.length - 1;
      assert.equal(events.length, isWhole ? 2 : 1, `cut at ${String(cut)}`);
      const torn = problems.filter(({ kind }) => kind === 'torn');
      assert.equal(torn.length, isWhole || cut === start ? 0 : 1, `cut at ${String(cut)}`);
      await store.record(buildDraft(comment('after')));
      assert.deepEqual((await commentsIn(fs)).at(-1), 'after', `cut at ${String(cut)}`);
      assert.equal((await store.journal()).problems.length, 0, `cut at ${String(cut)}: repaired`);
    }
  });

  it('keeps a copy of a torn line and says so once as fresh', async () => {
    const fs = await written(['a']);
    const half = new TextEncoder().encode('{"act":"comm');
    await fs.append(file, half);
    const first = (await openWorkspaceStore('/ws', fakeParts(fs, 'r1')).journal()).problems;
    const second = (await openWorkspaceStore('/ws', fakeParts(fs, 'r2')).journal()).problems;
    assert.deepEqual([first, second].map(([problem]) => problem?.kind === 'torn' && [problem.line, problem.fresh]), [[2, true], [2, false]]);
    const [copy = ''] = fs.find('/quarantine/');
    assert.match(copy, /anna~w1-2026-11-21\.jsonl\.torn-[0-9a-f]{8}$/u);
    assert.deepEqual(fs.files.get(copy), half);
  });

  it('leaves damage to the reader who tells: work that only wants the judgments sets nothing aside', async () => {
    const fs = await written(['a']);
    await fs.append(file, new TextEncoder().encode('{"act":"comm'));
    const store = openWorkspaceStore('/ws', fakeParts(fs, 'silent'));
    assert.equal((await store.events()).length, 1);
    assert.deepEqual(fs.find('/quarantine/'), []);
    for (const reader of [store, openWorkspaceStore('/ws', fakeParts(fs, 'other'))]) {
      const [problem] = (await reader.journal()).problems;
      assert.equal(problem?.kind === 'torn' && problem.fresh, reader === store);
    }
  });

  it('sets garbage in the middle aside, with file and line, and keeps its neighbours', async () => {
    const fs = await written(['a', 'b', 'c']);
    const lines = fs.text(file).split('\n');
    const damaged = [lines[0], '<<<<<<< HEAD', lines[1], '{"act":"fly"}', `\0\0\0`, '', lines[2], ''].join('\r\n');
    await fs.writeAtomic(file, Uint8Array.from([...new TextEncoder().encode(damaged), 0xff, 0xfe, 0x0a]));
    const { events, problems } = await openWorkspaceStore('/ws', fakeParts(fs, 'reader')).journal();
    assert.deepEqual(events.map(({ id }) => id), ['w1-1', 'w1-2', 'w1-3']);
    assert.deepEqual(
      problems.map((problem) => problem.kind === 'garbage' && [problem.path, problem.line]),
      [2, 4, 5, 8].map((line) => ['.interlinear/judgments/anna/w1-2026-11-21.jsonl', line]),
    );
    assert.equal(fs.find('/quarantine/').length, 4);
  });

  it('counts a record that a merge repeated once, and reports numbers that are missing', async () => {
    const fs = await written(['a', 'b', 'c', 'd']);
    const [one = '', , , four = ''] = fs.text(file).split('\n');
    await fs.writeAtomic(file, new TextEncoder().encode(`${four}\n${one}\n${four}\n`));
    const { events, problems } = await openWorkspaceStore('/ws', fakeParts(fs, 'reader')).journal();
    assert.deepEqual(events.map(({ sequence }) => sequence), [1, 4]);
    assert.deepEqual(problems, [{ kind: 'gap', writer: 'w1', reviewer: 'anna', missing: [2, 3] }]);
  });

  it('reads the same from any union of clones: lines in any order, any file, any number of times', async () => {
    const first = await written(['a', 'b', 'c']);
    const second = await written(['d', 'e'], 'w2');
    const lines = [first, second].flatMap((fs) => fs.find('/judgments/').flatMap((path) => fs.text(path).trim().split('\n')));
    const merged = fc.array(fc.tuple(fc.nat(lines.length - 1), fc.constantFrom('anna/x', 'anna/y', 'bo/x')), { maxLength: 8 });
    await fc.assert(fc.asyncProperty(merged, fc.constantFrom('anna/x', 'bo/z'), async (extra, home) => {
      const fs = new FakeFileSystem();
      const all = [...extra, ...lines.map((_, index) => [index, home] as const)];
      for (const [index, name] of all) await fs.append(`/ws/.interlinear/judgments/${name}.jsonl`, new TextEncoder().encode(`${lines[index] ?? ''}\n`));
      const { events, problems } = await openWorkspaceStore('/ws', fakeParts(fs, 'reader')).journal();
      assert.deepEqual([events.map(({ id }) => id), problems], [['w1-1', 'w2-1', 'w1-2', 'w2-2', 'w1-3'], []]);
    }), { numRuns: 100 });
  });

  it('reports two different records of one id and uses the same one everywhere', async () => {
    const fs = await written(['a']);
    const changed = fs.text(file).replace('"text":"a"', '"text":"b"');
    await fs.writeAtomic('/ws/.interlinear/judgments/zoe/copy.jsonl', new TextEncoder().encode(changed));
    const { events, problems } = await openWorkspaceStore('/ws', fakeParts(fs, 'reader')).journal();
    assert.deepEqual(events.map((event) => event.act === 'comment' && event.text), ['a']);
    assert.deepEqual(problems, [{ kind: 'conflict', id: 'w1-1', path: '.interlinear/judgments/zoe/copy.jsonl' }]);
  });

  it('refuses an act on a full disk, leaves no half record, and takes it again later', async () => {
    const fs = await written(['a']);
    const before = fs.text(file);
    const store = openWorkspaceStore('/ws', fakeParts(fs, 'w2'));
    await store.record(buildDraft(comment('b')));
    for (const room of [0, 1, 40]) {
      fs.room = room;
      await assert.rejects(store.record(buildDraft(comment('lost?'))), (thrown) => thrown instanceof AppError && thrown.code === 'store.diskFull');
    }
    fs.room = Number.POSITIVE_INFINITY;
    await store.record(buildDraft(comment('c')));
    assert.deepEqual(await commentsIn(fs), ['a', 'b', 'c']);
    assert.equal(fs.text(file), before);
    assert.deepEqual((await store.journal()).problems, []);
  });

  it('cuts half a record before the next one even if it could not be cut at once', async () => {
    const fs = await written([]);
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await store.record(buildDraft(comment('a')));
    Object.assign(fs, { room: 20, stuck: true });
    await assert.rejects(store.record(buildDraft(comment('b'))));
    Object.assign(fs, { room: Number.POSITIVE_INFINITY, stuck: false });
    await store.record(buildDraft(comment('c')));
    assert.deepEqual(await commentsIn(fs), ['a', 'c']);
    assert.deepEqual((await store.journal()).problems, []);
  });

  it('says that a read-only folder cannot be written, and still reads it', async () => {
    const fs = await written(['a']);
    await fs.append(file, new TextEncoder().encode('{"half'));
    fs.readOnly = true;
    const store = openWorkspaceStore('/ws', fakeParts(fs, 'w2'));
    await assert.rejects(store.record(buildDraft(comment('b'))), (thrown) => thrown instanceof AppError && thrown.code === 'store.unwritable');
    const { events, problems } = await store.journal();
    assert.equal(events.length, 1);
    assert.deepEqual(problems.map((problem) => problem.kind === 'torn' && problem.quarantine), [undefined]);
  });

  it('refuses a draft that it could not read back', async () => {
    const store = openWorkspaceStore('/ws', fakeParts(new FakeFileSystem()));
    const shown = { set: hashOf('x'), order: [], blind: false, elapsedMs: Number.NaN };
    await assert.rejects(store.record(buildDraft(comment('a'), { shown })), (thrown) => thrown instanceof AppError && thrown.code === 'input.invalid');
  });

  it('keeps the order of one window when its clock is set back', async () => {
    const fs = new FakeFileSystem();
    const times = [5000, 1000, 2000];
    const store = openWorkspaceStore('/ws', { ...fakeParts(fs), clock: () => times.shift() ?? 0 });
    for (const text of ['a', 'b', 'c']) await store.record(buildDraft(comment(text)));
    assert.deepEqual(await commentsIn(fs), ['a', 'b', 'c']);
  });

  it('makes folders of any reviewer name and tells git what to do, once', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    const names = ['anna', 'Jürgen Müller', '../../etc', 'con', '山田', 'a/b', 'a\\b', ' ', 'x'.repeat(300)];
    for (const reviewer of names) await store.record(buildDraft(comment('a'), { reviewer }));
    const folders = fs.find('/judgments/').map((path) => path.slice('/ws/.interlinear/judgments/'.length).split('/'));
    assert.equal(new Set(folders.map(([folder]) => folder)).size, names.length);
    for (const [folder = '', ...rest] of folders) {
      assert.equal(rest.length, 1);
      assert.match(folder, /^[\p{L}\p{N}_-]{1,60}$/u);
    }
    assert.equal(fs.text('/ws/.interlinear/.gitattributes'), '* -text\n*.jsonl merge=union\n');
    assert.match(fs.text('/ws/.interlinear/.gitignore'), /^candidates\/\njobs\/\nmodels\/\ndrafts\/\nstate\/\nquarantine\/\n$/u);
    await fs.writeAtomic('/ws/.interlinear/.gitignore', new TextEncoder().encode('mine\n'));
    await openWorkspaceStore('/ws', fakeParts(fs, 'w2')).record(buildDraft(comment('a')));
    assert.equal(fs.text('/ws/.interlinear/.gitignore'), 'mine\n');
  });
});
