/** What a stored or given candidate set must look like. Pure. */
import * as v from 'valibot';
import type { CandidateSet } from './candidate.ts';
import { describeIssues, type Parsed } from './validation.ts';

const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const name = v.pipe(v.string(), v.minLength(1));

const issue = v.object({
  kind: v.picklist(['placeholderMissing', 'placeholderExtra', 'empty', 'controlCharacters', 'truncated', 'notScored']),
  detail: v.string(),
});

const candidate = v.object({
  text: v.string(),
  count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  logProb: v.exactOptional(finite),
  tokens: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  origin: v.string(),
  origins: v.exactOptional(v.array(v.string())),
  memory: v.exactOptional(v.object({ kind: v.picklist(['context', 'exact', 'fuzzy']), score: v.pipe(v.number(), v.minValue(0), v.maxValue(100)), source: v.string(), from: v.string(), inFile: v.exactOptional(v.literal(true)) })),
  teacher: v.exactOptional(v.literal(true)),
  scores: v.object({
    mbr: v.exactOptional(finite),
    chrf: v.exactOptional(finite),
    critic: v.exactOptional(finite),
    quality: v.exactOptional(finite),
    sourceCoverage: v.exactOptional(finite),
    omittedWords: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    targetCoverage: v.exactOptional(finite),
    hybrid: v.exactOptional(finite),
  }),
  rank: v.exactOptional(count),
  issues: v.exactOptional(v.array(issue)),
  termFaults: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const text = v.exactOptional(v.string());

const decisions = v.object({
  names: v.array(v.object({ source: v.string(), target: v.string() })),
  pronoun: text,
  register: v.exactOptional(v.picklist(['polite', 'plain'])),
});

const signature = v.object({
  backend: v.string(),
  model: v.string(),
  revision: v.string(),
  adapter: v.exactOptional(v.string()),
  promptFamily: v.string(),
  promptHash: v.string(),
  sampling: v.object({ n: count, temperature: finite, topP: finite, topK: finite, maxTokens: finite }),
  adaptive: v.exactOptional(v.object({ first: count, resamples: count, confidence: finite, utility: v.picklist(['chrf', 'chrf++']) })),
  seed: finite,
  steering: v.exactOptional(v.object({ round: count, instruction: v.exactOptional(v.string()), prefix: v.exactOptional(v.string()) })),
  teachers: v.exactOptional(v.array(v.string())),
  context: v.exactOptional(v.object({ previous: v.number(), cut: v.number(), hash: v.string(), decisions: v.exactOptional(decisions) })),
  brief: v.exactOptional(v.object({ audience: text, register: text, genre: text, notes: text })),
  auxiliary: v.exactOptional(v.picklist(['self', 'memory'])),
  terms: v.exactOptional(v.object({ count, hash: v.string() })),
  memory: v.exactOptional(v.object({ examples: count, hash: v.string() })),
  ranking: v.object({
    utility: v.picklist(['chrf', 'chrf++', 'comet', 'cometkiwi', 'http']),
    model: v.exactOptional(v.string()),
    includeSelf: v.boolean(),
    weights: v.picklist(['count', 'probability']),
    lambda: finite,
    normalisation: v.picklist(['zscore', 'raw']),
  }),
  aligner: v.string(),
  version: v.string(),
});

const candidateSetSchema = v.object({
  segment: v.object({ id: name, source: v.string(), sourceLanguage: name, targetLanguage: name, document: v.string() }),
  candidates: v.array(candidate),
  signature,
});

/** Checks a full set as the product writes it; what the schema does not name is left out of the result. */
export function parseCandidateSet(value: unknown): Parsed<CandidateSet> {
  const result = v.safeParse(candidateSetSchema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
