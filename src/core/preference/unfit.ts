/** Which texts must not become training data. Pure. */
import { isBroken } from '../quality/broken.ts';
import type { DropReason } from './dropped.ts';
import type { Relation } from './relations.ts';

/**
 * Controls, directional embeddings, overrides and isolates, the replacement character, non-characters, half characters.
 * Joiners and left-to-right marks are not among them: they are orthography in several scripts.
 */
const unwanted = /[\p{Cc}\u202A-\u202E\u2066-\u2069\uFFFD\uFFFE\uFFFF\p{Surrogate}]/u;
const layout = /[\t\n\r]/gu;

export function whyUnfit({ better, worse }: Pick<Relation, 'better' | 'worse'>): DropReason | undefined {
  const [chosen, rejected] = [plain(better.text), plain(worse.text)];
  if (chosen === '' || rejected === '') return 'empty';
  if (chosen === rejected) return 'sameText';
  if (worse.memory !== undefined && worse.count === 0) return 'memory';
  if (hasUnwanted(better.text) || hasUnwanted(worse.text)) return 'controlCharacters';
  return isBroken(better) ? 'brokenChosen' : undefined;
}

/** Texts that differ only in this have nothing to teach: Unicode composition and white space. */
function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function hasUnwanted(text: string): boolean {
  return unwanted.test(text.replace(layout, ''));
}
