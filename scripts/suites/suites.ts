/** The suites of `npm test`, in the order in which they run: what fails soonest comes first. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { exec } from '../support/exec.ts';
import { findTests, runNodeTests } from '../support/nodeTests.ts';
import { readJunit } from '../support/junit.ts';
import { check, merge, type SuiteResult } from '../support/results.ts';
import { inRoot } from '../support/root.ts';
import type { Suite } from './suite.ts';

const types: Suite = {
  name: 'types',
  needs: [],
  async run() {
    const runs = ['core', 'host', 'webview'].map(async (name) => {
      const { code, output } = await exec(process.execPath, ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${name}.json`]);
      return check(`tsc -p tsconfig.${name}.json`, code, output);
    });
    return merge(await Promise.all(runs));
  },
};

const lint: Suite = {
  name: 'lint',
  needs: [],
  async run() {
    const { code, output } = await exec(process.execPath, ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0']);
    return check('eslint .', code, output);
  },
};

const build: Suite = {
  name: 'build',
  needs: [],
  async run(prepared) {
    return prepared.build().then(() => check('node esbuild.mjs', 0, ''), (error: unknown) => check('node esbuild.mjs', 1, String(error)));
  },
};

const unit: Suite = {
  name: 'unit',
  needs: [],
  run: async () => runNodeTests(findTests('test/unit', '.test.ts'), { concurrency: availableParallelism() }),
};

const python: Suite = {
  name: 'python',
  needs: ['python'],
  async run(prepared) {
    const python = await prepared.python();
    const results = inRoot('build/pytest.xml');
    rmSync(results, { force: true });
    const tool = (name: string, ...args: string[]): ReturnType<typeof exec> => exec(python, ['-m', name, ...args], { cwd: inRoot('trainer') });
    const ruff = await tool('ruff', 'check', '.');
    const mypy = await tool('mypy', 'interlinear_trainer');
    const pytest = await tool('pytest', '-q', `--junitxml=${results}`);
    const tests = existsSync(results) ? readJunit(readFileSync(results, 'utf8')) : check('pytest', 1, pytest.output);
    const silent = pytest.code !== 0 && tests.failures.length === 0 ? [check('pytest', pytest.code, pytest.output)] : [];
    return merge([check('ruff check', ruff.code, ruff.output), check('mypy', mypy.code, mypy.output), tests, ...silent]);
  },
};

const webview: Suite = {
  name: 'webview',
  needs: ['browser'],
  run: async (prepared) => runNodeTests(findTests('test/webview', '.test.ts'), { concurrency: 1, env: { CHROMIUM: await prepared.browser() } }),
};

const workbench: Suite = {
  name: 'workbench',
  needs: ['build', 'workbench', 'browser'],
  async run(prepared) {
    await Promise.all([prepared.build(), prepared.workbench()]);
    const env = { CHROMIUM: await prepared.browser() };
    return runHostSuite(env);
  },
};

/** What a person does, in a real workbench in a real browser. */
const ui: Suite = {
  name: 'ui',
  needs: ['build', 'workbench', 'browser'],
  async run(prepared) {
    await Promise.all([prepared.build(), prepared.workbench()]);
    const env = { CHROMIUM: await prepared.browser() };
    const results: SuiteResult[] = [];
    // One at a time: each starts a server and a browser.
    for (const file of findTests('test/workbench', '.ui.ts')) results.push(await withMoreTries(file, env));
    return merge(results);
  },
};

/** Runs of a file of UI tests before its failure counts. */
const tries = 3;

/** Server, browser and model share a machine that may be busy: a file that fails is run again from the start, and that is printed. */
async function withMoreTries(file: string, env: Readonly<Record<string, string>>): Promise<SuiteResult> {
  for (let left = tries - 1; ; left--) {
    const result = await runNodeTests([file], { concurrency: 1, env });
    if (result.failures.length === 0 || left === 0) return result;
    for (const { test, detail } of result.failures) console.log(`failed, tried again: ${test}\n${detail}`);
  }
}

interface HostResults {
  readonly tests: readonly { readonly title: string; readonly outcome: 'pass' | 'fail' | 'skip'; readonly detail: string }[];
}

async function runHostSuite(browser: Readonly<Record<string, string>>): Promise<SuiteResult> {
  const file = inRoot('artifacts/suite/results.json');
  rmSync(file, { force: true });
  const env = { ...browser, INTERLINEAR_RESULTS: file, INTERLINEAR_ARTIFACTS: inRoot('artifacts/suite') };
  const { code, output } = await exec(process.execPath, ['--import', 'tsx', 'test/workbench/runTest.ts'], { env });
  const { tests } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as HostResults) : { tests: [] }; // written by our suite's index
  const result: SuiteResult = {
    passed: tests.filter(({ outcome }) => outcome === 'pass').length,
    failures: tests.filter(({ outcome }) => outcome === 'fail').map(({ title, detail }) => ({ test: title, detail })),
    skips: tests.filter(({ outcome }) => outcome === 'skip').map(({ title, detail }) => ({ test: title, reason: detail })),
  };
  const silent = code !== 0 && result.failures.length === 0;
  return silent ? merge([result, check('runTest.ts', code, output)]) : result;
}

const contract: Suite = {
  name: 'contract',
  needs: ['build', 'servers'],
  async run(prepared) {
    await Promise.all([prepared.build(), prepared.servers()]);
    return runNodeTests(findTests('test/contract', '.test.ts'), { concurrency: 1 });
  },
};

export const suites: readonly Suite[] = [types, lint, build, unit, python, webview, workbench, contract, ui];
