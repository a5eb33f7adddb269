/**
 * What the trainer says of a job before it runs: one JSON object on its standard output. Pure.
 * `test/fixtures/trainer/preflight.json` holds every field and is read by a test here and one in Python.
 */
import * as v from 'valibot';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { saidSchema } from './said.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const text = v.string();
const remark = v.object({ code: text, text, said: v.exactOptional(saidSchema) });
const ids = v.array(count);

const report = v.object({
  /** Empty: the job may start. */
  problems: v.array(remark),
  warnings: v.array(remark),
  base: v.exactOptional(v.object({ name: text, revision: text })),
  /** As in the `data` event, and how many rows are needed. */
  rows: v.exactOptional(v.object({ read: count, kept: count, dropped: v.record(text, count), validation: count, replay: count, needed: count })),
  /** Hashes of the chat template and of the vocabulary with its ids; the end token. */
  template: v.exactOptional(v.object({ chat: text, vocabulary: text, end: text })),
  plan: v.exactOptional(v.object({ steps: count, epochs: finite, batch: count, longest: count, maxLength: count })),
  /** Weights trained and in all; bytes of weights, gradients and Adam's moments; bytes of the disk. */
  cost: v.exactOptional(v.object({ trainable: count, total: count, memoryFixed: count, memoryFree: count, diskNeeded: count, diskFree: count })),
  /** Rows as the loss sees them: `prompt` is read, `learned` is learnt and must hold one end token, at its end. */
  examples: v.exactOptional(v.array(v.object({
    role: text, prompt: text, learned: text, promptIds: ids, learnedIds: ids, promptHash: text, endTokens: count, endsWithEnd: v.boolean(),
  }))),
  /** log P of some texts under the base, in nats, without the end token, which stands apart. */
  scored: v.exactOptional(v.array(v.object({ source: text, text, promptIds: ids, tokens: count, logProb: finite, endLogProb: finite }))),
  /** Upper bounds: every batch was the longest. Memory in bytes; `line` was written by the rehearsed adapter. */
  rehearsal: v.exactOptional(v.object({
    line: text, seconds: finite, stepSeconds: finite, trainingSeconds: finite, peakMemory: count, peakGpuMemory: count, checkpointBytes: count,
  })),
});

export type PreflightReport = v.InferOutput<typeof report>;

export function parsePreflight(value: unknown): Parsed<PreflightReport> {
  const result = v.safeParse(report, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
