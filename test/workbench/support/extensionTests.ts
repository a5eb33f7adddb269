/** Runs a mocha suite in the extension host of the browser workbench, and says truly how that went. */
import type { Page } from 'playwright-core';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'node:util';
import type { WorkbenchInstall } from '../../../scripts/support/workbenchInstall.ts';
import { launchBrowser, openFolder } from './page.ts';
import { startServer, type Server } from './server.ts';

export interface ExtensionTestRun {
  readonly install: WorkbenchInstall;
  readonly extension: string;
  /** Module that exports `run(): Promise<void>` and writes the results to the file that INTERLINEAR_RESULTS names. */
  readonly tests: string;
  readonly folder: string;
  readonly artifacts: string;
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Exit codes beside VS Code's own 0 (passed) and 1 (failed). */
export const NO_RESULTS = 70;
export const HOST_CRASHED = 71;
export const PAGE_CRASHED = 72;
export const TIMED_OUT = 124;

/** What the workbench prints about itself between the lines of the suite. */
const NOISE = /^\[?(ChatModelSelection|AgentHost|AccountPolicyGate|Creating a socket|Resolv|Service Worker|reconnection-grace|Updating additional|Ignoring fetching|Error while fetching the extension under development)/;

export async function runExtensionTests(run: ExtensionTestRun): Promise<number> {
  const results = run.env?.['INTERLINEAR_RESULTS'] ?? join(run.artifacts, 'results.json');
  rmSync(results, { force: true });
  const server = await startServer({ install: run.install, artifacts: run.artifacts, env: { ...run.env, INTERLINEAR_RESULTS: results } });
  try {
    const context = await launchBrowser(server);
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      const code = await watchRun(page, server, run);
      if (code !== 0) await page.screenshot({ path: join(run.artifacts, 'failure.png') }).catch(() => undefined); // the page may be what crashed
      return code === 0 ? confirm(results) : code;
    } finally {
      await context.close();
    }
  } finally {
    await server.stop();
  }
}

async function watchRun(page: Page, server: Server, run: ExtensionTestRun): Promise<number> {
  return new Promise((resolve, reject) => {
    setTimeout(() => { resolve(TIMED_OUT); }, run.timeoutMs).unref();
    page.on('crash', () => { resolve(PAGE_CRASHED); });
    server.onLine((line) => {
      if (!/Extension Host Process exited with code: (?!0,)/.test(line)) return;
      console.error(line);
      resolve(HOST_CRASHED);
    });
    openWithTests(page, server, run, resolve).catch(reject);
  });
}

/** The workbench itself calls these two functions of its page when it runs extension tests. */
async function openWithTests(page: Page, server: Server, run: ExtensionTestRun, finish: (code: number) => void): Promise<void> {
  await page.exposeFunction('codeAutomationExit', (code: number, logs: readonly { relativePath: string; contents: string }[] = []) => {
    for (const log of logs) save(join(run.artifacts, 'logs', log.relativePath), log.contents);
    finish(code);
  });
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    const line = format(...args);
    if (NOISE.test(line)) return;
    if (type === 'error') console.error(line);
    else console.log(line);
  });
  await openFolder(page, server, run.folder, { extensions: [run.extension], tests: run.tests });
}

function save(path: string, contents: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** VS Code reports an extension host that died as success: only the suite's own results can confirm it. */
function confirm(results: string): number {
  const { stats } = existsSync(results)
    ? (JSON.parse(readFileSync(results, 'utf8')) as { stats: { passes: number; failures: number } })
    : { stats: { passes: 0, failures: 0 } };
  if (stats.passes > 0 && stats.failures === 0) return 0;
  console.error('The run ended with code 0 but without results: the extension host died or ran no tests.');
  return NO_RESULTS;
}
