/** What the UI tests do and look at in a review: translate without questions, wait for files, read the journal. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Locator } from 'playwright-core';
import type { JudgmentEvent } from '../../../src/core/judgment/events.ts';
import type { Workbench } from './withWorkbench.ts';

/** Bounds a wait on a slow machine, not what the product may take. */
export const patient = { timeout: 90_000 };

/** PyTorch's threads wait for each other: on a machine whose cores others use as well, a step of two takes ten times that of one. */
export const oneThread = { OMP_NUM_THREADS: '1' };

/** User settings with which nothing is asked, and few candidates so that a file is translated soon. */
export const answered = {
  'interlinear.targetLanguage': 'ja',
  'interlinear.backend': 'embedded',
  'interlinear.candidates': 6,
  'interlinear.reviewer': 'tester',
};

/** Opens the file, translates it and waits until all of it has candidates. */
export async function translated(workbench: Workbench, name: string): Promise<void> {
  await startTranslation(workbench, name);
  await workbench.review().locator('.row.focused').first().waitFor(patient);
  await settled(workbench);
}

export async function startTranslation(workbench: Workbench, name: string): Promise<void> {
  await workbench.openFile(name);
  await workbench.command('Interlinear: Translate File...');
}

/** Waits until no translation is at work. */
export async function settled(workbench: Workbench): Promise<void> {
  const item = workbench.page.locator('.statusbar-item', { hasText: 'ja · embedded' });
  await item.waitFor(patient);
  await item.locator('.codicon-sync').waitFor({ state: 'detached', ...patient });
}

/** Every record of every writer; of one writer in its order. */
export function journal(workbench: Workbench): readonly JudgmentEvent[] {
  const folder = join(workbench.folder, '.interlinear', 'judgments');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line !== ''));
  // Written by the product's own journal, whose schema has its own tests.
  return lines.map((line) => JSON.parse(line) as JudgmentEvent).sort((a, b) => a.at.localeCompare(b.at) || a.sequence - b.sequence);
}

/** The acts in the journal, oldest first. */
export function acts(workbench: Workbench): readonly string[] {
  return journal(workbench).map(({ act }) => act);
}

export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patient.timeout;
  while (!(await held(check))) {
    if (Date.now() > deadline) assert.fail(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A file or an element that is not there yet is the same as one that does not say it yet. */
async function held(check: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}

export function put(workbench: Workbench, name: string, content: string | Uint8Array): void {
  writeFileSync(join(workbench.folder, name), content);
}

/**
 * Puts the keyboard into the candidate list, as its command does. The palette has that command only while the review is the
 * active editor, and an editor that was opened before it may take the focus late.
 */
export async function focusList(workbench: Workbench): Promise<void> {
  const active = workbench.page.locator('.editor-group-container.active .tab.active', { hasText: 'Review: ' });
  await until('the review is the active editor', async () => {
    if (!(await active.first().isVisible())) await workbench.page.locator('.tab', { hasText: 'Review: ' }).first().click({ timeout: 2000 });
    return active.first().isVisible();
  });
  await workbench.command('Interlinear: Review: Focus the Candidate List');
  await listHasKeyboard(workbench);
}

/** The list is what the keyboard goes to now, not only what it would go to in its page. */
export function listHasKeyboard(workbench: Workbench): Promise<void> {
  return until('the list has the keyboard', () => isInList(workbench));
}

function isInList(workbench: Workbench): Promise<boolean> {
  return workbench.review().locator('body').evaluate("document.hasFocus() && document.activeElement?.id === 'candidates'");
}

/** From an editor to the review beside it. A key on its way while an editor takes the focus is lost: it is pressed again. */
export async function comeBack(workbench: Workbench): Promise<void> {
  for (let attempt = 0; attempt < 15 && !(await isInList(workbench)); attempt++) {
    await workbench.keys('Control+2');
    await workbench.page.waitForTimeout(1000);
  }
  await listHasKeyboard(workbench);
}

export function toast(workbench: Workbench, text: string | RegExp): Locator {
  return workbench.page.locator('.notification-toast', { hasText: text }).first();
}

export async function dismissToasts(workbench: Workbench): Promise<void> {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.page.locator('.notification-toast').first().waitFor({ state: 'detached', ...patient });
}

/** The text of the candidate in focus. */
export async function focusedText(workbench: Workbench): Promise<string> {
  return (await workbench.review().locator('.row.focused .row-text').first().textContent(patient)) ?? '';
}

/** 1-based position of the segment in focus. */
export async function segmentNumber(workbench: Workbench): Promise<number> {
  return Number.parseInt((await workbench.review().locator('.source-position').first().textContent(patient)) ?? '', 10);
}

/** The candidate in focus once it stays: one that a new order has just put there is not accepted by Enter, since nobody has seen it. */
async function seenText(workbench: Workbench): Promise<string> {
  let text = await focusedText(workbench);
  for (let before = ''; before !== text; text = await focusedText(workbench)) {
    before = text;
    await workbench.page.waitForTimeout(600);
  }
  return text;
}

/** Accepts the focused candidate by its key, waits for the records that this makes, and answers its text. */
export async function acceptFocused(workbench: Workbench, records = 1): Promise<string> {
  const text = await seenText(workbench);
  const before = acts(workbench).length;
  await workbench.keys('Enter');
  await until('the accept is in the journal', () => acts(workbench).length === before + records);
  return text;
}

export async function closeEditors(workbench: Workbench): Promise<void> {
  await workbench.command('View: Close All Editors');
  await workbench.page.locator('.editor-group-container .tab').first().waitFor({ state: 'detached', ...patient });
}

/** A subtest; when it fails, `artifacts/screenshots/failure-TITLE.png` shows what the window showed. */
export async function step(t: TestContext, workbench: Workbench, title: string, work: (workbench: Workbench) => Promise<void>): Promise<void> {
  await t.test(title, async () => {
    await work(workbench).catch(async (error: unknown) => {
      await workbench.screenshot(`failure-${title.replaceAll(/\W+/gu, '-')}`);
      throw error;
    });
  });
}

/** What lies in one folder of `.interlinear`, all files together. */
export function stored(workbench: Workbench, room: string): string {
  const folder = join(workbench.folder, '.interlinear', room);
  if (!existsSync(folder)) return '';
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}
