/** Checks of a translation: what each finds, and what it needs to know. Pure types. */
import type { RankingSettings } from '../candidate.ts';
import type { TextRange } from '../document/segment.ts';

export const checkIds = [
  'empty', 'sameAsSource', 'placeholders', 'tags', 'numbers', 'addresses', 'outerSpace', 'endPunctuation', 'brackets', 'repeatedWord',
  'doubleSpace', 'length', 'glossary', 'consistency', 'language', 'pluralForms', 'lineBreaks', 'hallucination', 'quickAccept',
  'jaStyle', 'jaWidth', 'jaParticle', 'jaEnding', 'jaQuotes', 'jaSpelling',
] as const;

export type CheckId = (typeof checkIds)[number];

/** An error breaks the product (a lost placeholder), a warning is probably wrong, a hint deserves a look. */
export type Severity = 'error' | 'warning' | 'hint';

export interface Finding {
  readonly check: CheckId;
  readonly severity: Severity;
  /** What is concerned, as it stands in the text: `%s`, `「`, `3.5`. */
  readonly detail: string;
  /** In the translation. */
  readonly range?: TextRange;
  /** The whole translation, mended; only where there is one right way. */
  readonly fix?: string;
}

export interface Term {
  readonly source: string;
  /** Allowed translations; empty for a term that only forbids. */
  readonly targets: readonly string[];
  readonly forbidden: readonly string[];
}

export interface CheckInput {
  readonly source: string;
  readonly translation: string;
  /** BCP 47 tags. */
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  /** In graphemes. */
  readonly maxLength?: number;
  readonly terms?: readonly Term[];
  /** Of a text that was accepted as it was drawn: its score among its own, and how long it was looked at. */
  readonly acceptance?: { readonly elapsedMs: number; readonly mbr: number; readonly utility: RankingSettings['utility'] };
}

export type Check = (input: CheckInput) => readonly Finding[];
