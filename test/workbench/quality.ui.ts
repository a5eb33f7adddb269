import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { answer } from './support/questions.ts';
import { acts, answered, focusList, journal, listHasKeyboard, patient, put, step, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const source = '{\n  "greeting": "Hello %s, welcome to the library",\n  "hobby": "I read a book about 1984 cats",\n  "weather": "It is raining"\n}\n';
const target = '{\n  "greeting": "こんにちは％ｓ、図書館へようこそ",\n  "hobby": "猫の本をを読む",\n  "weather": "雨です"\n}\n';

function problem(workbench: Workbench, text: string): Locator {
  return workbench.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
}

/** Puts the cursor into the open editor, at `line:column`; wide characters count as two columns. */
async function goToLine(workbench: Workbench, place: string): Promise<void> {
  const { page } = workbench;
  await workbench.keys('Control+1', 'Control+G');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor(patient);
  await page.keyboard.type(place);
  await workbench.keys('Enter');
  await input.waitFor({ state: 'hidden', ...patient });
}

/** The quick fix whose title begins so, chosen by keys. */
async function quickFix(workbench: Workbench, title: string): Promise<void> {
  const { page } = workbench;
  const item = page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
  for (let attempt = 0; attempt < 10 && !(await item.isVisible()); attempt++) {
    await workbench.keys('Control+.');
    await item.waitFor({ timeout: 5000 }).catch(() => workbench.keys('Escape'));
  }
  await item.waitFor({ timeout: 1000 });
  const focused = page.locator('.action-widget .monaco-list-row.focused', { hasText: title });
  for (let attempt = 0; attempt < 5 && !(await focused.isVisible()); attempt++) await workbench.keys('ArrowDown');
  await workbench.screenshot(`quality-fix-${title.slice(0, 4)}`);
  await workbench.keys('Enter');
}

async function problems(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, 'app'));
  put(workbench, 'app/en.json', source);
  put(workbench, 'app/ja.json', target);
  await workbench.openFile('ja.json');
  await workbench.command('Interlinear: Check Translation');
  await problem(workbench, 'The particle stands twice').waitFor(patient);
  await problem(workbench, 'app/en.json, line 2').waitFor(patient);
  await workbench.screenshot('quality-problems');
}

async function mended(workbench: Workbench): Promise<void> {
  await goToLine(workbench, '3:20');
  await quickFix(workbench, 'Mend');
  await problem(workbench, 'The particle stands twice').waitFor({ state: 'detached', ...patient });
  await workbench.keys('Control+S');
  await until('the mended text is on disk', () => workbench.read('app/ja.json').toString() === target.replace('をを', 'を'));
}

async function dismissed(workbench: Workbench): Promise<void> {
  await goToLine(workbench, '3:14');
  await quickFix(workbench, 'Dismiss');
  await answer(workbench, 'the year is left out on purpose');
  await problem(workbench, '1984').waitFor({ state: 'detached', ...patient });
  const [event] = journal(workbench);
  assert.deepEqual([event?.act, event?.act === 'dismiss' && event.reason, event?.reviewer], ['dismiss', 'the year is left out on purpose', 'tester']);
}

async function inReview(workbench: Workbench): Promise<void> {
  await goToLine(workbench, '2:27');
  await quickFix(workbench, 'Open in the review');
  const review = workbench.review();
  await review.locator('.finding-button', { hasText: '%s' }).waitFor(patient);
  await workbench.screenshot('quality-review');
  await focusList(workbench);
  await workbench.keys('q');
  await answer(workbench, 'shown elsewhere');
  await until('the dismissal is in the journal', () => acts(workbench).at(-1) === 'dismiss');
  await review.locator('.finding-dismissed', { hasText: 'shown elsewhere' }).waitFor(patient);
  await listHasKeyboard(workbench);
  await workbench.keys('u');
  await until('the undo is in the journal', () => acts(workbench).at(-1) === 'undo');
  await review.locator('.finding-button', { hasText: '%s' }).waitFor(patient);
  await problem(workbench, '％ｓ').or(problem(workbench, 'Placeholder %s')).waitFor(patient);
}

async function looks(workbench: Workbench): Promise<void> {
  for (const [theme, kind] of [['Dark Modern', 'vscode-dark'], ['Light Modern', 'vscode-light'], ['Default High Contrast', 'vscode-high-contrast']] as const) {
    mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
    put(workbench, '.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(theme, async () => (await workbench.review().locator('body').getAttribute('data-vscode-theme-kind')) === kind);
    await workbench.screenshot(`quality-${kind}`);
  }
}

describe('the checks in a real workbench', () => {
  it('stand in the file and in the review, are mended, dismissed with a reason and taken back', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      await step(t, workbench, 'problems of the file', problems);
      await step(t, workbench, 'a quick fix', mended);
      await step(t, workbench, 'a dismissal with its reason', dismissed);
      await step(t, workbench, 'in the review', inReview);
      await step(t, workbench, 'in three themes', looks);
    });
  });
});
