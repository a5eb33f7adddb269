/**
 * Opens a plain text file of so many MB (first argument; second: the bundled document thread) as a review, makes all views and
 * accepts one text; prints by how many MB the process, with the document's thread, grew at most.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Compute } from '../../../src/app/compute.ts';
import { ThreadDesk } from '../../../src/app/documents/documentThread.ts';
import { openSession } from '../../../src/app/review/openSession.ts';
import { segmentViews } from '../../../src/app/review/segmentViews.ts';
import { sentenceFor } from '../../../src/messages.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { buildSet, hashOf } from '../../unit/support/judgmentBuilders.ts';
import { longLetter } from './longLetter.ts';

const [megabytes = '1', script = ''] = process.argv.slice(2);
const languages = { source: 'en', target: 'ja' };
const root = await mkdtemp(join(tmpdir(), 'interlinear-peak-'));
const key = 'a.en.txt';
await writeFile(join(root, key), longLetter(Number(megabytes) * 1e6));
const before = process.memoryUsage.rss();
const desk = await ThreadDesk.open({
  script, root, languages, key, path: join(root, key), target: { path: join(root, 'a.ja.txt'), label: 'a.ja.txt' },
  client: { askAboutTarget: () => Promise.resolve('merge' as const), held: () => Promise.resolve({ open: false }), edit: () => Promise.reject(new Error('no editor has the file')) },
});
const opened = await openSession({
  desk, heldOutShare: 0.1, languages, store: openWorkspaceStore(root, nodeStoreParts()), compute: new Compute('', '0'), view: { reviewer: 'bench', blind: false, message: sentenceFor },
  listener: { onSegment: () => undefined, onProgress: () => undefined, onOutcome: () => undefined },
});
if (opened === undefined) throw new Error('the session was cancelled');
const { session } = opened;
for (let from = 0; from < session.total;) {
  from += segmentViews(session, from).length;
  await setTimeout(0);
}
const [view] = session.views(5, 6);
if (view === undefined) throw new Error('there is no sixth segment');
const set = buildSet(['雨だ。']);
await session.onSet({ ...set, segment: { ...set.segment, id: view.id, source: view.source, document: key } });
await session.act({ segment: view.id, order: [], elapsedMs: 1, what: { act: 'accept', candidate: hashOf('雨だ。') } });
await session.refreshDocument();
process.stdout.write(String((process.resourceUsage().maxRSS * 1024 - before) / 1e6));
await desk.dispose();
await rm(root, { recursive: true, force: true });
