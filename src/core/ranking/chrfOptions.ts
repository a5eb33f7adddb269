import { AppError } from '../errors.ts';

/** Settings of chrF, named as in sacrebleu; `defaultChrf` is its default, chrF2. */
export interface ChrfOptions {
  /** Longest character n-gram, 1 to 16. */
  readonly charOrder: number;
  /** Longest word n-gram: 0 is chrF, 2 is chrF++. 0 to 16. */
  readonly wordOrder: number;
  /** How many times recall weighs more than precision, above 0. */
  readonly beta: number;
  readonly lowercase: boolean;
  /** True counts white space among the characters. */
  readonly whitespace: boolean;
  /** Mean of the orders' F with a tiny floor (Moses, NLTK) in place of one F over the orders that both texts have. */
  readonly epsSmoothing: boolean;
}

export const defaultChrf: ChrfOptions = {
  charOrder: 6,
  wordOrder: 0,
  beta: 2,
  lowercase: false,
  whitespace: false,
  epsSmoothing: false,
};

/** chrF++ of Popović 2017: word 1-grams and 2-grams count beside the characters. */
export const chrfPlusPlus: ChrfOptions = { ...defaultChrf, wordOrder: 2 };

/** @throws AppError `ranking.badSettings` naming the first option out of range. */
export function checkChrfOptions(options: ChrfOptions): void {
  requireOrder('charOrder', options.charOrder, 1);
  requireOrder('wordOrder', options.wordOrder, 0);
  if (!(options.beta > 0 && Number.isFinite(options.beta))) {
    throw new AppError('ranking.badSettings', { name: 'beta', value: String(options.beta), allowed: 'above 0' });
  }
}

/** The options as sacrebleu prints them in its signature, e.g. `chrF2++|nc:6|nw:2|case:mixed|eff:yes|space:no`. */
export function chrfSignature(options: ChrfOptions): string {
  const name = `chrF${String(options.beta)}${options.wordOrder > 0 ? '+'.repeat(Math.min(options.wordOrder, 2)) : ''}`;
  return [
    name,
    `nc:${String(options.charOrder)}`,
    `nw:${String(options.wordOrder)}`,
    `case:${options.lowercase ? 'lc' : 'mixed'}`,
    `eff:${options.epsSmoothing ? 'no' : 'yes'}`,
    `space:${options.whitespace ? 'yes' : 'no'}`,
  ].join('|');
}

function requireOrder(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= 16) return;
  throw new AppError('ranking.badSettings', { name, value: String(value), allowed: `${String(least)} to 16` });
}
