/** How long the extension host cannot answer a key while large files and journals are worked on (decisions.md 3 allows 10 ms). */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { exportInThread, ThreadDesk, type ThreadClient } from '../../src/app/documents/documentThread.ts';
import { openSession, type OpenedSession } from '../../src/app/review/openSession.ts';
import { segmentViews } from '../../src/app/review/segmentViews.ts';
import { Compute } from '../../src/app/compute.ts';
import { SegmentPlaces } from '../../src/app/quality/segmentPlaces.ts';
import type { Signature } from '../../src/core/candidate.ts';
import { candidateHash } from '../../src/core/hash.ts';
import { estimateTokens, fitPrevious } from '../../src/core/prompting/budget.ts';
import { sentenceFor } from '../../src/messages.ts';
import { packPlaces } from '../../src/protocol/checking.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../src/store/workspaceStore.ts';
import { bundleThread } from '../unit/support/threadScript.ts';
import { median, timeRuns, type Bench, type Emit } from './support/figures.ts';
import { largeXliff } from './support/largeXliff.ts';
import { longLetter } from './support/longLetter.ts';
import { EventLoopWatch } from './support/eventLoopWatch.ts';

const languages = { source: 'en', target: 'ja' };
const accepts = 3;

/** No editor has the file, and nobody is asked. */
const nobody: ThreadClient = {
  askAboutTarget: () => Promise.resolve('merge' as const),
  held: () => Promise.resolve({ open: false }),
  edit: () => Promise.reject(new Error('no editor has the file')),
};

const signature: Signature = {
  backend: 'bench', model: 'bench', revision: '0', promptFamily: 'starter', promptHash: '0', seed: 1, aligner: 'none', version: '0',
  sampling: { n: 1, temperature: 1, topP: 1, topK: 0, maxTokens: 64 },
  ranking: { utility: 'chrf', includeSelf: true, weights: 'count', lambda: 0, normalisation: 'zscore' },
};

/** The bundled threads. */
interface Threads {
  readonly script: string;
  readonly compute: Compute;
}

interface Given {
  readonly name: string;
  readonly root: string;
  readonly source: string;
  readonly target: string;
  readonly text: string;
}

/** Opens a file, makes the views of all its segments, accepts, and looks at the document again, as the extension does. */
async function reviewing(emit: Emit, threads: Threads, given: Omit<Given, 'root'>): Promise<void> {
  const { name, source } = given;
  const root = await mkdtemp(join(tmpdir(), 'interlinear-host-'));
  await writeFile(join(root, source), given.text);
  const watch = new EventLoopWatch();
  const [opened, desk] = await open(threads, { ...given, root });
  emit({ name: `host.blocking.${name}.open.ms`, value: watch.longest(), unit: 'ms', n: opened.session.total });
  for (let index = 0; index < accepts; index++) await accept(opened, source, index);
  emit({ name: `host.blocking.${name}.accept.ms`, value: watch.longest(), unit: 'ms', n: accepts });
  watch.stop();
  await desk.dispose();
  const states = join(root, '.interlinear', 'state');
  const [file = ''] = (await readdir(states)).filter((entry) => entry.endsWith('.json'));
  const { size } = await stat(join(states, file));
  emit({ name: `host.blocking.${name}.state.bytes`, value: size, unit: 'bytes', n: accepts });
  await rm(root, { recursive: true, force: true });
}

async function open({ script, compute }: Threads, { root, source, target }: Pick<Given, 'root' | 'source' | 'target'>): Promise<readonly [OpenedSession, ThreadDesk]> {
  const desk = await ThreadDesk.open({ script, client: nobody, root, languages, key: source, path: join(root, source), target: { path: join(root, target), label: target } });
  const opened = await openSession({
    desk, heldOutShare: 0.1, languages, store: openWorkspaceStore(root, nodeStoreParts()), compute, view: { reviewer: 'bench', blind: false, message: sentenceFor },
    listener: { onSegment: () => undefined, onProgress: () => undefined, onOutcome: () => undefined },
  });
  if (opened === undefined) throw new Error('the session was cancelled');
  for (let from = 0; from < opened.session.total;) {
    from += segmentViews(opened.session, from).length;
    await setTimeout(0);
  }
  return [opened, desk];
}

