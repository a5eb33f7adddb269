/** Answers to what VS Code asks at the top of its window. A busy machine shows a question before it takes an answer: each waits for that. */
import type { Locator } from 'playwright-core';
import { appears, typed } from './page.ts';
import { patient, until } from './reviewing.ts';
import type { Workbench } from './withWorkbench.ts';

/** The question that shows this text: its title, its placeholder or one of its rows. */
function question(workbench: Workbench, text: string): Locator {
  const widget = workbench.page.locator('.quick-input-widget');
  return widget.filter({ hasText: text }).or(widget.filter({ has: workbench.page.getByPlaceholder(text) })).first();
}

/** Takes the first row of the question that shows `text`. */
export async function takeFirst(workbench: Workbench, text: string): Promise<void> {
  const asked = question(workbench, text);
  await asked.locator('.monaco-list-row.focused').first().waitFor(patient);
  await workbench.keys('Enter');
}

/** Takes the row that holds `label`: typed, seen in focus, entered. */
export async function pick(workbench: Workbench, label: string): Promise<void> {
  const input = inputOf(workbench);
  const row = workbench.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).first();
  await input.waitFor(patient);
  await until(`"${label}" has the focus`, async () => (await typed(input, label)) && (await appears(row, 3000)));
  const chosen = await row.getAttribute('aria-label', patient);
  await workbench.keys('Enter');
  // a row of the next question may hold the label as well
  await until(`"${label}" is taken`, async () => !(await row.isVisible()) || (await row.getAttribute('aria-label', { timeout: 1000 })) !== chosen);
}

/** Answers the input box on screen. */
export async function answer(workbench: Workbench, text: string): Promise<void> {
  const input = inputOf(workbench);
  await input.waitFor(patient);
  await until('the answer is typed', async () => (await typed(input, text)) && (await keeps(workbench, input, text)));
  await workbench.keys('Enter');
}

/**
 * Answers a file dialog, which in the browser asks for a path. It completes what it was opened with a moment later, over what
 * is typed by then, and forgets a path that is entered while it reads a folder: then it is asked again.
 */
export async function answerPath(workbench: Workbench, path: string): Promise<void> {
  const input = inputOf(workbench);
  await until('the dialog has read its folder', async () => (await input.inputValue()).includes('/'));
  await until(`the path is taken: ${path}`, async () => {
    if (!(await typed(input, path)) || !(await keeps(workbench, input, path))) return false;
    await workbench.keys('Enter');
    return closes(workbench, input);
  });
}

/** The dialog is gone, or the next question, which asks for no path, has taken its place. */
async function closes(workbench: Workbench, input: Locator): Promise<boolean> {
  for (let attempt = 0; attempt < 25; attempt++) {
    if (!(await input.isVisible()) || !(await input.inputValue()).includes('/')) return true;
    await workbench.page.waitForTimeout(200);
  }
  return false;
}

function inputOf(workbench: Workbench): Locator {
  return workbench.page.locator('.quick-input-widget input').first();
}

async function keeps(workbench: Workbench, input: Locator, text: string): Promise<boolean> {
  await workbench.page.waitForTimeout(500);
  return (await input.inputValue()) === text;
}
