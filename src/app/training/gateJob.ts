/** The gate of a finished job, and what is remembered of it. */
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { sha256Hex } from '../../core/hash.ts';
import { parseLines } from '../../jobs/files.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { gateAdapter, type GateReport, type OutputJudge, type SegmentMetric } from './gateAdapter.ts';
import type { GateSettings } from './gateSettings.ts';
import { parseHeldOutPairs, parseReferences } from './jobData.ts';
import type { Serving } from './serving.ts';

export interface JobGate {
  readonly fs: FileSystem;
  readonly workspace: string;
  readonly job: string;
  readonly before: Serving;
  readonly after: Serving;
  readonly judge?: OutputJudge;
  readonly metrics?: readonly SegmentMetric[];
  readonly settings?: GateSettings;
  /** What an adoption will record the new model as; undefined: what it says of itself. */
  readonly identity?: { readonly model: string; readonly revision: string };
  /** Where both were compared: `embedded`, or the name of a profile. */
  readonly host?: string;
  /** ISO time. */
  readonly at: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** `gate.json` of a job. */
export interface StoredGate extends GateReport {
  readonly at: string;
  readonly before: { readonly model: string; readonly revision: string };
  readonly after: { readonly model: string; readonly revision: string };
  readonly host?: string;
  /** How often this held-out set has been looked at, this time included (decisions.md 31). */
  readonly heldOutUses: number;
}

/** @throws AppError `gate.nothingHeldOut` and those of the backends */
export async function gateJob(gate: JobGate, signal: AbortSignal): Promise<StoredGate> {
  const { fs, job } = gate;
  const text = async (name: string): Promise<string> => new TextDecoder().decode(await fs.read(join(job, name)) ?? new Uint8Array());
  const [heldOut, references] = [await text('heldout.jsonl'), await text('references.jsonl')];
  const set = { pairs: parseHeldOutPairs(heldOut), references: parseReferences(references) };
  if (set.pairs.length + set.references.length === 0) throw new AppError('gate.nothingHeldOut', { job });
  const { before, after, judge, metrics, settings, onProgress } = gate;
  const report = await gateAdapter({ before, after, heldOut: set, ...(judge !== undefined && { judge }), ...(metrics !== undefined && { metrics }), ...settings, ...(onProgress !== undefined && { onProgress }) }, signal);
  const heldOutUses = await countUse(gate, sha256Hex(heldOut + references).slice(0, 16), report.decision.outcome);
  const [old, fresh] = [await before.describe(signal), await after.describe(signal)];
  const stored: StoredGate = {
    at: gate.at, before: { model: old.model, revision: old.revision }, after: gate.identity ?? { model: fresh.model, revision: fresh.revision }, heldOutUses,
    ...(gate.host !== undefined && { host: gate.host }), ...report,
  };
  await fs.writeAtomic(join(job, 'gate.json'), new TextEncoder().encode(`${JSON.stringify(stored, undefined, 1)}\n`));
  return stored;
}

/** Every look wears a held-out set: the count goes into the report. */
async function countUse({ fs, workspace, job, at }: JobGate, heldOut: string, outcome: string): Promise<number> {
  const path = join(workspace, '.interlinear', 'gates.jsonl');
  const before = parseLines(new TextDecoder().decode(await fs.read(path) ?? new Uint8Array()));
  const uses = before.filter((line) => typeof line === 'object' && line !== null && 'heldOut' in line && line.heldOut === heldOut).length;
  await fs.makeFolder(dirname(path));
  await fs.append(path, new TextEncoder().encode(`${JSON.stringify({ at, heldOut, job, outcome })}\n`));
  return uses + 1;
}
