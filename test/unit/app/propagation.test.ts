import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReviewAct, SegmentView } from '../../../src/protocol/review.ts';
import { buildPairs } from '../../../src/core/preference/pairs.ts';
import { journalUnits } from '../../../src/app/memory/journalUnits.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { languages, openFile, translate, type Bench, type BenchOptions } from './support.ts';

const source = 'Save it.\n\nOpen `a.txt` now.\n\nSave it.\n\nOpen `b.txt` now.\n\nSave\nit.\n\nRead page 3 of the book.\n\nRead page 4 of the book.\n';
const target = '/ws/list.ja.md';

async function opened(options: BenchOptions & { readonly text?: string; readonly existing?: string; readonly fs?: FakeFileSystem } = {}): Promise<Bench> {
  const fs = options.fs ?? new FakeFileSystem();
  if (options.fs === undefined) await fs.writeAtomic('/ws/list.en.md', Buffer.from(options.text ?? source));
  if (options.existing !== undefined) await fs.writeAtomic(target, Buffer.from(options.existing));
  const bench = await openFile(fs, 'list.en.md', 'list.ja.md', options);
  await translate(bench);
  return bench;
}

function at({ session }: Bench, number: number): SegmentView {
  const view = session.views()[number - 1];
  assert.ok(view !== undefined);
  return view;
}

function act(bench: Bench, number: number, what: ReviewAct): Promise<SegmentView> {
  const view = at(bench, number);
  return bench.session.act({ segment: view.id, order: view.candidates.map(({ hash }) => hash), elapsedMs: 5, what });
}

function accept(bench: Bench, number: number, index = 0): Promise<SegmentView> {
  return act(bench, number, { act: 'accept', candidate: at(bench, number).candidates[index]?.hash ?? '' });
}

/** State and text of each segment that has any. */
function told(bench: Bench): readonly string[] {
  return bench.session.views().filter(({ review }) => review !== 'unreviewed').map(({ number, review, accepted, filled }) => `${number} ${review}${filled === undefined ? '' : ` from ${filled.from}`}: ${accepted ?? ''}`);
}

