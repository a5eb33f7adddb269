/** Which findings a reviewer has dismissed. Pure. */
import type { Dismissal } from '../judgment/events.ts';
import type { Finding } from './check.ts';

/** Without a check it is the finding of somebody else, and none of ours to dismiss. */
type Dismissable = Pick<Finding, 'detail'> & Partial<Pick<Finding, 'check'>>;

/** Findings of one key in a segment are one finding: the candidates of a segment share their faults. */
export function dismissalKey({ check, detail }: Dismissable): string {
  return `${check ?? ''} ${detail}`;
}

/** What is left of the findings. */
export function undismissed<T extends Dismissable>(findings: readonly T[], dismissed: readonly Dismissal[]): readonly T[] {
  if (dismissed.length === 0) return findings;
  const keys = new Set(dismissed.map(dismissalKey));
  return findings.filter((finding) => !keys.has(dismissalKey(finding)));
}