/** A file of 60,000 units that is translated and reviewed to its end is opened again, and worked on. */
async function reviewed(emit: Emit, threads: Threads): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'interlinear-host-'));
  const [source, target] = ['a.xlf', 'a.xlf'];
  await writeFile(join(root, source), largeXliff());
  const store = openWorkspaceStore(root, nodeStoreParts());
  const [{ session: before }, first] = await open(threads, { root, source, target });
  const jobs = before.pending();
  for (let from = 0; from < jobs.length; from += 1000) {
    const drafts = jobs.slice(from, from + 1000).map(({ ref: { id, ...ref } }) => ({ document: ref.document, segment: id, sourceLanguage: ref.sourceLanguage, targetLanguage: ref.targetLanguage, act: 'edit' as const, text: `訳${from}` }));
    await store.recordAll('bench', drafts);
    for (const { ref } of jobs.slice(from, from + 300)) await store.candidates.append({ segment: ref, candidates: ['一', '二', '三', '四'].map((text) => ({ text: `${text}${ref.id}`, count: 1, origin: 'bench', scores: {} })), signature });
  }
  await first.dispose();
  const watch = new EventLoopWatch();
  const [opened, desk] = await open(threads, { root, source, target });
  emit({ name: 'host.blocking.reviewed60k.open.ms', value: watch.longest(), unit: 'ms', n: opened.session.reviewed });
  await opened.learned;
  emit({ name: 'host.blocking.reviewed60k.learn.ms', value: watch.longest(), unit: 'ms', n: opened.session.total });
  for (let index = 0; index < accepts; index++) await edit(opened, index);
  emit({ name: 'host.blocking.reviewed60k.edit.ms', value: watch.longest(), unit: 'ms', n: accepts });
  watch.stop();
  walks(emit, opened);
  await desk.dispose();
  await rm(root, { recursive: true, force: true });
}

/** What is done in one go over all segments of a document. */
function walks(emit: Emit, { session }: OpenedSession): void {
  const last = session.views(session.total - 1)[0]?.id ?? '';
  const places = packPlaces(new Map(session.views().map(({ id, number }) => [id, { start: { line: number, column: 1 }, end: { line: number, column: 9 } }])));
  const end = { line: session.total, column: 3 };
  const walk = (name: string, work: () => unknown): void => {
    emit({ name: `host.walk.${name}.ms`, value: median(timeRuns(work, 5, 1)), unit: 'ms', n: session.total });
  };
  walk('pending', () => session.pending());
  walk('ahead', () => session.ahead(session.views(0, 1)[0]?.id ?? '', 10));
  walk('earlier', () => fitPrevious(session.earlier(last), 1000, estimateTokens));
  walk('phase', () => { session.setPhase('done'); });
  walk('places', () => new SegmentPlaces(places).touchedBy({ start: end, end }));
}

async function accept({ session, target }: OpenedSession, document: string, index: number): Promise<void> {
  const [view] = session.views(index, index + 1);
  if (view === undefined) throw new Error(`no segment ${index}`);
  const text = `訳${index}`;
  const segment = { id: view.id, source: view.source, sourceLanguage: languages.source, targetLanguage: languages.target, document };
  await session.onSet({ segment, candidates: [{ text, count: 1, origin: 'bench', scores: {} }], signature });
  await session.act({ segment: view.id, order: [candidateHash(text)], elapsedMs: 1, what: { act: 'accept', candidate: candidateHash(text) } });
  await session.refreshDocument();
  await target.remember(view.id);
}

