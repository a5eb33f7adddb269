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

/** The same for whole numbers alone, which is what gettext's forms are for: Czech has no `many` then, Polish no `other`. */
export function integerCategories(languageTag: string): readonly PluralCategory[] {
  try {
    const rules = new Intl.PluralRules(languageTag.replaceAll('_', '-'));
    const found = new Set(Array.from({ length: 201 }, (_, number) => rules.select(number)));
    return order.filter((category) => found.has(category));
  } catch {
    return ['other'];
  }
}
