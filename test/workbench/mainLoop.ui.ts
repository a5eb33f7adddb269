import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { JudgmentEvent } from '../../src/core/judgment/events.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** One segment's wait for the model is bounded by a slow machine, not by the product. */
const patient = { timeout: 90_000 };

/** Translate File..., answered by keyboard as a person would on the first run. */
async function translate(workbench: Workbench): Promise<void> {
  await workbench.openFile('letter.en.md');
  await workbench.command('Interlinear: Translate File...');
  const picker = workbench.page.locator('.quick-input-widget');
  await picker.getByText('Interlinear: Translate into').waitFor(patient);
  await workbench.page.keyboard.type('Japanese');
  await workbench.keys('Enter');
  await picker.getByText('Interlinear: Translate with').waitFor(patient);
  await workbench.keys('Enter');
  await workbench.review().locator('.row').first().waitFor(patient);
}

async function allTranslated(workbench: Workbench): Promise<void> {
  await workbench.page.locator('.statusbar-item', { hasText: 'ja · embedded' }).waitFor(patient);
  await workbench.page.locator('.statusbar .codicon-sync').waitFor({ state: 'detached', ...patient });
}

function journal(workbench: Workbench): readonly JudgmentEvent[] {
  const root = join(workbench.folder, '.interlinear', 'judgments');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  const lines = files.flatMap((name) => readFileSync(join(root, name), 'utf8').split('\n').filter((line) => line !== ''));
  // Written by the product's own journal, whose schema has its own tests.
  return lines.map((line) => JSON.parse(line) as JudgmentEvent).sort((a, b) => a.sequence - b.sequence);
}

async function eventually(what: string, check: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    try {
      if (check()) return;
    } catch {
      // A file that is not there yet is the same as one that does not say it yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`did not happen: ${what}`);
}

describe('the main job in a real workbench', () => {
  it('translates, reviews by keyboard, writes the file and the journal, and comes back after a reload', async () => {
    await withWorkbench({ folder: 'test/fixtures/letter' }, async (workbench) => {
      const source = workbench.read('letter.en.md').toString();
      await translate(workbench);
      await workbench.screenshot('loop-1-streaming');
      await allTranslated(workbench);
      const review = workbench.review();
      const first = await review.locator('.row.focused .row-text').first().innerText();
      await workbench.keys('h');
      await review.locator('table').first().waitFor({ state: 'attached', timeout: 60_000 });
      await workbench.keys('d');
      await workbench.screenshot('loop-2-heatmap');
      await workbench.keys('1');
      await eventually('the accepted text is in the target', () => workbench.read('letter.ja.md').toString().startsWith(`# ${first}\n`));
      assert.equal(workbench.read('letter.ja.md').toString(), source.replace('A letter', first));
      await workbench.keys('x', '2', 'e');
      const editor = review.locator('textarea');
      await editor.waitFor({ timeout: 60_000 });
      await editor.fill('一日中雨でした。');
      await workbench.keys('Control+Enter');
      await eventually('the edit is in the target', () => workbench.read('letter.ja.md').toString().includes('一日中雨でした。'));
      await workbench.keys('u');
      await eventually('the undo is in the journal', () => journal(workbench).at(-1)?.act === 'undo');
      await eventually('the undo is in the target', () => !workbench.read('letter.ja.md').toString().includes('一日中雨でした。'));
      assert.deepEqual(journal(workbench).map(({ act }) => act), ['accept', 'reject', 'accept', 'edit', 'undo']);
      await workbench.screenshot('loop-3-reviewed');
      const written = workbench.read('letter.ja.md');
      await workbench.reload();
      // The tab comes back by itself, with what was judged.
      await workbench.review().locator('.row').first().waitFor(patient);
      await workbench.page.locator('.statusbar-item', { hasText: '2/' }).waitFor(patient);
      assert.deepEqual(workbench.read('letter.ja.md'), written);
      await workbench.screenshot('loop-4-reopened');
    });
  });
});
