/** Plural categories of languages, from the CLDR data of the runtime. Pure. */

const order = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;

export type PluralCategory = (typeof order)[number];

export function isPluralCategory(name: string): name is PluralCategory {
  return order.some((category) => category === name);
}

/** Categories that a language's cardinal (or ordinal) numbers fall into, in CLDR's order; an unknown language has `other` alone. */
export function pluralCategories(languageTag: string, type: 'cardinal' | 'ordinal' = 'cardinal'): readonly PluralCategory[] {
  try {
    const { pluralCategories: found } = new Intl.PluralRules(languageTag.replaceAll('_', '-'), { type }).resolvedOptions();
    return order.filter((category) => found.includes(category));
  } catch {
    return ['other'];
  }
}

/** At most this many numbers stand for a category. */
const examplesAtMost = 4;
const wholeNumbers = [...Array.from({ length: 201 }, (_, number) => number), 1000, 1_000_000];
const fractions = [0.1, 0.5, 1.5, 2.5];

/**
 * The first numbers of a category, which tell a translator what it is for, and whether there are more of them; fractions where
 * no whole number is of it. Empty for what the language has not.
 */
export function pluralExamples(languageTag: string, category: string, type: 'cardinal' | 'ordinal' = 'cardinal'): { readonly numbers: readonly number[]; readonly more: boolean } {
  try {
    const rules = new Intl.PluralRules(languageTag.replaceAll('_', '-'), { type });
    const of = (numbers: readonly number[]): readonly number[] => numbers.filter((number) => rules.select(number) === category);
    const whole = of(wholeNumbers);
    const found = whole.length > 0 ? whole : of(fractions);
    return { numbers: found.slice(0, examplesAtMost), more: found.length > examplesAtMost || (whole.length === 0 && found.length > 0) };
  } catch {
    return { numbers: [], more: false };
  }
}

/** `pluralCategories` for whole numbers alone, which is what gettext's forms are for: Czech has no `many` then, Polish no `other`. */
export function integerCategories(languageTag: string): readonly PluralCategory[] {
  try {
    const rules = new Intl.PluralRules(languageTag.replaceAll('_', '-'));
    const found = new Set(Array.from({ length: 201 }, (_, number) => rules.select(number)));
    return order.filter((category) => found.has(category));
  } catch {
    return ['other'];
  }
}
