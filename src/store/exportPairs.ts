/** Writes the preference pairs of a workspace to files (decisions.md 6). */
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SegmentRef } from '../core/candidate.ts';
import { AppError } from '../core/errors.ts';
import { buildCard, cardJson, cardMarkdown, type DataCard } from '../core/preference/card.ts';
import { mergeCounts } from '../core/preference/dropped.ts';
import { exportTrl, type TrlExport, type TrlOptions } from '../core/preference/exportTrl.ts';
import { buildPairs, type JudgedPair } from '../core/preference/pairs.ts';
import type { FileSystem } from './fileSystem.ts';
import type { StoreProblem } from './problem.ts';
import { step, type Watch } from './watch.ts';
import type { WorkspaceStore } from './workspaceStore.ts';

export interface ExportOptions extends TrlOptions {
  /** Absolute path: a file if it ends in `.jsonl`, with its card beside it; else a folder. */
  readonly out: string;
  /** Version of Interlinear, for the card. */
  readonly version: string;
  /** Adds accepted over merely seen, at most 2 a segment. */
  readonly acceptedOverSeen: boolean;
  /** True for segments that an evaluation keeps for itself. */
  readonly exclude?: (segment: SegmentRef) => boolean;
}

export interface ExportResult {
  readonly files: ExportFiles;
  /** With the number of rows and of what was dropped. */
  readonly card: DataCard;
  readonly problems: readonly StoreProblem[];
}

/** Absolute paths of what was written. */
export interface ExportFiles {
  readonly rows: string;
  readonly cardMarkdown: string;
  readonly cardJson: string;
}

/**
 * Writes the pairs of a workspace. Reads the journal and the frozen sets, nothing else, so that every clone writes the
 * same bytes.
 * @throws AppError `input.invalid` for a form that cannot be written or a workspace without a store;
 * `store.diskFull`, `store.unwritable`; the signal's AbortError, before anything was written.
 */
export async function exportPairs(store: WorkspaceStore, fs: FileSystem, options: ExportOptions, watch: Watch = {}): Promise<ExportResult> {
  const files = exportFiles(options.out);
  if (await fs.stat(join(store.root, '.interlinear')) === undefined) {
    throw new AppError('input.invalid', { where: store.root, reason: 'it has no .interlinear folder, so there are no judgments' });
  }
  const { card, text, problems } = await readPairs(store, options, watch);
  watch.signal?.throwIfAborted();
  await fs.makeFolder(dirname(files.rows));
  const encoder = new TextEncoder();
  await fs.writeAtomic(files.rows, encoder.encode(text));
  await fs.writeAtomic(files.cardMarkdown, encoder.encode(cardMarkdown(card)));
  await fs.writeAtomic(files.cardJson, encoder.encode(cardJson(card)));
  return { files, card, problems };
}

interface ReadPairs {
  readonly card: DataCard;
  readonly text: string;
  readonly problems: readonly StoreProblem[];
}

async function readPairs(store: WorkspaceStore, options: ExportOptions, watch: Watch): Promise<ReadPairs> {
  const { version, exclude, acceptedOverSeen } = options;
  const journal = await store.journal(watch);
  const { sets, problems } = await store.sets.read(journal.events.flatMap(({ shown }) => shown === undefined ? [] : [shown.set]), watch);
  const built = buildPairs(journal.events, sets, { acceptedOverSeen, ...(exclude === undefined ? {} : { exclude }) });
  const exported = await exportInSlices(built.pairs, options, watch);
  const found = [...journal.problems, ...problems];
  const card = buildCard({ version, acceptedOverSeen, exported, dropped: [built.dropped], damage: found.map(({ kind }) => kind) });
  return { card, text: exported.text, problems: found };
}

/** Rows are made some at a time, so that a cancel is heard. */
async function exportInSlices(pairs: readonly JudgedPair[], options: TrlOptions, watch: Watch): Promise<TrlExport> {
  const slices: TrlExport[] = [];
  for (let from = 0; from < pairs.length; from += sliceLength) {
    step(watch, from, pairs.length);
    slices.push(exportTrl(pairs.slice(from, from + sliceLength), options));
    await setImmediate();
  }
  return {
    rows: slices.flatMap(({ rows }) => rows),
    text: slices.map(({ text }) => text).join(''),
    dropped: mergeCounts(slices.map(({ dropped }) => dropped)),
    pairs: slices.flatMap((slice) => slice.pairs),
  };
}

const sliceLength = 200;

function exportFiles(out: string): ExportFiles {
  if (out.toLowerCase().endsWith('.parquet')) {
    throw new AppError('input.invalid', { where: out, reason: 'pairs are written as .jsonl, or into a folder; Parquet is not supported' });
  }
  const base = out.endsWith('.jsonl') ? out.slice(0, -'.jsonl'.length) : join(out, 'pairs');
  return { rows: `${base}.jsonl`, cardMarkdown: `${base}.card.md`, cardJson: `${base}.card.json` };
}
