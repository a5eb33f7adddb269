import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The sample letter over and over, with numbers so that no two copies are the same. */
export function longLetter(length: number): string {
  const letter = readFileSync(fileURLToPath(new URL('../../../samples/letter.en.md', import.meta.url)), 'utf8');
  const copies: string[] = [];
  for (let copy = 1, sum = 0; sum < length; copy++) {
    const next = letter.replaceAll('town', `town ${String(copy)}`).replaceAll('coat', `coat number ${String(copy)}`) + '\n';
    copies.push(next);
    sum += next.length;
  }
  return copies.join('');
}