describe('an accepted text and its repeats', () => {
  it('fills them in the file, each with its own placeholders, and they are not reviewed', async () => {
    const bench = await opened();
    const view = await accept(bench, 1);
    assert.deepEqual(view.repeats, { filled: 2, near: 0 });
    await act(bench, 2, { act: 'edit', text: '`a.txt`を開く。' });
    assert.deepEqual(told(bench), ['1 accepted: Save it.一', '2 edited: `a.txt`を開く。', '3 filled from 1: Save it.一', '4 filled from 2: `b.txt`を開く。', '5 filled from 1: Save it.一']);
    assert.equal(bench.session.reviewed, 2);
    assert.equal(bench.fs.text(target), 'Save it.一\n\n`a.txt`を開く。\n\nSave it.一\n\n`b.txt`を開く。\n\nSave it.一\n\nRead page 3 of the book.\n\nRead page 4 of the book.\n');
  });

  it('are taken back with it by one undo, in the file as well, and in another window', async () => {
    const bench = await opened();
    await accept(bench, 1);
    const events = (await bench.store.events()).length;
    await act(bench, 7, { act: 'undo' });
    assert.equal((await bench.store.events()).length, events + 1);
    assert.deepEqual(told(bench), []);
    assert.equal(bench.fs.text(target), source);
    assert.deepEqual(told(await opened({ fs: bench.fs, writer: 'w2' })), []);
  });

  it('are told of as such by the journal, come back as they were, and are no preference and no memory of their own', async () => {
    const bench = await opened();
    await act(bench, 3, { act: 'reject', candidate: at(bench, 3).candidates[2]?.hash ?? '' });
    await accept(bench, 1);
    const events = await bench.store.events();
    assert.deepEqual(events.flatMap((event) => (event.act === 'propagate' ? [[event.from === at(bench, 1).id, event.text]] : [])), [[true, 'Save it.一'], [true, 'Save it.一']]);
    const { sets } = await bench.store.judgments({ document: 'list.en.md', targetLanguage: 'ja' });
    assert.deepEqual(buildPairs(events, sets, { acceptedOverSeen: true }).pairs.filter(({ segment }) => segment !== at(bench, 1).id), []);
    assert.equal((await journalUnits(bench.store, languages)).size, 1);
    assert.deepEqual(told(await opened({ fs: bench.fs, writer: 'w2' })), told(bench));
  });

  it('become reviewed when a person confirms them, and follow the first no more', async () => {
    const bench = await opened();
    await accept(bench, 1);
    await act(bench, 3, { act: 'confirm' });
    await act(bench, 5, { act: 'accept', candidate: at(bench, 5).candidates[1]?.hash ?? '' });
    await act(bench, 1, { act: 'edit', text: '保存する。' });
    assert.deepEqual(told(bench), ['1 edited: 保存する。', '3 accepted: Save it.一', `5 accepted: ${at(bench, 5).candidates[1]?.candidate.text ?? ''}`]);
    await assert.rejects(act(bench, 2, { act: 'confirm' }), /not filled/u);
  });

  it('confirmed with placeholders of their own are no candidate, and the text is over what was rejected', async () => {
    const bench = await opened();
    await act(bench, 4, { act: 'reject', candidate: at(bench, 4).candidates[1]?.hash ?? '' });
    await act(bench, 2, { act: 'edit', text: '`a.txt`を開く。' });
    await act(bench, 4, { act: 'confirm' });
    const { events, sets } = await bench.store.judgments({ document: 'list.en.md', targetLanguage: 'ja' });
    const pairs = buildPairs(events, sets, { acceptedOverSeen: false }).pairs.filter(({ segment }) => segment === at(bench, 4).id);
    assert.deepEqual(pairs.map(({ kind, chosen, rejected }) => [kind, chosen, rejected]), [['acceptedOverRejected', '`b.txt`を開く。', at(bench, 4).candidates[1]?.candidate.text]]);
  });

  it('follow a later decision, and go when the first is taken back by a rejection', async () => {
    const bench = await opened();
    await accept(bench, 1);
    await act(bench, 1, { act: 'edit', text: '保存する。' });
    assert.deepEqual(told(bench).slice(1), ['3 filled from 1: 保存する。', '5 filled from 1: 保存する。']);
    await act(bench, 1, { act: 'undo' });
    assert.deepEqual(told(bench).slice(1), ['3 filled from 1: Save it.一', '5 filled from 1: Save it.一']);
    await act(bench, 1, { act: 'reject', candidate: at(bench, 1).candidates[0]?.hash ?? '' });
    assert.deepEqual([told(bench), bench.fs.text(target)], [[], source]);
    await act(bench, 1, { act: 'undo' });
    assert.equal(told(bench).length, 3);
  });

  it('are left alone where a draft waits or the file holds another translation', async () => {
    const existing = source.replace('Save\nit.', '前からある訳。');
    const bench = await opened({ existing, answer: 'merge' });
    await bench.session.saveDraft(at(bench, 3).id, '書きかけ');
    await accept(bench, 1);
    assert.deepEqual(told(bench), ['1 accepted: Save it.一']);
    assert.ok(bench.fs.text(target).includes('前からある訳。'));
    assert.deepEqual(at(bench, 1).repeats, { filled: 0, near: 1 });
    const offers = await bench.session.offers(at(bench, 1).id);
    assert.deepEqual(offers.map(({ number, score }) => [number, score]), [[5, 100]]);
    await bench.session.fill(at(bench, 1).id, offers);
    assert.deepEqual(told(bench), ['1 accepted: Save it.一', '5 filled from 1: Save it.一']);
    await act(bench, 1, { act: 'undo' });
    assert.ok(bench.fs.text(target).includes('前からある訳。'));
  });

  it('are not filled where the setting says so', async () => {
    const bench = await opened({ propagation: () => ({ repeats: false, least: 80 }) });
    await accept(bench, 1);
    assert.deepEqual(told(bench), ['1 accepted: Save it.一']);
  });
});

