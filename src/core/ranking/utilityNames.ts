import type { RankingSettings } from '../candidate.ts';

/** Utilities by the names that people know them by; the same in every language. */
export const utilityNames = { chrf: 'chrF', 'chrf++': 'chrF++', comet: 'COMET', cometkiwi: 'CometKiwi', http: 'HTTP' } as const satisfies Readonly<Record<RankingSettings['utility'], string>>;
