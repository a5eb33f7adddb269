import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pick } from './support/questions.ts';
import { answered, closeEditors, patient, put, settled, step, toast } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const rows = '.quick-input-list .monaco-list-row';

async function ask(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Translate File...');
  await workbench.page.locator('.quick-input-widget', { hasText: 'Interlinear: Translate File' }).waitFor(patient);
}

/** Nothing is open: the files are offered, one is found by typing, and Enter takes it. */
async function byKeyboard(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, 'docs'));
  put(workbench, 'docs/guide.en.md', 'It is raining.\n');
  put(workbench, 'picture.png', 'no text');
  await ask(workbench);
  await workbench.page.locator(rows, { hasText: 'guide.en.md' }).waitFor(patient);
  const offered = await workbench.page.locator(`${rows} .label-name`).allTextContents();
  assert.deepEqual(offered.map((text) => text.trim()), ['letter.en.md', 'guide.en.md']);
  await workbench.screenshot('picking-files');
  await pick(workbench, 'guide.en.md');
  await workbench.review().locator('.row.focused').first().waitFor(patient);
  await settled(workbench);
  await closeEditors(workbench);
}

async function goBack(workbench: Workbench): Promise<void> {
  await ask(workbench);
  await workbench.keys('Escape');
  await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden', ...patient });
  assert.equal(await workbench.page.locator('.editor-group-container .tab').count(), 0);
  assert.equal(await workbench.page.locator('.notification-toast').count(), 0);
}

async function nothingThere(workbench: Workbench): Promise<void> {
  for (const name of ['letter.en.md', 'docs']) rmSync(join(workbench.folder, name), { recursive: true });
  await workbench.command('Interlinear: Translate File...');
  await toast(workbench, 'No file of this folder has a format that can be translated.').waitFor(patient);
}

describe('Translate File with no file open', () => {
  it('offers the files that can be translated', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      await step(t, workbench, 'one is chosen by keyboard', byKeyboard);
      await step(t, workbench, 'going back does nothing', goBack);
      await step(t, workbench, 'a folder without such a file says so', nothingThere);
    });
  });
});
