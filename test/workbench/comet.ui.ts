import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { FakeHub } from '../unit/support/fakeHub.ts';
import { answerPath, pick } from './support/questions.ts';
import { answered, comeBack, focusList, patient, put, settled, startTranslation, step, stored, toast, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const python = inRoot('.venv/bin/python');
const text = 'Good morning.\n\nIt is raining.\n\nSee you tomorrow.\n';

/** Chooses a folder in the file dialog, which here asks for a path. */
async function choose(workbench: Workbench, folder: string): Promise<void> {
  await workbench.command('Interlinear: Choose Ranking Model...');
  const picker = workbench.page.locator('.quick-input-widget');
  await picker.getByText('Choose a model folder...').first().waitFor(patient);
  await workbench.screenshot('comet-1-choices');
  await picker.getByText('Choose a model folder...').first().click();
  await answerPath(workbench, folder);
}

async function byModel(workbench: Workbench): Promise<void> {
  const before = stored(workbench, 'candidates').split('\n').filter((line) => line !== '').length;
  await choose(workbench, join(workbench.folder, 'models/comet'));
  const row = workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Rank by tiny-comet' });
  await row.waitFor(patient);
  assert.match((await row.textContent()) ?? '', /COMET · c27485849317 · Apache-2\.0 · 0\.7 MB/u);
  await workbench.screenshot('comet-2-manifest');
  await row.click();
  const review = workbench.review();
  await until('the review names what ranked', async () => (await review.locator('.header-signature').textContent())?.includes('COMET tiny-comet') === true);
  const facts = review.locator('.row.focused .row-facts');
  await until('both scores stand apart', async () => /COMET [\d.]+ · chrF [\d.]+/u.test((await facts.textContent()) ?? ''));
  await workbench.screenshot('comet-3-ranked');
  const lines = stored(workbench, 'candidates').split('\n').filter((line) => line !== '');
  assert.equal(lines.length, 2 * before, 'every set was ranked again, none was drawn again');
  assert.match(lines.at(-1) ?? '', /"model":"tiny-comet@c27485849317"/u);
}

/** By keyboard: see what λ would do, apply it, look who agrees with whom. */
async function otherSettings(workbench: Workbench): Promise<void> {
  const review = workbench.review();
  // After a dialog and a picker VS Code may give the keyboard to the source's editor.
  await comeBack(workbench);
  await workbench.keys('w');
  const answer = review.locator('.ranking-answer');
  await until('the settings that hold change nothing', async () => /^No pick would change \(3 segments\)/u.test(await answer.innerText()));
  await workbench.page.keyboard.type('5');
  await until('another λ is looked at', async () => /of 3 picks would change|No pick would change/u.test(await answer.innerText()));
  await workbench.screenshot('comet-4-preview');
  await workbench.keys('Control+Enter');
  await until('the review is ranked by it', async () => (await review.locator('.header-signature').textContent())?.includes('λ=5') === true);
  assert.match(workbench.read('.vscode/settings.json').toString(), /"interlinear\.ranking\.lambda": 5/u);
  await focusList(workbench);
  await workbench.keys('a');
  await review.getByText('Who agrees with whom, by COMET').waitFor(patient);
  await review.locator('.agreement-table').waitFor(patient);
  await workbench.screenshot('comet-5-agreement');
  await workbench.keys('a', 'v');
  await review.getByText('No answer: Name a backend with an instruction-tuned model').waitFor(patient);
  await workbench.keys('v');
}

/** The hub is a fake on this machine, the checkpoint small and random; download, exporter and engine are real. */
async function downloaded(workbench: Workbench, hub: FakeHub): Promise<void> {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Interlinear: Download Model...');
  await workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'wmt22-comet-da' }).first().waitFor(patient);
  await workbench.screenshot('comet-8-catalogue');
  await pick(workbench, 'wmt22-comet-da');
  await pick(workbench, '16 bits');
  const dialog = workbench.page.locator('.monaco-dialog-box');
  const detail = dialog.locator('.dialog-message-detail');
  await until('size, source and licence are shown', async () => /Unbabel\/wmt22-comet-da, revision c0ffee00c0ff[^]*Size: \d\.\d MB in 4 files[^]*Licence: Apache-2\.0/u.test(await detail.innerText(patient)));
  await workbench.screenshot('comet-9-download');
  assert.ok(hub.seen.every((line) => line.startsWith('hub HEAD')), 'nothing is fetched before the yes');
  await dialog.getByRole('button', { name: 'Download', exact: true }).click(patient);
  await toast(workbench, 'wmt22-comet-da ranks from now on').waitFor(patient);
  await until('the review is ranked by it', async () => (await workbench.review().locator('.header-signature').textContent())?.includes('COMET wmt22-comet-da') === true);
  await workbench.screenshot('comet-10-downloaded');
}