/** A judged segment shows the candidates that it was judged with, so a later word about it is an edit. */
async function edit({ session, target }: OpenedSession, index: number): Promise<void> {
  const [view] = session.views(index, index + 1);
  if (view === undefined) throw new Error(`no segment ${index}`);
  await session.act({ segment: view.id, order: [], elapsedMs: 1, what: { act: 'edit', text: `改訳${index}` } });
  await session.refreshDocument();
  await target.remember(view.id);
}

/** A journal of a year's work: read for a review, and exported. */
async function journal(emit: Emit, script: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'interlinear-host-'));
  const records = 20_000;
  await writeFile(join(root, 'letter.en.txt'), 'It rains.\n');
  const store = openWorkspaceStore(root, nodeStoreParts());
  const base = { reviewer: 'bench', document: 'letter.en.txt', sourceLanguage: 'en', targetLanguage: 'ja' };
  const first = await store.record({ ...base, segment: 's0', act: 'comment', text: 'first' });
  const lines = Array.from({ length: records }, (_, index) => JSON.stringify({ ...first, id: `w-${index + 1}`, writer: 'w', sequence: index + 1, segment: `s${index % 5000}` }));
  const folder = join(root, '.interlinear', 'judgments', 'bench');
  await writeFile(join(folder, 'w-2026-01-01.jsonl'), `${lines.join('\n')}\n`);
  const watch = new EventLoopWatch();
  const desk = await ThreadDesk.open({ script, client: nobody, root, languages, key: base.document, path: join(root, base.document), target: { path: join(root, 'letter.ja.txt'), label: 'letter.ja.txt' } });
  const { events } = await desk.judgments();
  emit({ name: 'host.blocking.journal.read.ms', value: watch.longest(), unit: 'ms', n: events.length });
  await exportInThread(script, { root, out: join(root, 'pairs.jsonl'), version: '0', acceptedOverSeen: false });
  emit({ name: 'host.blocking.journal.export.ms', value: watch.longest(), unit: 'ms', n: events.length });
  watch.stop();
  await desk.dispose();
  await rm(root, { recursive: true, force: true });
}

/** What the machine does to a thread that has nothing to do: no other figure is below it. */
async function floor(emit: Emit): Promise<void> {
  const watch = new EventLoopWatch();
  await setTimeout(2000);
  emit({ name: 'host.blocking.floor.ms', value: watch.longest(), unit: 'ms', n: 1 });
  watch.stop();
}

/** Memory of the host and the document's thread together, in a process of their own. */
function peak(emit: Emit, script: string): void {
  const megabytes = 50;
  const arguments_ = ['--import', 'tsx', fileURLToPath(new URL('support/textPeak.ts', import.meta.url)), String(megabytes), script];
  const grown = Number(execFileSync(process.execPath, arguments_, { encoding: 'utf8' }));
  emit({ name: 'host.peak.text50mb.mb', value: grown, unit: 'MB', n: 1 });
  emit({ name: 'host.peak.text50mb.times-its-size', value: grown / megabytes, unit: 'ratio', n: 1 });
}

async function run(emit: Emit): Promise<void> {
  await floor(emit);
  const folder = await mkdtemp(join(tmpdir(), 'interlinear-bench-'));
  const script = await bundleThread('documentWorker', folder);
  const compute = new Compute(await bundleThread('computeWorker', folder), '0');
  const threads = { script, compute };
  await reviewing(emit, threads, { name: 'markdown10mb', source: 'a.en.md', target: 'a.ja.md', text: longLetter(10_000_000) });
  await reviewing(emit, threads, { name: 'xliff13mb', source: 'a.xlf', target: 'a.xlf', text: largeXliff() });
  await reviewed(emit, threads);
  peak(emit, script);
  await journal(emit, script);
  await compute.dispose();
  await rm(folder, { recursive: true, force: true });
}

export const benches: readonly Bench[] = [{ prefix: 'host.', run }];
