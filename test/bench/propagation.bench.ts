/** How long an accepted text with thousands of repeats takes, and how long the extension host cannot answer a key meanwhile (decisions.md 3 allows 10 ms). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ThreadDesk, type ThreadClient } from '../../src/app/documents/documentThread.ts';
import { openSession } from '../../src/app/review/openSession.ts';
import { Compute } from '../../src/app/compute.ts';
import { sentenceFor } from '../../src/messages.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../src/store/workspaceStore.ts';
import { buildSet, hashOf } from '../unit/support/judgmentBuilders.ts';
import { bundleThread } from '../unit/support/threadScript.ts';
import type { Bench, Emit } from './support/figures.ts';
import { EventLoopWatch } from './support/eventLoopWatch.ts';

const languages = { source: 'en', target: 'ja' };
const segments = 10_000;

/** No editor has the file, and nobody is asked. */
const nobody: ThreadClient = {
  askAboutTarget: () => Promise.resolve('merge' as const),
  held: () => Promise.resolve({ open: false }),
  edit: () => Promise.reject(new Error('no editor has the file')),
};

/** Every second segment is a repeat of the first; the file is too large for an editor to be opened for it. */
async function run(emit: Emit): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'interlinear-propagation-'));
  const key = 'a.en.md';
  const path = join(root, key);
  await writeFile(path, Array.from({ length: segments }, (_, index) => (index % 2 === 0 ? 'Press the key.' : `This is sentence ${String(index)} of many${' that say nothing'.repeat(14)}.`)).join('\n\n'));
  const desk = await ThreadDesk.open({ script: await bundleThread('documentWorker', root), client: nobody, root, languages, key, path, target: { path: join(root, 'a.ja.md'), label: 'a.ja.md' } });
  const opened = await openSession({
    desk, languages, store: openWorkspaceStore(root, nodeStoreParts()), compute: new Compute('', '0'), heldOutShare: 0,
    view: { reviewer: 'bench', blind: false, message: sentenceFor },
    listener: { onSegment: () => undefined, onProgress: () => undefined, onOutcome: () => undefined },
  });
  const [view] = opened?.session.views(0, 1) ?? [];
  if (opened === undefined || view === undefined) throw new Error('the session was cancelled');
  const set = buildSet(['キーを押す。']);
  await opened.session.onSet({ ...set, segment: { ...set.segment, id: view.id, source: view.source, document: key } });
  for (const what of ['accept', 'undo'] as const) {
    const watch = new EventLoopWatch();
    const from = performance.now();
    await opened.session.act({ segment: view.id, order: [], elapsedMs: 1, what: what === 'undo' ? { act: 'undo' } : { act: 'accept', candidate: hashOf('キーを押す。') } });
    emit({ name: `propagation.10k.${what}.ms`, value: performance.now() - from, unit: 'ms', n: segments / 2 });
    emit({ name: `propagation.10k.${what}.blocking.ms`, value: watch.longest(), unit: 'ms', n: segments / 2 });
    watch.stop();
  }
  await desk.dispose();
  await rm(root, { recursive: true, force: true });
}

export const benches: readonly Bench[] = [{ prefix: 'propagation.', run }];
