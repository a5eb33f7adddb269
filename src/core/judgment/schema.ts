/** What a line of a journal must look like: judgments come from files that other people and other versions wrote. Pure. */
import * as v from 'valibot';
import { checkIds } from '../quality/check.ts';
import { describeIssues, type Parsed } from '../validation.ts';
import type { JudgmentEvent } from './events.ts';

const name = v.pipe(v.string(), v.minLength(1));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/u, 'not a hash'));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const shown = v.object({
  set: hash,
  order: v.array(hash),
  blind: v.boolean(),
  elapsedMs: v.pipe(v.number(), v.minValue(0)),
});

const base = {
  id: name,
  writer: name,
  sequence: count,
  reviewer: name,
  at: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u, 'not a UTC time with milliseconds')),
  document: name,
  segment: name,
  sourceLanguage: name,
  targetLanguage: name,
  shown: v.exactOptional(shown),
  context: v.exactOptional(v.object({ key: v.exactOptional(v.string()), previous: v.exactOptional(v.string()), next: v.exactOptional(v.string()) })),
};

const eventSchema = v.variant('act', [
  v.object({
    ...base, act: v.literal('accept'), candidate: hash, leastBad: v.exactOptional(v.boolean()), bulk: v.exactOptional(v.boolean()),
  }),
  v.object({ ...base, act: v.literal('reject'), candidate: hash }),
  v.object({ ...base, act: v.literal('allBad') }),
  v.object({ ...base, act: v.literal('edit'), from: v.exactOptional(hash), text: v.string() }),
  v.object({ ...base, act: v.literal('prefer'), better: hash, worse: hash }),
  v.object({ ...base, act: v.literal('tie'), candidates: v.array(hash) }),
  v.object({ ...base, act: v.literal('rank'), groups: v.array(v.array(hash)) }),
  v.object({
    ...base, act: v.literal('idiom'), candidate: hash, value: v.picklist(['idiomatic', 'explained', 'literal', 'dropped', 'none']),
  }),
  v.object({ ...base, act: v.literal('style'), candidate: hash, value: v.picklist(['natural', 'awkward', 'wrongRegister', 'none']) }),
  v.object({ ...base, act: v.literal('comment'), text: v.string() }),
  v.object({ ...base, act: v.literal('external'), text: v.string() }),
  v.object({ ...base, act: v.literal('dismiss'), check: v.picklist(checkIds), detail: v.string(), reason: v.pipe(v.string(), v.regex(/\S/u, 'blank')) }),
  v.object({
    ...base, act: v.literal('propagate'), from: name, of: name, batch: v.exactOptional(name), text: v.exactOptional(v.string()),
    score: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99))),
  }),
  v.object({ ...base, act: v.literal('confirm'), text: v.string() }),
  v.object({ ...base, act: v.literal('undo'), of: name }),
]);

/** Checks one record; what the schema does not name is left out of the result. */
export function parseJudgment(value: unknown): Parsed<JudgmentEvent> {
  const result = v.safeParse(eventSchema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
