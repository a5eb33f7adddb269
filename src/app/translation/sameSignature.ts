import { canonicalJson } from '../../core/canonicalJson.ts';
import type { Signature } from '../../core/candidate.ts';

/**
 * Whether a stored set was made the way this run makes sets. The prompt's hash is known only after the backend has rendered
 * a prompt, and refining changes the aligner without changing what was drawn: neither makes a set stale.
 */
export function sameSignature(a: Signature, b: Signature): boolean {
  const comparable = (signature: Signature): string => canonicalJson({ ...signature, promptHash: '', aligner: '' });
  return comparable(a) === comparable(b);
}
