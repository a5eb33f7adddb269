/** `npm test [-- SUITE...]`: sets up what the suites need, runs them, and prints counts, failures and every skip. */
import { existsSync, readFileSync } from 'node:fs';
import { makePreparation, type Preparation } from '../suites/preparation.ts';
import type { Suite } from '../suites/suite.ts';
import { suites } from '../suites/suites.ts';
import { isExpected, NOTHING, parseExpectedSkips, type ExpectedSkip, type SuiteResult } from '../support/results.ts';
import { inRoot } from '../support/root.ts';

export async function main(args: readonly string[]): Promise<number> {
  const names = suites.map(({ name }) => name);
  const unknown = args.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.log(`usage: npm test [-- SUITE...]   suites: ${names.join(', ')}${unknown === '--help' ? '' : `\nunknown suite: ${unknown}`}`);
    return unknown === '--help' ? 0 : 2;
  }
  const chosen = args.length === 0 ? suites : suites.filter(({ name }) => args.includes(name));
  const expected = readExpectedSkips();
  const prepared = makePreparation((line) => { console.log(`   ${line}`); });
  // Downloads go on while the first suites run; a suite that needs a failed one reports it.
  for (const need of new Set(chosen.flatMap(({ needs }) => needs))) prepared[need]().catch(() => undefined);
  const results = new Map<string, SuiteResult>();
  for (const suite of chosen) results.set(suite.name, await runSuite(suite, prepared, expected));
  return summarise(results);
}

function readExpectedSkips(): ExpectedSkip[] {
  const hasSharedData = existsSync(inRoot('../shared/data'));
  const conditions = new Map([
    ['always', true],
    ['no-shared-data', !hasSharedData],
  ]);
  return parseExpectedSkips(readFileSync(inRoot('test/expected-skips'), 'utf8'), conditions);
}

async function runSuite(suite: Suite, prepared: Preparation, expected: readonly ExpectedSkip[]): Promise<SuiteResult> {
  console.log(`== ${suite.name}`);
  const start = Date.now();
  const raw = await suite.run(prepared).catch((error: unknown): SuiteResult => ({ ...NOTHING, failures: [{ test: suite.name, detail: describe(error) }] }));
  const result = withFailuresOfItsOwn(suite.name, raw, expected);
  for (const { test, detail } of result.failures) console.log(`not ok: ${test}\n${indent(detail)}`);
  for (const { test, reason } of result.skips) console.log(`skipped: ${test}: ${reason}`);
  console.log(`   ${counts(result)} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

/** A skip that nobody announced and a suite without tests are failures: both hide that something is not tested. */
function withFailuresOfItsOwn(suite: string, result: SuiteResult, expected: readonly ExpectedSkip[]): SuiteResult {
  const unannounced = result.skips.filter((skip) => !isExpected(suite, skip, expected));
  const failures = unannounced.map(({ test, reason }) => ({ test, detail: `skipped, and test/expected-skips does not name it: ${reason}` }));
  const isEmpty = result.passed + result.failures.length + result.skips.length === 0;
  if (isEmpty) failures.push({ test: suite, detail: 'the suite ran no test' });
  return { passed: result.passed, failures: [...result.failures, ...failures], skips: result.skips.filter((skip) => !unannounced.includes(skip)) };
}

function summarise(results: ReadonlyMap<string, SuiteResult>): number {
  console.log('');
  const all = [...results.values()];
  for (const [name, result] of results) console.log(`${name.padEnd(10)} ${counts(result)}`);
  const failed = all.reduce((sum, { failures }) => sum + failures.length, 0);
  const passed = all.reduce((sum, result) => sum + result.passed, 0);
  const skipped = all.reduce((sum, { skips }) => sum + skips.length, 0);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 ? 0 : 1;
}

function counts({ passed, failures, skips }: SuiteResult): string {
  return `${passed} passed, ${failures.length} failed, ${skips.length} skipped`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function indent(text: string): string {
  return text.split('\n').map((line) => `   ${line}`).join('\n');
}
