import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportInThread, judgmentDataInThread, ThreadDesk, type OpenDeskRequest, type ThreadClient } from '../../../../src/app/documents/documentThread.ts';
import { openSession, type OpenedSession } from '../../../../src/app/review/openSession.ts';
import { TranslationRun } from '../../../../src/app/translation/translationRun.ts';
import { defaultRun } from '../../../../src/app/settings.ts';
import { spliceText } from '../../../../src/core/document/target.ts';
import { candidateHash } from '../../../../src/core/hash.ts';
import { isAbort } from '../../../../src/core/errors.ts';
import { sentenceFor } from '../../../../src/messages.ts';
import type { EditorEdit, WriteOutcome } from '../../../../src/protocol/documents.ts';
import type { ReviewAct } from '../../../../src/protocol/review.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../../../src/store/workspaceStore.ts';
import { bundleThread } from '../../support/threadScript.ts';
import { buildSet } from '../../support/judgmentBuilders.ts';
import { FakeBackend } from '../../support/fakeBackend.ts';
import { inProcess, languages, threeCandidates } from '../support.ts';

const source = '# Hello\n\nIt rains. I stay at home.\n\nSee you  \n';

/** A person and an editor that has nothing open; edits go to the disk as a save would bring them there. */
class FakeClient implements ThreadClient {
  answer: 'merge' | 'overwrite' | 'cancel' = 'cancel';
  unsaved: string | undefined;
  /** What runs on save. */
  onSave = (text: string): string => text;
  readonly edits: EditorEdit[] = [];

  constructor(readonly file: string) {}

  askAboutTarget(): Promise<'merge' | 'overwrite' | 'cancel'> {
    return Promise.resolve(this.answer);
  }

  held(): Promise<{ readonly open: boolean; readonly unsaved?: string }> {
    return Promise.resolve({ open: true, ...(this.unsaved !== undefined && { unsaved: this.unsaved }) });
  }

  async edit(edit: EditorEdit): Promise<'saved' | 'unsaved'> {
    this.edits.push(edit);
    const text = spliceText(edit.before, edit.range, edit.text);
    if (this.unsaved !== undefined) {
      this.unsaved = text;
      return 'unsaved';
    }
    await writeFile(this.file, this.onSave(text));
    return 'saved';
  }
}

interface Scene extends OpenedSession {
  readonly desk: ThreadDesk;
  readonly client: FakeClient;
  readonly outcomes: WriteOutcome[];
}

