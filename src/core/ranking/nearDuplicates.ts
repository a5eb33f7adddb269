/**
 * What two texts share that differ only in width, case, punctuation, symbols or white space: compatibility forms are
 * unified (NFKC), then all that is no letter, mark or number is left out. A text of nothing else is its own key.
 */
export function nearKey(text: string): string {
  const bare = text.normalize('NFKC').toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');
  return bare === '' ? text : bare;
}
