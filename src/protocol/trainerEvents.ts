/**
 * Events of a training job, one JSON object a line in its `events.jsonl`, written by the trainer and read by whoever follows
 * the job. Pure. `test/fixtures/trainer/events.jsonl` holds each kind and is read by a test here and one in Python.
 */
import * as v from 'valibot';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { saidSchema } from './said.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const text = v.string();
const said = v.exactOptional(saidSchema);
const time = v.pipe(v.string(), v.isoTimestamp());

const event = v.variant('kind', [
  /** First of a run; `resumedAt` is the step of the checkpoint that a resumed one starts from. */
  v.object({
    kind: v.literal('started'), time, stage: text, pid: count, device: text, versions: v.record(text, text), seed: count, resumedAt: v.exactOptional(count),
  }),
  /** Rows read, kept and dropped by reason; validation rows are among the kept; replay rows are supervised ones to mix in. */
  v.object({ kind: v.literal('data'), time, read: count, kept: count, dropped: v.record(text, count), validation: count, replay: count }),
  /** `longest` in tokens, parameters as numbers of weights, `batch` in rows a step and process. */
  v.object({
    kind: v.literal('plan'), time, steps: count, epochs: finite, batch: count, trainable: count, total: count, longest: count,
  }),
  /**
   * After a step, at most four a second. NLLs and log P in nats a token; `accuracy` of the batch's pairs, `reward` the mean of
   * its samples. */
  v.object({
    kind: v.literal('step'), time, step: count, steps: count, loss: finite, learningRate: finite, gradNorm: v.exactOptional(finite),
    nll: v.exactOptional(finite), replayNll: v.exactOptional(finite), accuracy: v.exactOptional(share), margin: v.exactOptional(finite),
    chosenLogP: v.exactOptional(finite), entropy: v.exactOptional(finite), reward: v.exactOptional(finite), gpuBytes: v.exactOptional(count), stepSeconds: v.exactOptional(finite), secondsLeft: v.exactOptional(finite),
  }),
  /**
   * On validation rows; `guardNll` of held-back supervised rows; `score` is what the best checkpoint is chosen by. Of `samples` that the model wrote greedily, how many
   * are empty or loop, and their mean length; `seconds` is what the evaluation took. */
  v.object({
    kind: v.literal('evaluated'), time, step: count, accuracy: v.exactOptional(share), chosenLogP: v.exactOptional(finite),
    guardNll: v.exactOptional(finite), loss: v.exactOptional(finite), score: v.exactOptional(finite),
    samples: v.exactOptional(v.object({ count, empty: count, looping: count, tokens: finite })), seconds: v.exactOptional(finite),
  }),
  /** A whole checkpoint, path relative to the job directory. */
  v.object({ kind: v.literal('checkpoint'), time, step: count, path: text }),
  v.object({ kind: v.literal('warning'), time, code: text, text, said }),
  /** The model for the embedded engine, path relative to the job directory. */
  v.object({ kind: v.literal('exported'), time, path: text, revision: text }),
  /** Training ended before its last step; unless it was cancelled, the best checkpoint is saved and `finished` follows. */
  v.object({ kind: v.literal('stopped'), time, reason: v.picklist(['cancelled', 'earlyStop', 'tripwire']), step: count, text: v.exactOptional(text), said }),
  v.object({
    kind: v.literal('finished'), time, step: count, seconds: finite, output: v.picklist(['lora', 'full']), path: text, best: v.exactOptional(count),
  }),
  v.object({ kind: v.literal('failed'), time, code: text, text, said }),
]);

export type TrainerEvent = v.InferOutput<typeof event>;

/** Checks one event; what the schema does not name is left out of the result. */
export function parseTrainerEvent(value: unknown): Parsed<TrainerEvent> {
  const result = v.safeParse(event, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
