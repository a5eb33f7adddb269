/** What a person does with a server besides translating, by keys, against a real llama.cpp server. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { llamaCommand, withServers } from '../contract/support/servers.ts';
import { pick } from './support/questions.ts';
import { answered, focusList, patient, step, stored, toast, until } from './support/reviewing.ts';
import { webviewOf } from './support/page.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** The backend that translates has a place for earlier segments; the starter model behind it knows nothing of them. */
const contextTokens = 110;

async function startsServer(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Start Backend...');
  await pick(workbench, 'llama');
  const said = toast(workbench, /"llama" runs at http:\/\/127\.0\.0\.1:\d+/u);
  await said.waitFor(patient);
  await said.locator('.monaco-button', { hasText: 'Show Log' }).click();
  await until('the log is in its channel', () => /serving as process \d+/u.test(workbench.outputs()));
  await workbench.screenshot('backend-log');
  await workbench.command('View: Toggle Panel Visibility');
}

async function showsStatus(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Backend Status');
  await pick(workbench, 'llama');
  const page = webviewOf(workbench.page, 'vscode.markdown-language-features');
  await page.locator('h1', { hasText: 'llama' }).waitFor(patient);
  const text = await page.locator('body').innerText();
  assert.match(text, /llama-server/u);
  assert.match(text, /starter-en-ja/u);
  assert.match(text, /✔\s+Several candidates a request/u);
  assert.match(text, /What is missing[\s\S]*Log-probability of any text/u);
  await workbench.screenshot('backend-status');
  assert.equal(await workbench.page.locator('.tab.dirty').count(), 0, 'a page to read is nothing to save');
  await workbench.command('View: Close All Editors');
}

async function measures(workbench: Workbench): Promise<void> {
  await workbench.openFile('letter.en.md');
  await workbench.command('Interlinear: Translate File (Dry Run)');
  const said = toast(workbench, /segments with 6 candidates each: about \d+ tokens to read, \d+ to write, \d+ s \(\d+ tokens a second\)/u);
  await said.waitFor(patient);
  await workbench.screenshot('backend-dry-run');
  assert.equal(stored(workbench, 'candidates'), '', 'nothing was kept of what was measured');
  await said.locator('.monaco-button', { hasText: 'Translate Now' }).click();
}

async function translatesInDocumentMode(workbench: Workbench): Promise<void> {
  const item = workbench.page.locator('.statusbar-item', { hasText: 'ja · llama' });
  await item.waitFor(patient);
  await item.locator('.codicon-sync').waitFor({ state: 'detached', ...patient });
  await until('every set names what was in its prompt', () => /"context":\{"cut":[1-9]\d*,/u.test(stored(workbench, 'candidates')));
  const review = workbench.review();
  await review.locator('.row .chip', { hasText: 'teacher' }).first().waitFor(patient);
  await focusList(workbench);
  const context = review.locator('.source-context', { hasText: 'earlier segments' });
  for (let tries = 0; tries < 12 && !/did not fit/u.test((await context.textContent()) ?? ''); tries += 1) await workbench.keys('j');
  assert.match((await context.textContent()) ?? '', /did not fit/u);
}

async function looks(workbench: Workbench): Promise<void> {
  for (const [theme, name] of [['Dark Modern', 'dark'], ['Light Modern', 'light'], ['Dark High Contrast', 'contrast']] as const) {
    await workbench.command('Preferences: Color Theme');
    await pick(workbench, theme);
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot(`backend-document-${name}`);
  }
}

async function stopsServer(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Stop Backend...');
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: /master.*127\.0\.0\.1:\d+, teacher/u }).first().waitFor(patient);
  await workbench.screenshot('backend-stop');
  await pick(workbench, 'llama');
  await toast(workbench, /The server of "llama" has been stopped/u).waitFor(patient);
  await workbench.command('Interlinear: Stop Backend...');
  await toast(workbench, /The server of "master" has been stopped/u).waitFor(patient);
}

describe('what a person does with a server', () => {
  it('log, status, dry run, document mode with what was cut, a teacher', { timeout: 500_000 }, (t: TestContext) => withServers(t, async () => {
    const command = await llamaCommand({ slots: 2, threads: 1 });
    const settings = {
      ...answered,
      'interlinear.backend': 'llama',
      'interlinear.document.contextTokens': contextTokens,
      'interlinear.backends': [
        { name: 'llama', model: 'starter-en-ja', command, promptFamily: 'alma', promptForm: 'raw' },
        { name: 'master', model: 'starter-en-ja', command, teacher: true },
      ],
    };
    await withWorkbench({ folder: 'test/fixtures/letter', settings }, async (workbench) => {
      await step(t, workbench, 'a server is started, and its log shown', startsServer);
      await step(t, workbench, 'its status is a page to read', showsStatus);
      await step(t, workbench, 'a dry run says what it would take', measures);
      await step(t, workbench, 'document mode says what was cut, a teacher is marked', translatesInDocumentMode);
      await step(t, workbench, 'in every theme', looks);
      await step(t, workbench, 'the server is stopped', stopsServer);
    });
  }));
});
