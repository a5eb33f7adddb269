/** How checks of foreign data answer: the value, or why not. Pure. */
import * as v from 'valibot';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The first problem of a failed check, with the path to it. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues;
  if (first === undefined) return 'not valid';
  const path = v.getDotPath(first);
  return path === null ? first.message : `${path}: ${first.message}`;
}
