import type { SuiteResult } from '../support/results.ts';
import type { Preparation } from './preparation.ts';

/** One named part of `npm test`. */
export interface Suite {
  readonly name: string;
  /** What must be set up before it runs; it is started for all chosen suites at once. */
  readonly needs: readonly (keyof Preparation)[];
  run(prepared: Preparation): Promise<SuiteResult>;
}
