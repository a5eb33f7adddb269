import type { Coverage } from '../alignment/aligner.ts';
import type { Candidate, CandidateScores, RankingSettings } from '../candidate.ts';
import { AppError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { chrfPlusPlus, defaultChrf } from './chrfOptions.ts';
import { foldCandidates } from './fold.ts';
import { hybridScores } from './hybrid.ts';
import { mbrScores } from './mbr.ts';
import type { Evidence, SquareUtilities } from './mbr.ts';
import { pairwiseChrf } from './pairwise.ts';

/** Scores closer than this are a tie: sums taken in another order differ by less. */
const tieWidth = 1e-9;

export interface RankingInput {
  /** U of every candidate (rows) against every candidate (columns), 0 to 1, in the order of the candidates given. */
  readonly utilityMatrix: Matrix | SquareUtilities;
  /** Coverage of each candidate, in their order; needed where λ is above 0. */
  readonly coverage?: readonly Coverage[];
  readonly settings: RankingSettings;
}

/**
 * Scores and ranks a segment's distinct candidates (fold them first) and returns them by rank, ties in the order given.
 *
 * A candidate with issues ranks below every sound one and is nobody's pseudo-reference; neither is a text of the translation
 * memory that no sample gave (count 0): it is a hypothesis among the model's samples, but says nothing of what they agree on. The order is that of the hybrid
 * score where λ > 0, else of S_MBR, and of equal scores the text with fewer term faults is first; the hybrid is left out where λ is 0. A single sample has rank 1 and no score.
 * @throws AppError `ranking.badSettings` for settings out of range, probability weights without log-probabilities,
 * λ > 0 without coverage, equal texts, or a matrix of the wrong size.
 */
export function rankCandidates(candidates: readonly Candidate[], input: RankingInput): Candidate[] {
  const { settings, coverage } = input;
  checkRankingSettings(settings);
  checkDistinct(candidates);
  const utilities = squareOf(input.utilityMatrix, candidates.length);
  const evidence = evidenceOf(candidates, settings.weights);
  const mbr = mbrScores(utilities, evidence, settings.includeSelf).map((score) => (Number.isFinite(score) ? score : undefined));
  const hybrid = settings.lambda > 0 ? hybridOf(mbr, evidence, input) : undefined;
  const scored = candidates.map((candidate, index): Scored => {
    const scores = mergeScores(candidate.scores, { mbr: mbr[index], hybrid: hybrid?.[index], coverage: coverage?.[index] });
    return { candidate: { ...candidate, scores }, key: (hybrid ?? mbr)[index] ?? 0, sound: isSound(candidate), place: index };
  });
  return withRanks(scored);
}

/** Ranks by the scores that the candidates have already, as `rankCandidates` would: for what came to be known since. Ties in the order given. */
export function rankByScores(candidates: readonly Candidate[]): Candidate[] {
  return withRanks(candidates.map((candidate, place) => ({ candidate, key: candidate.scores.hybrid ?? candidate.scores.mbr ?? 0, sound: isSound(candidate), place })));
}

/** Folds, scores with the chrF of the settings, and ranks. Cost: `pairwiseChrf` of the distinct texts. */
export function rankWithChrf(candidates: readonly Candidate[], settings: RankingSettings): Candidate[] {
  const folded = foldCandidates(candidates);
  const texts = folded.map((candidate) => candidate.text);
  const data = pairwiseChrf(texts, texts, chrfUtility(settings) === 'chrf++' ? chrfPlusPlus : defaultChrf);
  return rankCandidates(folded, { utilityMatrix: { size: texts.length, data }, settings });
}

/** The chrF of the settings. @throws AppError `ranking.badSettings` where they name a utility that needs a model */
export function chrfUtility({ utility }: RankingSettings): 'chrf' | 'chrf++' {
  if (utility === 'chrf' || utility === 'chrf++') return utility;
  throw new AppError('ranking.badSettings', { name: 'utility', value: utility, allowed: 'chrf, chrf++ where no model is named' });
}

/** S_align, 0 to 1 (method.md B). */
export function alignmentScore(coverage: Pick<Coverage, 'source' | 'target'>): number {
  return (coverage.source + coverage.target) / 2;
}

/** @throws AppError `ranking.badSettings` naming the first setting out of range. */
export function checkRankingSettings(settings: RankingSettings): void {
  requireOneOf('utility', settings.utility, ['chrf', 'chrf++', 'comet', 'cometkiwi', 'http']);
  requireOneOf('weights', settings.weights, ['count', 'probability']);
  requireOneOf('normalisation', settings.normalisation, ['zscore', 'raw']);
  if (Number.isFinite(settings.lambda) && settings.lambda >= 0) return;
  throw new AppError('ranking.badSettings', { name: 'lambda', value: String(settings.lambda), allowed: '0 or more' });
}

interface Scored {
  readonly candidate: Candidate;
  readonly key: number;
  readonly sound: boolean;
  /** Index among the candidates given. */
  readonly place: number;
}

function isSound(candidate: Candidate): boolean {
  return (candidate.issues ?? []).length === 0;
}

/** A text that nobody sampled. */
function isFromMemoryAlone({ count, memory }: Candidate): boolean {
  return count === 0 && memory !== undefined;
}

/** Its writer is another model than the one whose probabilities weigh. */
function isUnscoredTeachers({ teacher, logProb }: Candidate): boolean {
  return teacher === true && logProb === undefined;
}

function faultsOf({ candidate }: Scored): number {
  return candidate.termFaults ?? 0;
}

/** The leader of each group of ties gives the group its rank; within the group the order given stays. */
function withRanks(scored: readonly Scored[]): Candidate[] {
  const sorted = [...scored].sort((a, b) => Number(b.sound) - Number(a.sound) || (Math.abs(b.key - a.key) > tieWidth ? b.key - a.key : faultsOf(a) - faultsOf(b) || b.key - a.key));
  let rank = 1;
  const ranked = sorted.map((entry, index) => {
    const leader = sorted[rank - 1] ?? entry;
    if (entry.sound !== leader.sound || leader.key - entry.key > tieWidth || faultsOf(entry) !== faultsOf(leader)) rank = index + 1;
    return { ...entry, rank };
  });
  ranked.sort((a, b) => a.rank - b.rank || a.place - b.place);
  return ranked.map((entry) => ({ ...entry.candidate, rank: entry.rank }));
}

function hybridOf(mbr: readonly (number | undefined)[], evidence: Evidence, input: RankingInput): number[] | undefined {
  const { coverage, settings } = input;
  if (coverage?.length !== mbr.length) {
    throw new AppError('ranking.badSettings', { name: 'lambda', value: String(settings.lambda), allowed: '0 without an aligner' });
  }
  const known = mbr.filter((score) => score !== undefined);
  if (known.length !== mbr.length || known.length === 0) return undefined;
  const weights = evidence.kind === 'counts' ? evidence.counts : evidence.logProbs.map((value) => (value > -Infinity ? 1 : 0));
  return hybridScores({ mbr: known, align: coverage.map(alignmentScore), weights }, settings.lambda, settings.normalisation);
}

/** Scores found now over those the candidate came with; what ranking makes itself is never kept from before. */
function mergeScores(
  { mbr: _mbr, hybrid: _hybrid, ...others }: CandidateScores,
  found: { mbr: number | undefined; hybrid: number | undefined; coverage: Coverage | undefined },
): CandidateScores {
  const { mbr, hybrid, coverage } = found;
  return {
    ...others,
    ...(mbr === undefined ? {} : { mbr: Math.min(1, Math.max(0, mbr)) }),
    ...(coverage === undefined ? {} : { sourceCoverage: coverage.source, targetCoverage: coverage.target }),
    ...(hybrid === undefined ? {} : { hybrid }),
  };
}

function evidenceOf(candidates: readonly Candidate[], weights: RankingSettings['weights']): Evidence {
  if (weights === 'count') {
    return { kind: 'counts', counts: candidates.map((candidate) => (isSound(candidate) ? countOf(candidate) : 0)) };
  }
  const logProbs = candidates.map((candidate) => {
    if (!isSound(candidate) || isFromMemoryAlone(candidate) || isUnscoredTeachers(candidate)) return -Infinity;
    if (candidate.logProb !== undefined && Number.isFinite(candidate.logProb)) return candidate.logProb;
    const allowed = `count, because the candidate of ${candidate.origin} has no log-probability`;
    throw new AppError('ranking.badSettings', { name: 'weights', value: 'probability', allowed });
  });
  return { kind: 'logProbs', logProbs };
}

function countOf(candidate: Candidate): number {
  if (Number.isInteger(candidate.count) && (candidate.count >= 1 || isFromMemoryAlone(candidate))) return candidate.count;
  throw new AppError('ranking.badSettings', { name: 'count', value: String(candidate.count), allowed: 'whole numbers from 1' });
}

function squareOf(matrix: Matrix | SquareUtilities, size: number): SquareUtilities {
  const [rows, cols] = 'size' in matrix ? [matrix.size, matrix.size] : [matrix.rows, matrix.cols];
  if (rows === size && cols === size && matrix.data.length === size * size) return { size, data: matrix.data };
  const value = `${String(rows)} × ${String(cols)}`;
  throw new AppError('ranking.badSettings', { name: 'utilityMatrix', value, allowed: `${String(size)} × ${String(size)}` });
}

function checkDistinct(candidates: readonly Candidate[]): void {
  if (new Set(candidates.map((candidate) => candidate.text)).size === candidates.length) return;
  throw new AppError('ranking.badSettings', { name: 'candidates', value: 'equal texts', allowed: 'distinct texts' });
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new AppError('ranking.badSettings', { name, value, allowed: allowed.join(', ') });
}
