/** What the target file held before the review, as one of the candidates. */
import { existingOrigin, type Candidate, type CandidateSet, type SegmentRef } from '../../core/candidate.ts';
import { candidateHash } from '../../core/hash.ts';
import { genericPrompt, promptHash } from '../../core/preference/prompt.ts';
import { textIssues } from '../../core/quality/broken.ts';
import { defaultRanking } from '../settings.ts';

export interface WithExisting {
  readonly ref: SegmentRef;
  /** What the target file holds, or held before anybody accepted something here. */
  readonly existing: string | undefined;
}

/** It was not drawn, so it counts for no sample and has no score. */
export function existingCandidate({ source, sourceLanguage, targetLanguage }: SegmentRef, text: string): Candidate {
  const issues = textIssues({ source, translation: text, sourceLanguage, targetLanguage });
  return { text, count: 0, origin: existingOrigin, scores: {}, ...(issues.length === 0 ? {} : { issues }) };
}

/** The set as it is judged: the file's own translation stood beside its candidates, or was one of them. Without any set, one of it alone. */
export function withExisting({ ref, existing }: WithExisting, set: CandidateSet | undefined): CandidateSet | undefined {
  if (existing === undefined) return set;
  if (set === undefined) return { segment: ref, candidates: [existingCandidate(ref, existing)], signature: fileSignature };
  const drawn = set.candidates.some(({ text }) => text === existing);
  const candidates = drawn
    ? set.candidates.map((candidate) => (candidate.text === existing ? { ...candidate, origins: [...originsOf(candidate), existingOrigin] } : candidate))
    : [...set.candidates, existingCandidate(ref, existing)];
  return { ...set, candidates };
}

/** A judged set as it was drawn, and what the file held then; no set where nothing was drawn. */
export function withoutExisting(set: CandidateSet): { readonly drawn: CandidateSet | undefined; readonly existing: string | undefined } {
  const existing = set.candidates.find((candidate) => originsOf(candidate).includes(existingOrigin));
  if (existing === undefined) return { drawn: set, existing: undefined };
  if (set.signature.backend === existingOrigin) return { drawn: undefined, existing: existing.text };
  const candidates = set.candidates.flatMap((candidate) => (candidate === existing ? drawnPart(candidate) : [candidate]));
  return { drawn: { ...set, candidates }, existing: existing.text };
}

/** Whether an act names the file's own translation. */
export function isExisting({ existing }: Pick<WithExisting, 'existing'>, candidate: string): boolean {
  return existing !== undefined && candidateHash(existing) === candidate;
}

function originsOf({ origin, origins }: Candidate): readonly string[] {
  return origins ?? [origin];
}

function drawnPart(candidate: Candidate): readonly Candidate[] {
  if (candidate.origin === existingOrigin) return [];
  const { origins, ...rest } = candidate;
  const others = (origins ?? []).filter((origin) => origin !== existingOrigin);
  return [others.length > 1 ? { ...rest, origins: others } : rest];
}

/** Of a set that no model made: what is judged on it is exported under the plain prompt. */
const fileSignature: CandidateSet['signature'] = {
  backend: existingOrigin, model: existingOrigin, revision: '', promptFamily: genericPrompt.family, promptHash: promptHash(genericPrompt.template),
  sampling: { n: 1, temperature: 0, topP: 1, topK: 0, maxTokens: 1 }, seed: 0, ranking: defaultRanking, aligner: '', version: '',
};
