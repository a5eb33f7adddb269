import { openDocument } from '../../../src/app/openDocument.ts';
import { BytesTargetFile } from '../../../src/app/bytesTargetFile.ts';
import { ComputeHandlers } from '../../../src/app/computeHandlers.ts';
import type { Computing } from '../../../src/app/compute.ts';
import { LocalDesk } from '../../../src/app/documents/documentDesk.ts';
import { openSession, type OpenedSession } from '../../../src/app/review/openSession.ts';
import type { PropagationSettings } from '../../../src/app/review/propagation.ts';
import type { MemoryAccess } from '../../../src/app/review/sessionMemory.ts';
import { defaultRun } from '../../../src/app/settings.ts';
import { TranslationRun, type RunResult } from '../../../src/app/translation/translationRun.ts';
import { checkTranslation } from '../../../src/core/quality/checks.ts';
import { pairwiseChrf } from '../../../src/core/ranking/pairwise.ts';
import { rankWithChrf } from '../../../src/core/ranking/rankCandidates.ts';
import type { ForeignTarget, WriteOutcome } from '../../../src/protocol/documents.ts';
import type { Progress, SegmentView } from '../../../src/protocol/review.ts';
import { sentenceFor } from '../../../src/messages.ts';
import { openWorkspaceStore, type WorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { FakeBackend, type Answer } from '../support/fakeBackend.ts';
import { FakeFileSystem, fakeParts } from '../store/support/memoryFileSystem.ts';

export const source = '# Hello\n\nIt rains. I stay at home.\n\nSee you  \n';
export const languages = { source: 'en', target: 'ja' };

/** Ranks by the same functions as the worker; alignment is not what these tests are about. */
export const inProcess: Computing = {
  rank: (params) => Promise.resolve(rankWithChrf(params.candidates, params.settings)),
  stability: (candidates, adaptive) => new ComputeHandlers('0').stability({ candidates, adaptive }, { signal: new AbortController().signal }),
  utilities: ({ texts }) => Promise.resolve({ rows: texts.length, cols: texts.length, data: Float32Array.from(pairwiseChrf(texts, texts)) }),
  alignment: () => Promise.reject(new Error('not asked for here')),
  refine: () => Promise.resolve(''),
  checkCandidates: ({ texts, about }) => Promise.resolve(texts.map((translation) => checkTranslation({ ...about, translation }))),
};

/** Three candidates, the first drawn twice. */
export const threeCandidates: Answer = ({ source: text }) => [`${text}一`, `${text}二`, `${text}一`, `別の${text}`];

export interface Bench extends OpenedSession {
  readonly fs: FakeFileSystem;
  readonly store: WorkspaceStore;
  readonly outcomes: WriteOutcome[];
  readonly views: SegmentView[];
  readonly progress: Progress[];
}

export interface BenchOptions {
  readonly fs?: FakeFileSystem;
  readonly writer?: string;
  readonly answer?: ForeignTarget;
  readonly blind?: boolean;
  readonly heldOutShare?: number;
  readonly memory?: MemoryAccess;
  readonly compute?: Computing;
  readonly propagation?: () => PropagationSettings;
}

/** A session on `/ws/letter.en.md` over a file system in memory. */
export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const fs = options.fs ?? new FakeFileSystem();
  if (options.fs === undefined) await fs.writeAtomic('/ws/letter.en.md', Buffer.from(source));
  const store = openWorkspaceStore('/ws', fakeParts(fs, options.writer ?? 'w1'));
  return openFile(fs, 'letter.en.md', 'letter.ja.md', { ...options, store });
}

/** A session on a file of `/ws` that is there already. */
// The four are what a test varies; the options have defaults.
export async function openFile(fs: FakeFileSystem, source: string, target: string, options: BenchOptions & { readonly store?: WorkspaceStore } = {}): Promise<Bench> {
  const store = options.store ?? openWorkspaceStore('/ws', fakeParts(fs, options.writer ?? 'w1'));
  const document = await openDocument(fs, `/ws/${source}`, source, languages);
  const told = { outcomes: [] as WriteOutcome[], views: [] as SegmentView[], progress: [] as Progress[] };
  const opened = await openSession({
    desk: new LocalDesk(document, { fs, store, languages }, ({ encoding }) => ({
      file: new BytesTargetFile(`/ws/${target}`, fs, target, encoding),
      askAboutTarget: () => Promise.resolve(options.answer ?? 'cancel'),
    })),
    heldOutShare: options.heldOutShare ?? 0.1, languages, store, compute: options.compute ?? inProcess,
    view: { reviewer: 'anna', blind: options.blind ?? false, message: sentenceFor },
    ...(options.memory !== undefined && { memory: options.memory }),
    ...(options.propagation !== undefined && { propagation: options.propagation }),
    listener: {
      onSegment: (view) => { told.views.push(view); },
      onProgress: (progress) => { told.progress.push(progress); },
      onOutcome: (outcome) => { told.outcomes.push(outcome); },
    },
  });
  if (opened === undefined) throw new Error('the session was cancelled');
  return { ...opened, fs, store, ...told };
}

export async function translate(bench: Pick<Bench, 'session'>, backend = new FakeBackend(threeCandidates), signal = new AbortController().signal): Promise<RunResult> {
  const context = { backend, description: await backend.describe(), compute: inProcess, settings: defaultRun, aligner: 'none', version: '0.0.0' };
  return new TranslationRun(context, bench.session.pending(), bench.session).run(signal);
}

export function textOf(fs: FakeFileSystem, path: string): string {
  return fs.text(path);
}
