/** How alike two sources are. Pure. */
import { memoryTokens } from './tokens.ts';
import { PatternDistance } from './editDistance.ts';

/** Most that a source gets that is not the very same text. */
const nearlySame = 99;

/**
 * Score of two token sequences, 0 to 99: floor(100 × (1 − d / n)) with the Levenshtein distance d in tokens (one for an
 * insertion, a deletion or a substitution) and the tokens n of the longer one. 100 is kept for equal texts, so texts that
 * differ only in case, width or inline codes have 99.
 */
export function matchScore(distance: number, longer: number): number {
  return longer === 0 ? 0 : Math.min(nearlySame, Math.floor((100 * (longer - distance)) / longer + 1e-9));
}

/** Largest distance with which a pair of this length still has the score. */
export function distanceLimit(longer: number, score: number): number {
  return Math.floor((longer * (100 - Math.min(score, nearlySame))) / 100 + 1e-9);
}

/** A source on one line in NFC: texts that agree in this are the same. */
export function comparable(source: string): string {
  return source.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Score of two texts, 0 to 100; 100 for the same text. Cost: their lengths in tokens multiplied, by 32. */
export function sourceScore(a: string, b: string): number {
  if (comparable(a) === comparable(b)) return 100;
  const [pattern, text] = [memoryTokens(a), memoryTokens(b)];
  const longer = Math.max(pattern.length, text.length);
  return matchScore(new PatternDistance(pattern).to(text, { start: 0, end: text.length }, longer), longer);
}
