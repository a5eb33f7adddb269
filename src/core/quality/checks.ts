/** All checks of one translation. Pure. */
import { glossary, hallucination, quickAccept } from './candidates.ts';
import type { Check, CheckId, CheckInput, Finding } from './check.ts';
import { pluralForms } from './icu.ts';
import { jaEnding, jaParticle, jaQuotes, jaSpelling, jaStyle, jaWidth } from './japanese.ts';
import { language } from './language.ts';
import { addresses, apostrophes, lineBreaks, placeholders, tags } from './markup.ts';
import { numbers } from './numbers.ts';
import { brackets, endPunctuation } from './punctuation.ts';
import { doubleSpace, empty, length, outerSpace, repeatedWord, sameAsSource } from './text.ts';

/** Total but for `consistency`, which looks at a whole document. */
const checks: Readonly<Record<Exclude<CheckId, 'consistency'>, Check>> = {
  empty, sameAsSource, placeholders: (input) => [...placeholders(input), ...apostrophes(input)], tags, numbers, addresses, outerSpace, endPunctuation, brackets, repeatedWord, doubleSpace, length, glossary, language,
  pluralForms, lineBreaks, hallucination, quickAccept, jaStyle, jaWidth, jaParticle, jaEnding, jaQuotes, jaSpelling,
};

/** What the checks find, in their order. An empty translation has no other fault. Linear in the lengths. */
export function checkTranslation(input: CheckInput): readonly Finding[] {
  const nothing = empty(input);
  return nothing.length > 0 ? nothing : Object.values(checks).flatMap((check) => check(input));
}