describe('a document in a thread of its own', () => {
  let root = '';
  let script = '';
  const desks: ThreadDesk[] = [];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'interlinear-thread-'));
    script = await bundleThread('documentWorker', root);
  });
  after(async () => {
    for (const desk of desks) await desk.dispose();
    await rm(root, { recursive: true, force: true });
  });

  const request = (name: string, client = new FakeClient(join(root, `${name}.ja.md`))): OpenDeskRequest & { readonly client: FakeClient } => ({
    script, client, root, languages, key: `${name}.en.md`, path: join(root, `${name}.en.md`),
    target: { path: client.file, label: `${name}.ja.md` },
  });

  async function open(name: string, text = source): Promise<Scene> {
    const asked = request(name);
    await writeFile(asked.path, text);
    const desk = await ThreadDesk.open(asked);
    desks.push(desk);
    const store = openWorkspaceStore(root, nodeStoreParts());
    const outcomes: WriteOutcome[] = [];
    const opened = await openSession({
      desk, heldOutShare: 0.1, languages, store, compute: inProcess, view: { reviewer: 'anna', blind: false, message: sentenceFor },
      listener: { onSegment: () => undefined, onProgress: () => undefined, onOutcome: (outcome) => { outcomes.push(outcome); } },
    });
    assert.ok(opened !== undefined);
    return { ...opened, desk, client: asked.client, outcomes };
  }

  async function translate({ session }: Scene): Promise<void> {
    const backend = new FakeBackend(threeCandidates);
    const context = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: 'none', version: '0.0.0' };
    await new TranslationRun(context, session.pending(), session).run(new AbortController().signal);
  }

  async function act({ session }: Scene, number: number, what: (best: string) => ReviewAct): Promise<void> {
    const view = session.views()[number - 1];
    const best = view?.candidates[0]?.hash;
    assert.ok(view !== undefined && best !== undefined);
    await session.act({ segment: view.id, order: [best], elapsedMs: 1, what: what(best) });
  }

  const accept = (candidate: string): ReviewAct => ({ act: 'accept', candidate });

  it('is accepted into, undone, closed and opened again as one in the same thread', async () => {
    const scene = await open('loop');
    await translate(scene);
    await act(scene, 2, accept);
    assert.equal(await readFile(scene.client.file, 'utf8'), '# Hello\n\nIt rains.一I stay at home.\n\nSee you  \n');
    await act(scene, 3, accept);
    await act(scene, 3, () => ({ act: 'undo' }));
    assert.equal(scene.client.edits.length, 2);
    const again = await open('loop');
    assert.deepEqual([again.session.reviewed, again.session.views()[1]?.accepted, again.session.pending().length], [1, 'It rains.一', 0]);
  });

  it('tells what a save changed, and puts ours back', async () => {
    const scene = await open('altered');
    await translate(scene);
    await act(scene, 1, accept);
    scene.client.onSave = (text) => text.replaceAll(/ +$/gmu, '');
    await act(scene, 2, accept);
    const [outcome] = scene.outcomes;
    assert.ok(outcome?.kind === 'altered');
    assert.notEqual(await readFile(scene.client.file, 'utf8'), outcome.expected);
    await scene.target.restore(outcome.expected);
    assert.equal(await readFile(scene.client.file, 'utf8'), outcome.expected);
  });

  it('edits unsaved text in its editor and leaves the disk alone', async () => {
    const scene = await open('unsaved');
    await translate(scene);
    await act(scene, 1, accept);
    const onDisk = await readFile(scene.client.file, 'utf8');
    scene.client.unsaved = onDisk.replace('See you', 'Bye');
    await act(scene, 2, accept);
    assert.deepEqual([scene.outcomes, await readFile(scene.client.file, 'utf8')], [[{ kind: 'unsaved' }], onDisk]);
    assert.match(scene.client.unsaved, /It rains\.一[^]*Bye/u);
  });

  it('knows its sources again after a save that changed none, and not after an edit', async () => {
    const { desk } = await open('current');
    assert.equal(await desk.isCurrent(), true);
    await writeFile(join(root, 'current.en.md'), source.replace('rains', 'snows'));
    assert.equal(await desk.isCurrent(), false);
  });

  it('sends long lists in slices and loses nothing of them', async () => {
    const lines = Array.from({ length: 1700 }, (_, index) => `Line number ${index}.`);
    const asked = request('long');
    await writeFile(asked.path, lines.join('\n\n'));
    const steps: number[] = [];
    const desk = await ThreadDesk.open(asked, { progress: ({ done, total }) => { steps.push(done / total); } });
    desks.push(desk);
    assert.deepEqual(desk.document.segments.map((segment) => segment.source), lines);
    assert.ok(steps.length > 2 && steps.at(-1) === 1);
  });

  it('fills more repeats than one message holds, sees all of them changed, and takes all of them back', async () => {
    const count = 1201;
    const scene = await open('repeats', Array.from({ length: count }, () => 'It rains.').join('\n\n'));
    const [first] = scene.session.views(0, 1);
    assert.ok(first !== undefined);
    await scene.session.onSet({ ...buildSet(['雨だ。']), segment: { id: first.id, source: first.source, sourceLanguage: 'en', targetLanguage: 'ja', document: 'repeats.en.md' } });
    await scene.session.act({ segment: first.id, order: [], elapsedMs: 1, what: { act: 'accept', candidate: candidateHash('雨だ。') } });
    const written = await readFile(scene.client.file, 'utf8');
    assert.equal(written, Array.from({ length: count }, () => '雨だ。').join('\n\n'));
    await writeFile(scene.client.file, written.replaceAll('雨だ', '雪だ'));
    await scene.session.refreshDocument();
    assert.equal(scene.session.views().filter(({ difference }) => difference?.inDocument === '雪だ。').length, count);
    await writeFile(scene.client.file, written);
    await scene.session.refreshDocument();
    await scene.session.act({ segment: first.id, order: [], elapsedMs: 1, what: { act: 'undo' } });
    assert.equal(scene.session.views().filter(({ accepted, difference }) => accepted !== undefined || difference !== undefined).length, 0);
    assert.equal((await readFile(scene.client.file, 'utf8')).includes('雨'), false);
  });

  it('knows all of its held-out sources, and no others, where they are more than one message holds', async () => {
    const lines = Array.from({ length: 1300 }, (_, index) => `Held line number ${index}.`);
    await openWorkspaceStore(root, nodeStoreParts()).heldOut.add([...lines.slice(0, 1250), 'Of another document.']);
    const { desk } = await open('held', lines.join('\n\n'));
    const isHeldOut = await desk.heldOut();
    assert.deepEqual(lines.filter(isHeldOut), lines.slice(0, 1250));
    assert.equal(isHeldOut('held  LINE number 3.'), true);
  });

  it('remembers more accepted texts than one message holds where nothing else does', async () => {
    const count = 1201;
    const scene = await open('forgotten', Array.from({ length: count }, () => 'It rains.').join('\n\n'));
    const [first] = scene.session.views(0, 1);
    assert.ok(first !== undefined);
    await scene.session.onSet({ ...buildSet(['雨だ。']), segment: { id: first.id, source: first.source, sourceLanguage: 'en', targetLanguage: 'ja', document: 'forgotten.en.md' } });
    await scene.session.act({ segment: first.id, order: [], elapsedMs: 1, what: { act: 'accept', candidate: candidateHash('雨だ。') } });
    await scene.desk.dispose();
    await rm(join(root, '.interlinear', 'state'), { recursive: true });
    const again = await open('forgotten', await readFile(request('forgotten').path, 'utf8'));
    const stands = await Promise.all(again.session.views().map(({ id }) => again.target.expected(id)));
    assert.deepEqual(stands, Array.from({ length: count }, (_, index) => ({ encoded: '雨だ。', standing: index === 0 ? 'accepted' : 'filled' })));
  });

  it('says what is wrong with a file in its own words', async () => {
    const asked = request('binary');
    await writeFile(asked.path, Buffer.from([65, 0, 66]));
    await assert.rejects(ThreadDesk.open(asked), { code: 'document.binary', data: { path: 'binary.en.md', offset: 1 } });
  });

  it('is cancelled in the middle of a long parse, at once', async () => {
    const asked = request('huge');
    await writeFile(asked.path, 'It rains in town. '.repeat(200_000));
    const controller = new AbortController();
    const opening = ThreadDesk.open(asked, { signal: controller.signal });
    setTimeout(() => { controller.abort(); }, 300);
    await assert.rejects(opening, isAbort);
  });

  it('finishes what it writes before it ends, and what only asks is cancelled, not failed', async () => {
    const scene = await open('ending');
    await translate(scene);
    const view = scene.session.views()[1];
    const best = view?.candidates[0]?.hash;
    assert.ok(view !== undefined && best !== undefined);
    await act(scene, 1, accept);
    const writing = scene.target.put(new Map([[view.id, { encoded: '書く', read: '書く', standing: 'accepted' }]]));
    const asking = scene.target.differences(new Map([[view.id, { encoded: 'x', read: 'x', standing: 'accepted' }]]));
    const answered = asking.then(() => true, isAbort);
    await scene.desk.dispose();
    assert.deepEqual([await writing, await answered], [{ kind: 'written' }, true]);
    assert.match(await readFile(scene.client.file, 'utf8'), /書く/u);
    await assert.rejects(scene.desk.isCurrent(), isAbort);
  });

  it('exports what was judged, reports its steps, and is cancelled before it writes', async () => {
    const scene = await open('export');
    await translate(scene);
    await act(scene, 2, accept);
    const worse = scene.session.views()[1]?.candidates.at(-1)?.hash;
    assert.ok(worse !== undefined);
    await act(scene, 2, () => ({ act: 'reject', candidate: worse }));
    const out = join(root, 'pairs.jsonl');
    const steps: number[] = [];
    const { card, rows, problems } = await exportInThread(script, { root, out, version: '0.0.0', acceptedOverSeen: false }, { progress: ({ total }) => { steps.push(total); } });
    assert.equal(rows, out);
    assert.equal((await readFile(out, 'utf8')).trim().split('\n').length, card.rows);
    assert.ok(card.rows > 0 && steps.length > 0 && problems.length === 0);
    const params = { root, folder: root, version: '0.0.0', supervised: true, acceptedOverSeen: false };
    const { data } = await judgmentDataInThread(script, params, { progress: ({ total }) => { steps.push(total); } });
    assert.deepEqual([data.pairs, data.documents], [card.rows, 1]);
    assert.equal((await readFile(join(root, 'sft.jsonl'), 'utf8')).trim().split('\n').length, data.supervised);
    await assert.rejects(judgmentDataInThread(script, params, { signal: AbortSignal.abort() }), isAbort);
    const cancelled = join(root, 'cancelled.jsonl');
    await assert.rejects(exportInThread(script, { root, out: cancelled, version: '0.0.0', acceptedOverSeen: false }, { signal: AbortSignal.abort() }), isAbort);
    await assert.rejects(readFile(cancelled), /ENOENT/u);
  });
});
