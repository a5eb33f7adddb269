/** Which texts must not become training data. Pure. */
import type { DropReason } from './dropped.ts';
import type { Relation } from './relations.ts';

/**
 * C0 and C1 controls but tab and line ends, directional embeddings, overrides and isolates, the replacement character,
 * non-characters. Joiners and left-to-right marks stay: they are orthography in several scripts.
 */
const unwanted = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFFD\uFFFE\uFFFF]/u;
const loneSurrogate = /\p{Surrogate}/u;

export function whyUnfit({ better, worse }: Pick<Relation, 'better' | 'worse'>): DropReason | undefined {
  const [chosen, rejected] = [plain(better.text), plain(worse.text)];
  if (chosen === '' || rejected === '') return 'empty';
  if (chosen === rejected) return 'sameText';
  if (hasUnwanted(better.text) || hasUnwanted(worse.text)) return 'controlCharacters';
  return (better.issues ?? []).length > 0 ? 'brokenChosen' : undefined;
}

/** Texts that differ only in this have nothing to teach: Unicode composition and white space. */
function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function hasUnwanted(text: string): boolean {
  return unwanted.test(text) || loneSurrogate.test(text);
}