describe('near repeats', () => {
  it('are offered, filled when a person says so, and undone together without the acceptance', async () => {
    const bench = await opened();
    const view = await act(bench, 6, { act: 'edit', text: '本の3ページを読む。' });
    assert.deepEqual([view.repeats, told(bench)], [{ filled: 0, near: 1 }, ['6 edited: 本の3ページを読む。']]);
    const offers = await bench.session.offers(view.id);
    assert.deepEqual(offers.map(({ number, text, numbersOnly }) => [number, text, numbersOnly]), [[7, '本の4ページを読む。', true]]);
    await bench.session.fill(view.id, offers);
    assert.deepEqual(told(bench), ['6 edited: 本の3ページを読む。', '7 filled from 6: 本の4ページを読む。']);
    assert.ok((at(bench, 7).filled?.score ?? 100) < 100);
    assert.ok(bench.fs.text(target).endsWith('本の3ページを読む。\n\n本の4ページを読む。\n'));
    await act(bench, 1, { act: 'undo' });
    assert.deepEqual(told(bench), ['6 edited: 本の3ページを読む。']);
    assert.ok(bench.fs.text(target).endsWith('本の3ページを読む。\n\nRead page 4 of the book.\n'));
  });
});

describe('repeats in a file with keys', () => {
  it('are filled by one write, also where the translated file lacks some of them', async () => {
    const fs = new FakeFileSystem();
    await fs.writeAtomic('/ws/en.json', Buffer.from('{\n  "a": "Save",\n  "b": "Open",\n  "c": "Save",\n  "d": "Save"\n}\n'));
    await fs.writeAtomic('/ws/ja.json', Buffer.from('{\n  "a": "Save",\n  "b": "開く"\n}\n'));
    const bench = await openFile(fs, 'en.json', 'ja.json');
    await translate(bench);
    const before = fs.writes('/ws/ja.json');
    await accept(bench, 1);
    assert.equal(fs.text('/ws/ja.json'), '{\n  "a": "Save一",\n  "b": "開く",\n  "c": "Save一",\n  "d": "Save一"\n}\n');
    assert.equal(fs.writes('/ws/ja.json') - before, 1);
    await act(bench, 1, { act: 'undo' });
    assert.deepEqual(JSON.parse(fs.text('/ws/ja.json')), { a: 'Save', b: '開く', c: 'Save', d: 'Save' });
  });

  it('are filled in a bilingual file, and what stood there comes back', async () => {
    const unit = (id: number, text: string, translation = ''): string => `<trans-unit id="${id}"><source>${text}</source>${translation}</trans-unit>`;
    const xliff = `<?xml version="1.0"?>\n<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="en" target-language="ja" datatype="plaintext"><body>\n${unit(1, 'Save')}\n${unit(2, 'Save', '<target state="new">Save</target>')}\n${unit(3, 'Save', '<target>保管</target>')}\n</body></file></xliff>\n`;
    const fs = new FakeFileSystem();
    await fs.writeAtomic('/ws/a.xlf', Buffer.from(xliff));
    const bench = await openFile(fs, 'a.xlf', 'a.xlf');
    await translate(bench);
    await accept(bench, 1);
    assert.deepEqual(told(bench), ['1 accepted: Save一', '2 filled from 1: Save一']);
    assert.equal(fs.text('/ws/a.xlf').match(/Save一/gu)?.length, 2);
    assert.ok(fs.text('/ws/a.xlf').includes('<target>保管</target>'));
    await act(bench, 1, { act: 'undo' });
    assert.ok(fs.text('/ws/a.xlf').includes('<target state="new">Save</target>'));
  });
});
