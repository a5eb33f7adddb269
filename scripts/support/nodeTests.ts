import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exec } from './exec.ts';
import type { Failure, Skip, SuiteResult } from './results.ts';
import { inRoot, root } from './root.ts';

const LAST_LINES = 40;

/** A line of `eventReporter.mjs` about a test or a suite of tests. */
interface ReportedTest {
  readonly kind: 'pass' | 'fail' | 'skip';
  readonly file: string;
  /** Names from the outermost `describe` inwards. */
  readonly path: readonly string[];
  readonly isSuite: boolean;
  /** It failed only because a test inside it did, which is reported on its own. */
  readonly subtestsFailed: boolean;
  /** The error, or the reason of a skip. */
  readonly detail: string;
  readonly milliseconds: number;
}
interface ReportedOutput {
  readonly kind: 'output';
  readonly file: string;
  readonly text: string;
}
type ReportLine = ReportedTest | ReportedOutput;

export interface NodeTestOptions {
  /** Test files at a time. */
  readonly concurrency: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Every file below a folder whose name ends so, found by walking: a new test file cannot be forgotten. */
export function findTests(folder: string, ending: string): string[] {
  if (!existsSync(inRoot(folder))) return [];
  const names = readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name)).sort();
}

/** Runs files with node's test runner. A file without a single test is a failure, and so is a run without results. */
export async function runNodeTests(files: readonly string[], options: NodeTestOptions): Promise<SuiteResult> {
  if (files.length === 0) return { passed: 0, failures: [{ test: 'node --test', detail: 'no test files were found' }], skips: [] };
  const reporter = inRoot('scripts/support/eventReporter.mjs');
  const args = ['--import', 'tsx', '--test', `--test-concurrency=${options.concurrency}`, `--test-reporter=${reporter}`, ...files];
  // A NODE_TEST_CONTEXT of an outer run would make this one report to it.
  const { code, stdout, output } = await exec(process.execPath, args, { env: { ...options.env, NODE_TEST_CONTEXT: undefined } });
  const result = summarise(parseLines(stdout));
  if (code === 0 || result.failures.length > 0) return result;
  return { ...result, failures: [{ test: 'node --test', detail: `ended with code ${code}\n${lastLines(output)}` }] };
}

function parseLines(stdout: string): ReportLine[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as ReportLine); // written by our own reporter
}

function summarise(lines: readonly ReportLine[]): SuiteResult {
  const printed = new Map<string, string>();
  const failures: Failure[] = [];
  const skips: Skip[] = [];
  let passed = 0;
  for (const line of lines) {
    if (line.kind === 'output') printed.set(line.file, (printed.get(line.file) ?? '') + line.text);
    else if (line.kind === 'skip') skips.push({ test: nameOf(line), reason: line.detail });
    else if (isEmptyFile(line)) failures.push({ test: nameOf(line), detail: 'the file holds no test' });
    else if (line.kind === 'fail' && !line.subtestsFailed) failures.push({ test: nameOf(line), detail: line.detail });
    else if (line.kind === 'pass' && !line.isSuite) passed++;
  }
  return { passed, failures: failures.map((failure) => withOutput(failure, printed)), skips };
}

/** Node reports a file that registers no test as one test with the file's own name. */
function isEmptyFile(test: ReportedTest): boolean {
  return test.kind === 'pass' && test.path.length === 1 && test.path[0] !== undefined && /\.(test|ui)\.ts$/.test(test.path[0]);
}

function nameOf(test: ReportedTest): string {
  return [relative(root, test.file), ...test.path].join(' > ');
}

function withOutput(failure: Failure, printed: ReadonlyMap<string, string>): Failure {
  const file = failure.test.split(' > ')[0] ?? '';
  const output = printed.get(inRoot(file));
  return output === undefined ? failure : { ...failure, detail: `${failure.detail}\n--- printed by ${file}\n${lastLines(output)}` };
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}
