/** Writes the preference pairs of a workspace to files (decisions.md 6). */
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SegmentRef } from '../core/candidate.ts';
import { AppError } from '../core/errors.ts';
import { buildCard, cardJson, cardMarkdown, type DataCard } from '../core/preference/card.ts';
import { mergeCounts } from '../core/preference/dropped.ts';
import { exportTrl, type TrlExport, type TrlOptions } from '../core/preference/exportTrl.ts';
import { buildPairs, type BuiltPairs, type JudgedPair } from '../core/preference/pairs.ts';
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
  /** Also pairs of sources that the workspace holds out: whoever trains on them cannot be judged by them. */
  readonly withHeldOut?: boolean;
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
  /** Pairs that are held out, beside the others in a folder: what the gate uses. */
  readonly heldOut: string | undefined;
  readonly cardMarkdown: string;
  readonly cardJson: string;
}

/**
 * Writes the pairs of a workspace; into a folder, those of held-out sources as `heldout.jsonl` beside them. Reads the journal, the frozen sets and what is held out, nothing else, so that every clone writes the
 * same bytes.
 * @throws AppError `input.invalid` for a form that cannot be written or a workspace without a store;
 * `store.diskFull`, `store.unwritable`; the signal's AbortError, before anything was written.
 */
export async function exportPairs(store: WorkspaceStore, fs: FileSystem, options: ExportOptions, watch: Watch = {}): Promise<ExportResult> {
  const files = exportFiles(options.out);
  if (await fs.stat(join(store.root, '.interlinear')) === undefined) {
    throw new AppError('input.invalid', { where: store.root, reason: 'it has no .interlinear folder, so there are no judgments' });
  }
  const { card, text, heldOut, problems } = await readPairs(store, options, watch);
  watch.signal?.throwIfAborted();
  await fs.makeFolder(dirname(files.rows));
  const encoder = new TextEncoder();
  await fs.writeAtomic(files.rows, encoder.encode(text));
  await fs.writeAtomic(files.cardMarkdown, encoder.encode(cardMarkdown(card)));
  await fs.writeAtomic(files.cardJson, encoder.encode(cardJson(card)));
  if (files.heldOut === undefined || heldOut === '') return { files: { ...files, heldOut: undefined }, card, problems };
  await fs.writeAtomic(files.heldOut, encoder.encode(heldOut));
  return { files, card, problems };
}

interface ReadPairs {
  readonly card: DataCard;
  readonly text: string;
  /** Rows of held-out sources, where they are not among the others. */
  readonly heldOut: string;
  readonly problems: readonly StoreProblem[];
}

async function readPairs(store: WorkspaceStore, options: ExportOptions, watch: Watch): Promise<ReadPairs> {
  const { version, acceptedOverSeen, withHeldOut = false } = options;
  const isHeldOut = await store.heldOut.read();
  const journal = await store.journal(watch);
  const { sets, problems } = await store.sets.read(journal.events.flatMap(({ shown }) => shown === undefined ? [] : [shown.set]), watch);
  const pairsOf = (exclude: (segment: SegmentRef) => boolean): BuiltPairs => buildPairs(journal.events, sets, { acceptedOverSeen, exclude });
  const built = pairsOf(({ source }) => !withHeldOut && isHeldOut(source));
  const exported = await exportInSlices(built.pairs, options, watch);
  const heldOut = withHeldOut ? '' : (await exportInSlices(pairsOf(({ source }) => !isHeldOut(source)).pairs, options, watch)).text;
  const found = [...journal.problems, ...problems];
  const card = buildCard({ version, acceptedOverSeen, withHeldOut, exported, dropped: [built.dropped], damage: found.map(({ kind }) => kind) });
  return { card, text: exported.text, heldOut, problems: found };
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
  return { rows: `${base}.jsonl`, heldOut: out.endsWith('.jsonl') ? undefined : join(out, 'heldout.jsonl'), cardMarkdown: `${base}.card.md`, cardJson: `${base}.card.json` };
}
