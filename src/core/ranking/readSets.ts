import * as v from 'valibot';
import type { Candidate, CandidateScores, SegmentRef } from '../candidate.ts';
import { AppError } from '../errors.ts';

/** One line of a candidates file: a segment with its candidates as they stand there, neither folded nor ranked. */
export interface CandidateLine {
  readonly segment: SegmentRef;
  readonly candidates: readonly Candidate[];
  /** Translations by people, where the line has them. */
  readonly references: readonly string[];
  /** What else the line held, to be written back beside the ranking; its signature above all. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const wholeFromOne = v.pipe(v.number(), v.integer(), v.minValue(1));
/** JSON written elsewhere often says null for a number that is not known. */
const maybeNumber = v.optional(v.nullable(v.pipe(v.number(), v.finite())));

const scores = v.object({
  mbr: v.optional(share),
  chrf: v.optional(share),
  critic: v.optional(share),
  sourceCoverage: v.optional(share),
  targetCoverage: v.optional(share),
  quality: v.optional(v.pipe(v.number(), v.finite())),
  hybrid: v.optional(v.pipe(v.number(), v.finite())),
  omittedWords: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const issue = v.object({
  kind: v.picklist(['placeholderMissing', 'placeholderExtra', 'empty', 'controlCharacters', 'truncated', 'notScored']),
  detail: v.string(),
});

const candidate = v.object({
  text: v.string(),
  count: v.optional(wholeFromOne, 1),
  logProb: maybeNumber,
  tokens: maybeNumber,
  origin: v.optional(v.string(), 'unknown'),
  origins: v.optional(v.array(v.string())),
  scores: v.optional(scores, {}),
  issues: v.optional(v.array(issue)),
});

const contractLine = v.looseObject({
  segment: v.object({
    id: v.string(),
    source: v.string(),
    sourceLanguage: v.string(),
    targetLanguage: v.string(),
    document: v.optional(v.string(), ''),
  }),
  candidates: v.array(candidate),
});

const wmtLine = v.looseObject({
  lp: v.pipe(v.string(), v.regex(/^[A-Za-z]+-[A-Za-z_]+$/, 'must be a language pair such as en-ja')),
  doc_id: v.string(),
  segment_id: v.union([v.number(), v.string()]),
  source: v.string(),
  refs: v.optional(v.array(v.object({ text: v.string() })), []),
  candidates: v.array(v.object({ system: v.string(), text: v.string() })),
});

/**
 * A line of our own candidates files, or of WMT24's ESA data (`lp`, `doc_id`, `segment_id`, systems' outputs).
 * Ranks and null numbers are dropped. @throws AppError `input.invalid` naming `where` and the first field that is wrong.
 */
export function parseCandidateLine(json: unknown, where: string): CandidateLine {
  if (typeof json === 'object' && json !== null && 'lp' in json) return fromWmt(check(wmtLine, json, where));
  const { segment, candidates, ...rest } = check(contractLine, json, where);
  return { segment, candidates: candidates.map(toCandidate), references: [], rest };
}

function fromWmt(line: v.InferOutput<typeof wmtLine>): CandidateLine {
  const [sourceLanguage = '', targetLanguage = ''] = line.lp.split('-');
  return {
    segment: {
      id: `${line.doc_id}#${String(line.segment_id)}`,
      source: line.source,
      sourceLanguage,
      targetLanguage: targetLanguage.replaceAll('_', '-'),
      document: line.doc_id,
    },
    candidates: line.candidates.map(({ system, text }) => ({ text, count: 1, origin: system, scores: {} })),
    references: line.refs.map((reference) => reference.text),
    rest: {},
  };
}

function toCandidate(found: v.InferOutput<typeof candidate>): Candidate {
  return {
    text: found.text,
    count: found.count,
    ...(typeof found.logProb === 'number' ? { logProb: found.logProb } : {}),
    ...(typeof found.tokens === 'number' ? { tokens: found.tokens } : {}),
    origin: found.origin,
    ...(found.origins === undefined ? {} : { origins: found.origins }),
    scores: toScores(found.scores),
    ...(found.issues === undefined ? {} : { issues: found.issues }),
  };
}

function toScores(found: v.InferOutput<typeof scores>): CandidateScores {
  const { mbr, chrf, critic, sourceCoverage, targetCoverage, quality, hybrid, omittedWords } = found;
  return {
    ...(mbr === undefined ? {} : { mbr }),
    ...(chrf === undefined ? {} : { chrf }),
    ...(critic === undefined ? {} : { critic }),
    ...(sourceCoverage === undefined ? {} : { sourceCoverage }),
    ...(targetCoverage === undefined ? {} : { targetCoverage }),
    ...(quality === undefined ? {} : { quality }),
    ...(hybrid === undefined ? {} : { hybrid }),
    ...(omittedWords === undefined ? {} : { omittedWords }),
  };
}

function check<S extends v.GenericSchema>(schema: S, json: unknown, where: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [first] = result.issues;
  const field = v.getDotPath(first);
  throw new AppError('input.invalid', { where, reason: field === null ? first.message : `${field}: ${first.message}` });
}
