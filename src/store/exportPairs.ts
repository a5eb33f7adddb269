/** Writes the preference pairs of a workspace to files (decisions.md 6). */
import { dirname, join } from 'node:path';
import type { SegmentRef } from '../core/candidate.ts';
import { AppError } from '../core/errors.ts';
import { buildCard, cardJson, cardMarkdown, type DataCard } from '../core/preference/card.ts';
import { exportTrl, type TrlOptions } from '../core/preference/exportTrl.ts';
import { buildPairs } from '../core/preference/pairs.ts';
import type { FileSystem } from './fileSystem.ts';
import type { StoreProblem } from './problem.ts';
import type { WorkspaceStore } from './workspaceStore.ts';

export interface ExportOptions extends Omit<TrlOptions, 'languageName'> {
  /** Absolute path: a file if it ends in `.jsonl`, else a folder. */
  readonly out: string;
  /** Version of Interlinear, for the card. */
  readonly version: string;
  readonly acceptedOverSeen?: boolean;
  readonly exclude?: (segment: SegmentRef) => boolean;
}

export interface ExportResult {
  /** Absolute paths of the rows and of the two forms of the card. */
  readonly rows: string;
  readonly cardMarkdown: string;
  readonly cardJson: string;
  readonly card: DataCard;
  readonly problems: readonly StoreProblem[];
}

/**
 * Reads the journal and the frozen sets, nothing else, so that every clone writes the same bytes.
 * @throws AppError `input.invalid` for a form that cannot be written; `store.diskFull`, `store.unwritable`.
 */
export async function exportPairs(store: WorkspaceStore, fs: FileSystem, options: ExportOptions): Promise<ExportResult> {
  const target = targetPaths(options.out);
  const { card, text, problems } = await readPairs(store, options);
  await fs.makeFolder(dirname(target.rows));
  const encoder = new TextEncoder();
  await fs.writeAtomic(target.rows, encoder.encode(text));
  await fs.writeAtomic(target.cardMarkdown, encoder.encode(cardMarkdown(card)));
  await fs.writeAtomic(target.cardJson, encoder.encode(cardJson(card)));
  return { ...target, card, problems };
}

interface ReadPairs {
  readonly card: DataCard;
  readonly text: string;
  readonly problems: readonly StoreProblem[];
}

async function readPairs(store: WorkspaceStore, options: ExportOptions): Promise<ReadPairs> {
  const { version, exclude, acceptedOverSeen = false } = options;
  const journal = await store.journal();
  const { sets, problems } = await store.sets.read(journal.events.flatMap(({ shown }) => shown === undefined ? [] : [shown.set]));
  const built = buildPairs(journal.events, sets, { acceptedOverSeen, ...(exclude === undefined ? {} : { exclude }) });
  const names = new Intl.DisplayNames(['en'], { type: 'language' });
  const exported = exportTrl(built.pairs, { ...options, languageName: (tag) => names.of(tag) ?? tag });
  const found = [...journal.problems, ...problems];
  const card = buildCard({
    version, acceptedOverSeen, pairs: exported.pairs, text: exported.text, dropped: [built.dropped, exported.dropped],
    damage: found.map(({ kind }) => kind),
  });
  return { card, text: exported.text, problems: found };
}

function targetPaths(out: string): Pick<ExportResult, 'rows' | 'cardMarkdown' | 'cardJson'> {
  if (out.endsWith('.parquet')) {
    throw new AppError('input.invalid', { where: out, reason: 'pairs are written as .jsonl, or into a folder; Parquet is not supported' });
  }
  const base = out.endsWith('.jsonl') ? out.slice(0, -'.jsonl'.length) : join(out, 'pairs');
  return { rows: `${base}.jsonl`, cardMarkdown: `${base}.card.md`, cardJson: `${base}.card.json` };
}
