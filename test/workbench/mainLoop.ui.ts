import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pick, takeFirst } from './support/questions.ts';
import { acts, focusedText, focusList, patient, settled, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** Translate File..., answered by keyboard as a person would on the first run. */
async function translate(workbench: Workbench): Promise<void> {
  await workbench.openFile('letter.en.md');
  await workbench.command('Interlinear: Translate File...');
  await workbench.page.locator('.quick-input-widget').getByText('Interlinear: Translate into').waitFor(patient);
  await pick(workbench, 'Japanese');
  await takeFirst(workbench, 'Interlinear: Translate with');
  await workbench.review().locator('.row').first().waitFor(patient);
}

describe('the main job in a real workbench', () => {
  it('translates, reviews by keyboard, writes the file and the journal, and comes back after a reload', async () => {
    await withWorkbench({ folder: 'test/fixtures/letter' }, async (workbench) => {
      const source = workbench.read('letter.en.md').toString();
      await translate(workbench);
      await workbench.screenshot('loop-1-streaming');
      await settled(workbench);
      const review = workbench.review();
      const first = await focusedText(workbench);
      await workbench.keys('h');
      await review.locator('table').first().waitFor({ state: 'attached', ...patient });
      await workbench.keys('d');
      await workbench.screenshot('loop-2-heatmap');
      await workbench.keys('1');
      await until('the accepted text is in the target', () => workbench.read('letter.ja.md').toString().startsWith(`# ${first}\n`));
      assert.equal(workbench.read('letter.ja.md').toString(), source.replace('A letter', first));
      await workbench.keys('x', '2', 'e');
      const editor = review.locator('textarea');
      await editor.waitFor(patient);
      await editor.fill('一日中雨でした。');
      await workbench.keys('Control+Enter');
      await until('the edit is in the target', () => workbench.read('letter.ja.md').toString().includes('一日中雨でした。'));
      await workbench.keys('u');
      await until('the undo is in the journal', () => acts(workbench).at(-1) === 'undo');
      await until('the undo is in the target', () => !workbench.read('letter.ja.md').toString().includes('一日中雨でした。'));
      assert.deepEqual(acts(workbench), ['accept', 'reject', 'accept', 'edit', 'undo']);
      await workbench.screenshot('loop-3-reviewed');
      const written = workbench.read('letter.ja.md');
      await workbench.reload();
      // The tab comes back by itself, with what was judged.
      await workbench.review().locator('.row').first().waitFor(patient);
      await workbench.page.locator('.statusbar-item', { hasText: '2/' }).waitFor(patient);
      assert.deepEqual(workbench.read('letter.ja.md'), written);
      await focusList(workbench);
      await workbench.keys('h');
      await workbench.review().locator('.heatmap-note', { hasText: 'aligner-en-ja' }).waitFor(patient);
      await workbench.screenshot('loop-4-reopened');
    });
  });
});
