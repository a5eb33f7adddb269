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
