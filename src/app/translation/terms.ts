/** What the glossary's terms do to a segment's candidates. */
import type { Candidate, SegmentRef, UsedTerms } from '../../core/candidate.ts';
import { canonicalJson } from '../../core/canonicalJson.ts';
import type { FoundTerm, GlossaryTerm } from '../../core/glossary/glossary.ts';
import { sha256Hex } from '../../core/hash.ts';
import { glossary } from '../../core/quality/candidates.ts';

/** The candidates with how many terms of their source each misses or breaks, as the check of terms counts. */
export function withTermFaults(candidates: readonly Candidate[], found: readonly FoundTerm[], { source, sourceLanguage, targetLanguage }: SegmentRef): readonly Candidate[] {
  const terms = distinct(found);
  if (terms.length === 0) return candidates;
  return candidates.map((candidate) => ({ ...candidate, termFaults: glossary({ source, translation: candidate.text, sourceLanguage, targetLanguage, terms }).length }));
}

function distinct(found: readonly FoundTerm[]): readonly GlossaryTerm[] {
  return [...new Set(found.map(({ term }) => term))];
}

export function usedTerms(found: readonly FoundTerm[]): UsedTerms {
  const terms = distinct(found).map(({ source, targets, forbidden }) => ({ source, targets, forbidden }));
  return { count: terms.length, hash: sha256Hex(canonicalJson(terms)).slice(0, 12) };
}
