import * as fc from 'fast-check';
import type { TokenPair } from '../../../src/core/alignment/aligner.ts';

const sourceWord = fc.constantFrom('the', 'a', 'dog', 'cat', 'sees', 'big', '3', '⟦1⟧');
const targetWord = fc.constantFrom('le', 'un', 'chien', 'chat', 'voit', 'grand', '3', '⟦1⟧');

/** Pairs of up to six words a side, some of them empty. */
export const tokenPair = fc.record({
  source: fc.array(sourceWord, { maxLength: 6 }),
  target: fc.array(targetWord, { maxLength: 6 }),
});

export const tokenPairs = fc.array(tokenPair, { minLength: 1, maxLength: 12 });

/** `words('a b')` is `['a', 'b']`. */
export function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** A toy corpus from which every word's counterpart can be learned. */
export const toyCorpus: readonly TokenPair[] = [
  ['the dog sees', 'le chien voit'],
  ['the cat sees', 'le chat voit'],
  ['the dog', 'le chien'],
  ['the cat', 'le chat'],
  ['a dog', 'un chien'],
  ['a cat', 'un chat'],
  ['a big dog', 'un grand chien'],
  ['the big cat', 'le grand chat'],
].map(([source = '', target = '']) => ({ source: words(source), target: words(target) }));
