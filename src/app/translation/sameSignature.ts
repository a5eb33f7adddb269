import { canonicalJson } from '../../core/canonicalJson.ts';
import type { Signature } from '../../core/candidate.ts';

/**
 * Whether a stored set was made the way this run makes sets. The prompt's hash is known only after the backend has rendered
 * a prompt, and refining changes the aligner without changing what was drawn: neither makes a set stale, nor
 * does a teacher, a memory match or a term that comes or goes. Whether earlier
 * segments were in the prompt counts; whether they read otherwise now is for the review to ask (`isFresh`).
 */
export function sameSignature(a: Signature, b: Signature): boolean {
  const comparable = (signature: Signature): string => canonicalJson({ ...signature, promptHash: '', aligner: '', teachers: [], memory: undefined, terms: undefined, context: signature.context !== undefined });
  return comparable(a) === comparable(b);
}
