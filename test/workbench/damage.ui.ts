import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { acceptFocused, answered, closeEditors, dismissToasts, focusList, patient, put, segmentNumber, settled, startTranslation, step, toast, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** One line of 100,000 characters is too long for the model: it says so, and the other segments are translated. */
async function longLine(workbench: Workbench): Promise<void> {
  put(workbench, 'long.en.txt', `Good morning.\n\n${'rain '.repeat(20_000)}\n\nIt is raining.\n`);
  await startTranslation(workbench, 'long.en.txt');
  await toast(workbench, /Segment 2 needs \d+ tokens; the model reads at most/u).waitFor(patient);
  await settled(workbench);
  await workbench.screenshot('damage-long-line');
  await dismissToasts(workbench);
  await focusList(workbench);
  const first = await acceptFocused(workbench);
  await until('the review goes on', async () => (await segmentNumber(workbench)) === 2);
  await workbench.screenshot('damage-long-line-segment');
  await workbench.keys('j');
  const last = await acceptFocused(workbench);
  await until('both are in the file', () => workbench.read('long.ja.txt').toString() === `${first}\n\n${'rain '.repeat(20_000)}\n\n${last}\n`);
  await closeEditors(workbench);
}

/** Garbage between two records: what can be read counts, the rest is set aside and told with its place. */
async function journalGarbage(workbench: Workbench): Promise<void> {
  await translated(workbench, 'letter.en.md');
  await focusList(workbench);
  for (let segment = 1; segment <= 2; segment++) await acceptFocused(workbench);
  await closeEditors(workbench);
  const folder = join(workbench.folder, '.interlinear', 'judgments', 'tester');
  const [name = ''] = readdirSync(folder);
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const at = lines.length;
  writeFileSync(join(folder, name), [...lines.slice(0, -1), '\u0000{"act":"acc', ...lines.slice(-1), ''].join('\n'));
  await startTranslation(workbench, 'letter.en.md');
  await toast(workbench, new RegExp(`line ${at}\\b`, 'iu')).waitFor(patient);
  await workbench.screenshot('damage-journal');
  await workbench.page.locator('.statusbar-item', { hasText: '2/7 ja' }).waitFor(patient);
  assert.equal(readdirSync(join(workbench.folder, '.interlinear', 'quarantine')).length, 1);
  await dismissToasts(workbench);
  await closeEditors(workbench);
}

async function tooLarge(workbench: Workbench): Promise<void> {
  put(workbench, 'large.en.txt', 'It rains.\n');
  await workbench.openFile('large.en.txt');
  truncateSync(join(workbench.folder, 'large.en.txt'), 51 * 1024 * 1024);
  await workbench.command('Interlinear: Translate File...');
  await toast(workbench, /large\.en\.txt/u).waitFor(patient);
  await workbench.screenshot('damage-too-large');
  assert.equal(statSync(join(workbench.folder, 'large.en.txt')).size, 51 * 1024 * 1024);
  await dismissToasts(workbench);
  await closeEditors(workbench);
  rmSync(join(workbench.folder, 'large.en.txt'));
}

async function unknownLanguage(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
  put(workbench, '.vscode/settings.json', '{"interlinear.targetLanguage": "qq-nowhere"}');
  await until('the setting is named', async () => {
    await startTranslation(workbench, 'letter.en.md');
    return toast(workbench, 'qq-nowhere').waitFor({ timeout: 5000 }).then(() => true, () => false);
  });
  await workbench.screenshot('damage-language');
  rmSync(join(workbench.folder, '.vscode'), { recursive: true });
  await dismissToasts(workbench);
}

describe('damage in a real workbench', () => {
  it('is told with its place, and what is good goes on', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      await step(t, workbench, 'a language that nobody knows', unknownLanguage);
      await step(t, workbench, 'a line of 100,000 characters', longLine);
      await step(t, workbench, 'garbage in the middle of a journal', journalGarbage);
      await step(t, workbench, 'a file of more than 50 MB', tooLarge);
    });
  });

  it('of a model file is told with its path, in the review too, and mended without a reload', async () => {
    const model = mkdtempSync(join(tmpdir(), 'interlinear-model-'));
    cpSync(inRoot('media/starter-en-ja'), model, { recursive: true });
    const [weights = ''] = readdirSync(model).filter((name) => name.endsWith('.onnx'));
    rmSync(join(model, weights));
    await withWorkbench({ folder: 'test/fixtures/letter', settings: { ...answered, 'interlinear.modelFolder': model } }, async (workbench) => {
      await startTranslation(workbench, 'letter.en.md');
      await toast(workbench, new RegExp(`${weights} .*does not exist`, 'u')).waitFor(patient);
      await settled(workbench);
      await workbench.screenshot('damage-model-missing');
      await dismissToasts(workbench);
      cpSync(inRoot('media/starter-en-ja', weights), join(model, weights));
      truncateSync(join(model, weights), 1000);
      await workbench.command('Interlinear: Resume Translation');
      await toast(workbench, weights).waitFor(patient);
      await settled(workbench);
      await workbench.screenshot('damage-model');
      await dismissToasts(workbench);
      cpSync(inRoot('media/starter-en-ja', weights), join(model, weights));
      await workbench.command('Interlinear: Resume Translation');
      await workbench.review().locator('.row.focused').first().waitFor(patient);
      await settled(workbench);
    }).finally(() => { rmSync(model, { recursive: true, force: true }); });
  });
});
