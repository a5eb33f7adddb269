/** Which texts may never be accepted as they are, nor become "chosen" (method.md E). Pure. */
import type { Candidate, CandidateIssue } from '../candidate.ts';
import { inspectCandidate } from '../document/placeholders.ts';
import type { CheckInput } from './check.ts';
import { placeholders, tags } from './markup.ts';

/** A candidate that a metric gave no number for ranks last as well, but nothing is wrong with its text. */
export function isBroken({ issues = [] }: Pick<Candidate, 'issues'>): boolean {
  return issues.some(({ kind }) => kind !== 'notScored');
}

/** Those that can be accepted first, then the broken ones, each in the order given. */
export function brokenLast<T>(items: readonly T[], candidateOf: (item: T) => Pick<Candidate, 'issues'>): readonly T[] {
  const broken = items.filter((item) => isBroken(candidateOf(item)));
  return broken.length === 0 ? items : [...items.filter((item) => !isBroken(candidateOf(item))), ...broken];
}

/** The issues of a text that did not come out of a model's answer: placeholders and tags by their form, control characters. */
export function textIssues(input: CheckInput): readonly CandidateIssue[] {
  const markup = [...placeholders(input), ...tags(input)].map(({ detail }): CandidateIssue => ({
    kind: input.translation.includes(detail) ? 'placeholderExtra' : 'placeholderMissing', detail,
  }));
  return [...markup, ...inspectCandidate(input.translation, input.source)];
}
