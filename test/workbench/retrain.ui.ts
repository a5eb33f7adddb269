import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { judgeFolder } from './support/judgedFolder.ts';
import { answer, takeFirst } from './support/questions.ts';
import { answered, oneThread, patient, put, toast, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** Loading PyTorch, some tens of steps and the export, on a core that others use as well. */
const training = { timeout: 240_000 };
const settings = { ...answered, 'interlinear.trainer.python': inRoot('.venv/bin/python') };

async function press(workbench: Workbench, label: string): Promise<void> {
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await dialog.getByRole('button', { name: label, exact: true }).click(patient);
  await dialog.waitFor({ state: 'detached', ...patient });
}

function registry(workbench: Workbench): readonly Record<string, unknown>[] {
  // written by the product's own registry
  return workbench.read('.interlinear/adapters.jsonl').toString().trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

function jobFolder(workbench: Workbench): string {
  const jobs = join(workbench.folder, '.interlinear/jobs');
  return join(jobs, readdirSync(jobs)[0] ?? '');
}

async function startRetraining(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Retrain...');
  await takeFirst(workbench, 'What to train on');
  await takeFirst(workbench, 'The model to start from');
  await workbench.page.locator('.quick-input-widget').getByText(/14\d pairs of 14\d segments in 1 files/u).waitFor(patient);
  await workbench.screenshot('retrain-1-data');
  await takeFirst(workbench, 'The data');
  await takeFirst(workbench, 'How to train');
  const told = workbench.page.locator('.monaco-dialog-box');
  await told.getByText('Held out for the gate').waitFor(patient);
  const text = await told.locator('.dialog-message-detail').innerText(patient);
  assert.equal(text.match(/^Reads "<\|en\|>.*<\|ja\|>", learns ".+<\|end\|>" \(chosen, end tokens: 1\), ".+<\|end\|>" \(rejected, end tokens: 1\)$/gmu)?.length, 3, text);
  assert.match(text, /starter-en-ja on embedded reads 5 texts as the trainer does \(texts with another number of tokens: 0, log P apart by at most 0\.0\d+ nats a token\)/u);
  await workbench.screenshot('retrain-2-preflight');
  await press(workbench, 'Start Training');
}

/** Cancels by the dashboard's button and goes on from the checkpoint. */
async function cancelledAndResumed(workbench: Workbench): Promise<void> {
  const page = workbench.review();
  await page.locator('.chart').nth(3).waitFor(training);
  const asked = Date.now();
  await page.getByText('Cancel', { exact: true }).click(patient);
  await page.locator('.state[data-state="cancelled"]').waitFor(patient);
  console.log(`cancelled after ${Date.now() - asked} ms`);
  assert.ok(readdirSync(join(jobFolder(workbench), 'checkpoints')).length > 0);
  await page.getByText('Resume', { exact: true }).click(patient);
  await page.locator('.state[data-state="running"]').waitFor(training);
}

/** The window is reloaded while the job runs: the tab comes back, and the notification follows again. */
async function reattached(workbench: Workbench): Promise<void> {
  await workbench.reload();
  await toast(workbench, 'Training cpo-').waitFor(training);
  await workbench.review().locator('.chart').first().waitFor(training);
  await workbench.screenshot('retrain-3-curves');
}

async function trained(workbench: Workbench): Promise<void> {
  const page = workbench.review();
  await page.locator('.state[data-state="finished"]').waitFor(training);
  assert.ok(await page.locator('.chart-plot').count() >= 4);
  await page.locator('.chart-plot').first().focus();
  await workbench.keys('ArrowRight', 'ArrowRight');
  assert.match((await page.locator('.chart-reading').first().textContent()) ?? '', /^step \d+: loss \d/u);
  await workbench.screenshot('retrain-4-finished');
}

/** The comparison of a job without a gate runs the gate and opens; the way back is the dashboard with the gate's report. */
async function gated(workbench: Workbench): Promise<void> {
  await workbench.review().getByText('Compare Blind').click(patient);
  await workbench.review().locator('.blind .source-text').waitFor(training);
  await workbench.review().getByText('Back to the Dashboard').click(patient);
  await workbench.review().locator('.gate .verdict', { hasText: 'Human verdict: none yet' }).waitFor(training);
  assert.equal(await workbench.review().locator('.outcome').textContent(), 'not evaluated');
  await workbench.screenshot('retrain-5-gate');
}

/** Prefers the left text twice, takes it back once, and finds no difference in the rest. */
async function compared(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Compare Old and New Blind...');
  const page = workbench.review();
  const first = await page.locator('.blind .source-text').textContent(patient);
  await workbench.screenshot('retrain-6-blind');
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  const judgedIs = (count: number): Promise<void> => page.getByText(new RegExp(`^${count} of \\d+ judged`, 'u')).waitFor(patient);
  await workbench.keys('1');
  await judgedIs(1);
  await workbench.keys('u');
  await judgedIs(0);
  assert.equal(await page.locator('.blind .source-text').textContent(), first);
  const total = Number(/of (\d+) judged/u.exec((await page.locator('.blind [role="status"]').first().textContent()) ?? '')?.[1]);
  assert.ok(total > 0);
  for (let count = 1; count <= total; count++) {
    await workbench.keys(count === 1 ? '1' : '=');
    await judgedIs(count);
  }
  await page.locator('.done .verdict', { hasText: 'Human verdict: undecided' }).waitFor(patient);
  await workbench.screenshot('retrain-7-compared');
  assert.equal(readdirSync(join(workbench.folder, '.interlinear/verdicts/tester')).length, 1);
  await page.getByText('Back to the Dashboard').click(patient);
  await page.locator('.gate .verdict', { hasText: 'undecided' }).waitFor(patient);
  assert.equal(await page.locator('.outcome').textContent(), 'not passed');
}

async function looks(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
  for (const [theme, kind] of [['Light Modern', 'vscode-light'], ['Default High Contrast', 'vscode-high-contrast'], ['Dark Modern', 'vscode-dark']] as const) {
    put(workbench, '.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(`the dashboard is drawn in ${theme}`, async () => (await workbench.review().locator('body').getAttribute('data-vscode-theme-kind')) === kind);
    await workbench.screenshot(`retrain-looks-${kind}`);
    const overflow: number = await workbench.review().locator('html').evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0);
  }
}

async function adopted(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Adopt Adapter...');
  await workbench.page.locator('.monaco-dialog-box').getByText('Human verdict: undecided').waitFor(patient);
  await workbench.screenshot('retrain-8-adopt');
  await press(workbench, 'Adopt');
  await workbench.page.locator('.quick-input-widget').getByText('Why adopt it all the same?').waitFor(patient);
  await answer(workbench, 'to see it at work');
  await toast(workbench, 'translates in this folder now').waitFor(patient);
  assert.equal(registry(workbench)[0]?.['because'], 'to see it at work');
}

describe('retraining from the palette', () => {
  it('goes from judgments to an adopted model and back', async () => {
    const seeded = mkdtempSync(join(tmpdir(), 'interlinear-judged-'));
    await judgeFolder(seeded, 150);
    await withWorkbench({ folder: seeded, settings, env: oneThread }, async (workbench) => {
      await startRetraining(workbench);
      await cancelledAndResumed(workbench);
      await reattached(workbench);
      await trained(workbench);
      await gated(workbench);
      await compared(workbench);
      await looks(workbench);
      await adopted(workbench);
      await translated(workbench, 'note.en.md');
      await workbench.screenshot('retrain-9-adopted');
      const revision = (JSON.parse(readFileSync(join(jobFolder(workbench), 'model/manifest.json'), 'utf8')) as { readonly revision: string }).revision;
      await until('the adopted model made the candidates', () => readdirSync(join(workbench.folder, '.interlinear/candidates')).some((name) => workbench.read(`.interlinear/candidates/${name}`).toString().includes(revision)));
      await workbench.command('Interlinear: Roll Back Adapter');
      await toast(workbench, 'is out of use').waitFor(patient);
      assert.deepEqual(registry(workbench).map(({ act }) => act), ['adopt', 'rollBack']);
    }).finally(() => { rmSync(seeded, { recursive: true, force: true }); });
  });
});
