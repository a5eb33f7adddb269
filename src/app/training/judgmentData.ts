/** A data folder made of the judgments of a workspace. */
import { join } from 'node:path';
import * as v from 'valibot';
import { splitHeldOut } from '../../core/evaluation/heldOut.ts';
import { parseLines } from '../../jobs/files.ts';
import type { JudgmentData, JudgmentDataParams } from '../../protocol/documents.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { StoreProblem } from '../../store/problem.ts';
import type { Watch } from '../../store/watch.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import { exportPreferencePairs } from '../exportPreferencePairs.ts';
import { rowsFile, type TrainingStage } from './jobData.ts';

const pairSchema = v.looseObject({
  prompt: v.string(), promptForm: v.string(), chosen: v.string(), bc: v.picklist([0, 1]), source: v.string(), document: v.string(),
});

export interface WrittenJudgmentData {
  readonly data: JudgmentData;
  readonly problems: readonly StoreProblem[];
}

/** Judgments hold no quality estimates, so they make no pools. */
export function trainsOnJudgments(stage: TrainingStage): boolean {
  return rowsFile[stage] === rowsFile.cpo || stage === 'sft';
}

/**
 * Writes `pairs.jsonl` (of all sources: `readJobData` splits them) with its card and, for supervised training, `sft.jsonl` and the pairs that the gate keeps for itself. A workspace without judgments gives empty files.
 * @throws AppError `store.*`, `input.invalid`; the signal's AbortError, before anything was written
 */
// The fourth follows work that may be long.
export async function writeJudgmentData(store: WorkspaceStore, fs: FileSystem, request: Omit<JudgmentDataParams, 'root'>, watch: Watch = {}): Promise<WrittenJudgmentData> {
  const { supervised, folder, version, acceptedOverSeen } = request;
  const { files, problems } = await exportPreferencePairs(store, fs, { out: join(folder, rowsFile.cpo), version, acceptedOverSeen, withHeldOut: true }, watch);
  const rows = parseLines(new TextDecoder().decode(await fs.read(files.rows) ?? new Uint8Array())).flatMap((line) => {
    const parsed = v.safeParse(pairSchema, line);
    return parsed.success ? [parsed.output] : [];
  });
  const good = rows.filter(({ bc }) => bc === 1).map(({ prompt, promptForm, chosen, source, document }) => ({ prompt, promptForm, completion: chosen, source, document }));
  const completions = new Set(good.map((row) => JSON.stringify(row)));
  const put = (name: string, lines: readonly string[]): Promise<void> => fs.writeAtomic(join(folder, name), new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')));
  if (supervised) {
    await put('sft.jsonl', [...completions]);
    await put('heldout.jsonl', splitHeldOut(rows, await store.heldOut.read()).heldOut.map((row) => JSON.stringify(row)));
  }
  const distinct = (names: readonly string[]): number => new Set(names).size;
  const data = { pairs: rows.length, supervised: completions.size, sources: distinct(rows.map(({ source }) => source)), documents: distinct(rows.map(({ document }) => document)) };
  return { data, problems };
}
