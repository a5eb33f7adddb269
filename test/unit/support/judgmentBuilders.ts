/** Typed builders of sets and judgments for tests of the store, the fold and the pairs. */
import type { Candidate, CandidateSet, SegmentRef, Signature } from '../../../src/core/candidate.ts';
import { candidateHash, setHash } from '../../../src/core/hash.ts';
import type { Act, EventBase, JudgmentEvent, Shown } from '../../../src/core/judgment/events.ts';
import { promptHash, starterPrompt } from '../../../src/core/preference/prompt.ts';
import type { JudgmentDraft } from '../../../src/store/journalWriter.ts';

export const signature: Signature = {
  backend: 'embedded', model: 'starter-en-ja', revision: 'r1', promptFamily: 'starter', promptHash: promptHash(starterPrompt.template),
  sampling: { n: 16, temperature: 0.7, topP: 1, topK: 0, maxTokens: 128 }, seed: 7,
  ranking: { utility: 'chrf', includeSelf: true, weights: 'count', lambda: 0, normalisation: 'zscore' },
  aligner: 'statistical', version: '0.1.0',
};

export function buildSegment(parts: Partial<SegmentRef> = {}): SegmentRef {
  return { id: 's1', source: 'It is raining.', sourceLanguage: 'en', targetLanguage: 'ja', document: 'letter.en.md', ...parts };
}

export function buildCandidate(text: string, parts: Partial<Candidate> = {}): Candidate {
  return { text, count: 1, origin: 'starter-en-ja', scores: { mbr: 0.5 }, ...parts };
}

/** A set whose candidates are ranked in the given order. */
export function buildSet(texts: readonly string[], segment: Partial<SegmentRef> = {}): CandidateSet {
  return { segment: buildSegment(segment), candidates: texts.map((text, index) => buildCandidate(text, { rank: index + 1 })), signature };
}

export function shownOf(set: CandidateSet): Shown {
  return { set: setHash(set), order: set.candidates.map(({ text }) => candidateHash(text)), blind: false, elapsedMs: 1200 };
}

export function buildDraft(act: Act, parts: Partial<JudgmentDraft> = {}): JudgmentDraft {
  return {
    reviewer: 'anna', document: 'letter.en.md', segment: 's1', sourceLanguage: 'en', targetLanguage: 'ja', ...parts, ...act,
  };
}

/** Event number `sequence` of `writer`, one second after the one before. */
export function buildEvent(sequence: number, act: Act, parts: Partial<EventBase & { shown: Shown }> = {}): JudgmentEvent {
  const writer = parts.writer ?? 'w1';
  return {
    id: `${writer}-${String(sequence)}`, writer, sequence, reviewer: 'anna',
    at: new Date(Date.UTC(2026, 10, 21, 8, 0, sequence)).toISOString(),
    document: 'letter.en.md', segment: 's1', sourceLanguage: 'en', targetLanguage: 'ja', ...parts, ...act,
  };
}

export const hashOf = candidateHash;
