/** `gate.json` of a job as it is read back, and what people's verdicts make of it. */
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import { humanVerdict, type HumanVerdict, type VerdictRecord } from '../../core/evaluation/blindSession.ts';
import { decideGate, defaultThresholds, type Measurements } from '../../core/evaluation/gate.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { VerdictStore } from '../../store/verdictStore.ts';

const interval = v.object({ low: v.number(), high: v.number() });
const model = v.object({ model: v.string(), revision: v.string() });
const change = { before: v.number(), after: v.number(), change: v.number(), interval };
const winRate = v.object({
  judge: v.object({ kind: v.picklist(['people', 'metric', 'rule']), name: v.string(), look: v.exactOptional(v.object({ people: v.number(), at: v.number() })) }),
  result: v.object({ wins: v.number(), losses: v.number(), ties: v.number(), n: v.number(), rate: v.number(), interval }),
});
// What this version does not know of a report stays in it: hence the loose objects.
const measured = v.looseObject({
  winRate: v.exactOptional(winRate),
  accuracy: v.exactOptional(v.object({ ...change, pairs: v.number(), sources: v.number() })),
  unscoredPairs: v.exactOptional(v.number()),
  chrf: v.exactOptional(v.object({ ...change, n: v.number() })),
  chrfPreferred: v.exactOptional(v.object({ ...change, n: v.number() })),
  intoHubs: v.exactOptional(v.object({ ...change, n: v.number() })),
  omission: v.exactOptional(v.object({ ...change, n: v.number() })),
  metrics: v.exactOptional(v.array(v.object({ name: v.string(), ...change, n: v.number() }))),
  diversity: v.exactOptional(v.object({
    before: v.number(), after: v.number(), selfChrf: v.exactOptional(v.object({ before: v.number(), after: v.number() })),
  })),
});
const optional = v.exactOptional(v.number());
const check = v.looseObject({
  name: v.string(), state: v.picklist(['passed', 'failed', 'reported', 'notApplicable', 'notEvaluated']),
  value: optional, low: optional, high: optional, limit: optional, remark: v.exactOptional(v.object({ key: v.string(), values: v.exactOptional(v.record(v.string(), v.union([v.string(), v.number()]))) })),
});
const thresholds = v.object({
  winRateLow: v.number(), accuracyMargin: v.number(), leastPairs: v.number(), chrfMargin: v.number(), driftMargin: v.number(),
  omissionMargin: v.number(), leastOutputs: v.number(), metricMargin: optional, diversityFall: v.number(),
});
const gateSchema = v.looseObject({
  at: v.string(), before: model, after: model, heldOutUses: v.number(), host: v.exactOptional(v.string()), measured, thresholds: v.exactOptional(thresholds, defaultThresholds),
  decision: v.object({ outcome: v.picklist(['passed', 'failed', 'notEvaluated']), checks: v.array(check) }),
  outputs: v.array(v.looseObject({ source: v.string(), before: v.string(), after: v.string(), verdict: v.exactOptional(v.picklist(['new', 'old', 'tie'])) })),
});

export type GateRecord = v.InferOutput<typeof gateSchema>;

/** Undefined: the job has no gate yet. @throws AppError `gate.missing` for one that cannot be read */
export async function readGate(fs: FileSystem, job: string): Promise<GateRecord | undefined> {
  const bytes = await fs.read(join(job, 'gate.json'));
  if (bytes === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), gateSchema), new TextDecoder().decode(bytes));
  if (!parsed.success) throw new AppError('gate.missing', { job });
  return parsed.output;
}

/** Names the two models of a gate: verdicts of a session belong to them, whichever job asked. */
export function comparisonOf({ before, after }: Pick<GateRecord, 'before' | 'after'>): string {
  return `${before.revision}-${after.revision}`;
}

/** What people said of the same two outputs before goes into a gate that was run again. Undefined: the job has no gate. @throws AppError `gate.missing` */
export async function applyStoredVerdicts(fs: FileSystem, verdicts: Pick<VerdictStore, 'read'>, job: string): Promise<GateRecord | undefined> {
  const gate = await readGate(fs, job);
  return gate === undefined ? undefined : (await applyVerdicts(fs, job, gate, await verdicts.read(comparisonOf(gate)))).gate;
}

/** Writes what people said into the gate's report and decides anew. A judge that is no person is left alone until people have decided. */
export async function applyVerdicts(fs: FileSystem, job: string, gate: GateRecord, records: readonly VerdictRecord[]): Promise<{ readonly gate: GateRecord; readonly verdict: HumanVerdict }> {
  const verdict = humanVerdict(records, gate.outputs);
  const { winRate: old, ...others } = gate.measured;
  const { outcome } = verdict;
  const people = new Set(records.map(({ reviewer }) => reviewer)).size;
  const kept = old === undefined || old.judge.kind === 'people' ? {} : { winRate: old };
  const now = outcome.kind === 'waiting' ? kept : { winRate: { judge: { kind: 'people' as const, name: `${people} blind, look at ${outcome.look}`, look: { people, at: outcome.look } }, result: outcome.result } };
  const measurements: Measurements & typeof others = { ...others, ...now };
  const decision = decideGate(measurements, gate.thresholds);
  const updated: GateRecord = { ...gate, measured: measurements, decision: { outcome: decision.outcome, checks: decision.checks.map((one) => ({ ...one })) } };
  await fs.writeAtomic(join(job, 'gate.json'), new TextEncoder().encode(`${JSON.stringify(updated, undefined, 1)}\n`));
  return { gate: updated, verdict };
}
