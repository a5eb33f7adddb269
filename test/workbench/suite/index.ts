/** Entry of the suite inside the extension host: finds every test file by walking its folder and writes the results. */
import Mocha from 'mocha';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SuiteResult {
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
  readonly detail: string;
}

export async function run(): Promise<void> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, forbidOnly: true });
  for (const name of readdirSync(folder).sort()) if (name.endsWith('.test.cjs')) mocha.addFile(join(folder, name));
  const tests: SuiteResult[] = [];
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      writeResults({ stats: runner.stats, tests });
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
    runner.on('pass', (test) => tests.push({ title: test.fullTitle(), outcome: 'pass', detail: '' }));
    runner.on('pending', (test) => tests.push({ title: test.fullTitle(), outcome: 'skip', detail: 'pending' }));
    runner.on('fail', (test, error: Error) => tests.push({ title: test.fullTitle(), outcome: 'fail', detail: error.stack ?? error.message }));
  });
}

function writeResults(results: object): void {
  const path = process.env['INTERLINEAR_RESULTS'];
  if (path === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(results));
}