/** Small random files under the names of the published ones. */
async function hubWithComet(scratch: string): Promise<FakeHub> {
  execFileSync(python, ['-m', 'tests.random_checkpoints', scratch], { cwd: inRoot('trainer') });
  const hub = await new FakeHub().start();
  const file = (...parts: readonly string[]): Buffer => readFileSync(join(scratch, ...parts));
  hub.repositories['Unbabel/wmt22-comet-da'] = { 'hparams.yaml': file('metric', 'hparams.yaml'), 'checkpoints/model.ckpt': file('metric', 'checkpoints', 'model.ckpt') };
  hub.repositories['FacebookAI/xlm-roberta-large'] = { 'config.json': file('encoder', 'config.json'), 'tokenizer.json': file('encoder', 'tokenizer.json') };
  return hub;
}

async function fromTheStart(workbench: Workbench): Promise<void> {
  put(workbench, 'second.en.txt', 'I like tea.\n\nHe has a dog.\n');
  await translated(workbench, 'second.en.txt');
  await focusList(workbench);
  await until('the new review is ranked by the model', async () => /COMET [\d.]+ · chrF/u.test((await workbench.review().locator('.row.focused .row-facts').textContent()) ?? ''));
}

async function withoutFolder(workbench: Workbench): Promise<void> {
  rmSync(join(workbench.folder, 'models'), { recursive: true });
  await workbench.reload();
  put(workbench, 'third.en.txt', 'I like coffee.\n\nShe has a cat.\n');
  await startTranslation(workbench, 'third.en.txt');
  await toast(workbench, /chrF ranks instead of COMET, because .*manifest\.json does not exist\./u).waitFor(patient);
  await settled(workbench);
  await until('chrF ranked', async () => / · chrF · /u.test((await workbench.review().locator('.header-signature').textContent()) ?? ''));
  await workbench.screenshot('comet-6-fallback');
}

describe('ranking by COMET in a real workbench', () => {
  it('shows what a model folder holds, ranks by it in the engine, falls back to chrF without it, and downloads one', async (t) => {
    const scratch = mkdtempSync(join(tmpdir(), 'interlinear-hub-'));
    const hub = await hubWithComet(scratch);
    const settings = { ...answered, 'interlinear.models.host': hub.host, 'interlinear.trainer.python': python };
    await withWorkbench({ folder: 'test/fixtures/letter', settings }, async (workbench) => {
      cpSync(inRoot('test/fixtures/scorers/comet'), join(workbench.folder, 'models/comet'), { recursive: true });
      put(workbench, 'first.en.txt', text);
      await translated(workbench, 'first.en.txt');
      await focusList(workbench);
      await step(t, workbench, 'a chosen model ranks what is drawn', byModel);
      await step(t, workbench, 'other settings, seen before they are applied', otherSettings);
      await step(t, workbench, 'and what is drawn next', fromTheStart);
      await step(t, workbench, 'a folder that is gone', withoutFolder);
      await step(t, workbench, 'a model is downloaded, converted and ranks', (bench) => downloaded(bench, hub));
    }).finally(() => {
      hub.close();
      rmSync(scratch, { recursive: true, force: true });
    });
  });
});
