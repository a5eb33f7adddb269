/** Candidates of a segment, as they are streamed, ranked, stored and shown. Pure. */
import type { StyleBrief } from './prompting/context.ts';
import type { Decisions } from './prompting/decisions.ts';
import type { MatchKind } from './memory/unit.ts';

export interface SegmentRef {
  readonly id: string;
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  /** Path of the source file, relative to the workspace folder, with `/`. */
  readonly document: string;
}

/** Scores are 0 to 1 and absent until computed: never NaN, never -1. */
export interface CandidateScores {
  /** Weighted mean utility against all candidates (method.md B). */
  readonly mbr?: number;
  /** The same by chrF: where a model's utility ranks, and while it has not scored yet. */
  readonly chrf?: number;
  /** Share of source words that are aligned: low means a possible omission. */
  readonly sourceCoverage?: number;
  /** Source words without a link here although most other candidates have one: possible omissions. */
  readonly omittedWords?: number;
  /** Share of target words that are aligned: low means a possible addition. */
  readonly targetCoverage?: number;
  /** Share of the critic's principles that are satisfied. */
  readonly critic?: number;
  /** A model's estimate without a reference, about 0 to 1 and not bounded. */
  readonly quality?: number;
  /** z(MBR) + λ·z(S_align) within the segment, or the raw form (decisions.md 16). Not bounded. */
  readonly hybrid?: number;
}

/** What is wrong with a candidate: it ranks last and, broken (quality/broken.ts), can neither be accepted nor become "chosen". */
export interface CandidateIssue {
  readonly kind: 'placeholderMissing' | 'placeholderExtra' | 'empty' | 'controlCharacters' | 'truncated' | 'notScored';
  readonly detail: string;
}

export interface Candidate {
  readonly text: string;
  /** How many samples gave exactly this text; weighs in MBR. 0 only where no sample gave it: a text of the translation memory or of the target file. */
  readonly count: number;
  /**
   * Sum of token log-probabilities, natural log, under the model that translated (T = 1): of the first such sample, or of a
   * teacher's or a memory's text where that model could score it.
   */
  readonly logProb?: number;
  /** Tokens of that sum; of a sample with its end token. */
  readonly tokens?: number;
  /** Model, adapter, file, "memory" or `existingOrigin` that wrote it. */
  readonly origin: string;
  /** All origins, when equal texts of several were folded into one candidate. */
  readonly origins?: readonly string[];
  /** Set where the translation memory has this text, with the match that gave it. */
  readonly memory?: MemoryOrigin;
  /** True for a teacher's: a second backend that adds to the pool. */
  readonly teacher?: true;
  readonly scores: CandidateScores;
  /** 1 is best; equal scores share the better rank. Absent where there is nothing to rank. */
  readonly rank?: number;
  readonly issues?: readonly CandidateIssue[];
  /** Glossary terms of the source that this text misses or breaks: of equal scores the one with fewer ranks first. Absent without terms. */
  readonly termFaults?: number;
}

/** Origin of a translation that the target file held before anybody accepted one in the review. */
export const existingOrigin = 'existing';

export interface MemoryOrigin {
  readonly kind: MatchKind;
  /** 0 to 100, as `matchScore`. */
  readonly score: number;
  /** What it is the translation of. */
  readonly source: string;
  /** Document or file that it came from. */
  readonly from: string;
  /** True where the document's own file proposes it: `alt-trans` and `match` of XLIFF. */
  readonly inFile?: true;
}

export interface Sampling {
  /** Candidates asked for, 1 to 1024. */
  readonly n: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** 0 to 1; 1 is off. */
  readonly topP: number;
  /** 0 is off. */
  readonly topK: number;
  readonly maxTokens: number;
}

export interface RankingSettings {
  /** `comet` needs a model of the user's; so does `cometkiwi`, which is no utility: its estimates without a reference give the order. `http`: an endpoint of the user's. */
  readonly utility: 'chrf' | 'chrf++' | 'comet' | 'cometkiwi' | 'http';
  /** Name and revision of the model behind the utility. */
  readonly model?: string;
  readonly includeSelf: boolean;
  readonly weights: 'count' | 'probability';
  /** λ of eq. 5; 0 leaves alignment out of the order. */
  readonly lambda: number;
  readonly normalisation: 'zscore' | 'raw';
}

/** What a reviewer asked for when nothing fitted. Neither text: more of the same. */
export interface Steering {
  /** 1, 2, 3 ... of the segment: each draws from a random stream of its own. */
  readonly round: number;
  /** "use 俺", "at most 20 characters". */
  readonly instruction?: string;
  /** The beginning that the candidates go on from, as the reviewer typed it. */
  readonly prefix?: string;
}

/** Earlier segments in the prompt (document mode). */
export interface UsedContext {
  /** How many were in it. */
  readonly previous: number;
  /** How many did not fit. */
  readonly cut: number;
  /** Names their texts. */
  readonly hash: string;
  /** What they decided for this segment: when something else stands there now, the set is stale. Absent in older sets. */
  readonly decisions?: Decisions;
}

/** When drawing stops before the number of candidates that was asked for (`core/ranking/adaptive.ts`). */
export interface AdaptiveSampling {
  /** Samples before the first look; then twice as many, and so on. */
  readonly first: number;
  /** Bootstrap resamples a look. */
  readonly resamples: number;
  /** Share of them that must pick the same text, 0 to 1. */
  readonly confidence: number;
  /** What picks in them; a model's utility is left for the finished set. */
  readonly utility: 'chrf' | 'chrf++';
}

/** Glossary terms that the source holds: in the prompt where it has a place for them, and what decides between equal scores. */
export interface UsedTerms {
  readonly count: number;
  /** Names them with their translations. */
  readonly hash: string;
}

/** Memory matches in the prompt, as examples. */
export interface UsedMemory {
  readonly examples: number;
  /** Names their texts. */
  readonly hash: string;
}

/** How a set was made: every stored number carries it. Stable key order when written. */
export interface Signature {
  readonly backend: string;
  readonly model: string;
  readonly revision: string;
  readonly adapter?: string;
  readonly promptFamily: string;
  readonly promptHash: string;
  /** `n` is the most that was to be drawn; the counts of the candidates say how many were. */
  readonly sampling: Sampling;
  /** Absent where all of them are drawn. */
  readonly adaptive?: AdaptiveSampling;
  readonly seed: number;
  /** Absent: drawn without being asked for by a reviewer. */
  readonly steering?: Steering;
  /** Models that added candidates as teachers. */
  readonly teachers?: readonly string[];
  /** Absent outside document mode. */
  readonly context?: UsedContext;
  /** Absent where the project says nothing of style, or the prompt has no place for it. */
  readonly brief?: StyleBrief;
  /** The model wrote an auxiliary translation first (PMP-S), or was given one where the memory holds it (PMP-O). */
  readonly auxiliary?: 'self' | 'memory';
  /** Absent where the source holds no term of the glossary. */
  readonly terms?: UsedTerms;
  /** Absent where no match was in the prompt. */
  readonly memory?: UsedMemory;
  readonly ranking: RankingSettings;
  readonly aligner: string;
  readonly version: string;
}

export interface CandidateSet {
  readonly segment: SegmentRef;
  readonly candidates: readonly Candidate[];
  readonly signature: Signature;
}
