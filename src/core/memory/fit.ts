/** A unit's translation in the place of a segment: its inline codes become the segment's. Pure. */
import type { Candidate, CandidateIssue } from '../candidate.ts';
import { inspectCandidate, mark, maskSegment, unmask, type MaskedText } from '../document/placeholders.ts';
import type { Segment } from '../document/segment.ts';
import type { TextPair } from '../prompting/context.ts';
import { codesIn } from './tokens.ts';
import type { MemoryMatch, MemoryUnit } from './unit.ts';

type Maskable = Pick<Segment, 'source' | 'protectedSpans' | 'kind' | 'unit'>;

/**
 * A match as a candidate of the segment. The unit's codes are taken for the segment's in their order, if both have as many;
 * what then is missing or too much makes the candidate broken like any other. Linear.
 */
export function memoryCandidate({ unit, kind, score, inFile }: MemoryMatch, segment: Maskable): Candidate {
  const masked = maskSegment(segment);
  const { text, issues: lost } = unmask(memoryText(unit, masked), masked);
  const strange = codesIn(unit.source).map(({ range }) => unit.source.slice(range.start, range.end)).filter((code) => text.includes(code) && !segment.source.includes(code));
  const extra = strange.map((detail): CandidateIssue => ({ kind: 'placeholderExtra', detail }));
  const issues = [...lost, ...extra, ...inspectCandidate(text, segment.source)];
  return {
    text, count: 0, origin: 'memory', scores: {},
    memory: { kind, score, source: unit.source, from: unit.origin, ...(inFile === true && { inFile }) },
    ...(issues.length === 0 ? {} : { issues }),
  };
}

/** A unit as an example in a prompt: codes as the marks that the model is given for them. Undefined where they do not agree. */
export function memoryExample({ source, target }: MemoryUnit): TextPair | undefined {
  const masked = maskSegment({ source, protectedSpans: codesIn(source), kind: 'string' });
  const marked = memoryText({ source, target }, masked);
  return unmask(marked, masked).issues.length === 0 ? { source: masked.text, target: marked } : undefined;
}

/** A unit's target as the model would write it: the segment's marks in the place of its codes; codes that the unit's source has not stay as they are. */
export function memoryText({ source, target }: Pick<MemoryUnit, 'source' | 'target'>, masked: MaskedText): string {
  const own = codesIn(source).map(({ range }, index) => ({ number: index + 1, text: source.slice(range.start, range.end) }));
  return markCodes(target, own.length === masked.spans.length ? own : masked.spans);
}

/** A text with marks in the place of codes, from left to right; each code stands for one mark, and more of it stays. Linear. */
export function markCodes(text: string, codes: readonly { readonly number: number; readonly text: string }[]): string {
  let result = '';
  let at = 0;
  const free = new Set(codes);
  for (const { start, end, text: found } of stretches(text, codes.map((code) => code.text))) {
    const code = codes.find((candidate) => free.has(candidate) && candidate.text === found);
    if (code === undefined) continue;
    free.delete(code);
    result += text.slice(at, start) + mark(code.number);
    at = end;
  }
  return result + text.slice(at);
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where any of these texts stands, from left to right, the longest where several begin. */
function stretches(text: string, names: readonly string[]): readonly Stretch[] {
  const longestFirst = [...new Set(names)].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return [];
  const pattern = new RegExp(longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')).join('|'), 'gu');
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length, text: found }));
}
