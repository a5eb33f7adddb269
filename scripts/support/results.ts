/** What a suite of tests came to, and whether its skips were announced. */
export interface Failure {
  readonly test: string;
  readonly detail: string;
}
export interface Skip {
  readonly test: string;
  readonly reason: string;
}
export interface SuiteResult {
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

export const NOTHING: SuiteResult = { passed: 0, failures: [], skips: [] };

export function merge(results: readonly SuiteResult[]): SuiteResult {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failures: results.flatMap((result) => result.failures),
    skips: results.flatMap((result) => result.skips),
  };
}

/** One check that either passes or fails, such as a compiler run. */
export function check(test: string, code: number, output: string): SuiteResult {
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failures: [{ test, detail: output.trimEnd() }] };
}

export interface ExpectedSkip {
  /** A condition of `test/expected-skips`; the line counts only where it holds. */
  readonly condition: string;
  readonly suite: string;
  readonly reason: RegExp;
}

/**
 * Reads `test/expected-skips`: one skip a line, `CONDITION SUITE REASON`, where `*` in the reason stands for any text.
 * @throws Error for a line of another shape or an unknown condition
 */
export function parseExpectedSkips(text: string, conditions: ReadonlyMap<string, boolean>): ExpectedSkip[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    const [, condition = '', suite = '', reason = ''] = /^(\S+)\s+(\S+)\s+(\S.*)$/.exec(line) ?? [];
    const holds = conditions.get(condition);
    if (holds === undefined || reason === '') {
      throw new Error(`test/expected-skips, line ${index + 1}: expected CONDITION SUITE REASON with one of ${[...conditions.keys()].join(', ')}`);
    }
    return holds ? [{ condition, suite, reason: toPattern(reason) }] : [];
  });
}

function toPattern(reason: string): RegExp {
  const parts = reason.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

export function isExpected(suite: string, skip: Skip, expected: readonly ExpectedSkip[]): boolean {
  return expected.some((line) => line.suite === suite && line.reason.test(skip.reason));
}
