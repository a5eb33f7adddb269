/** What a document shares with its folder, with other extensions and with itself: terms, diagnostics, and repeats. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { acceptFocused, answered, comeBack, focusList, journal, listHasKeyboard, patient, put, segmentNumber, step, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

async function terms(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, '.interlinear'), { recursive: true });
  put(workbench, '.interlinear/glossary.csv', 'source,target,forbidden,note\ndog,ワンちゃん,犬,brand voice\ncat,ネコちゃん,,\n');
  put(workbench, 'pets.en.md', 'I have a dog and a cat.\n');
  await translated(workbench, 'pets.en.md');
  const chips = workbench.review().locator('.source-terms .chip');
  await chips.first().waitFor(patient);
  assert.match(await chips.first().textContent() ?? '', /dog → ワンちゃん \(not 犬\) brand voice/u);
  assert.equal(await workbench.review().locator('body').evaluate('CSS.highlights.get("interlinear-terms")?.size'), 2);
  await focusList(workbench);
  await workbench.keys('e');
  const editor = workbench.review().locator('textarea');
  await editor.waitFor(patient);
  await editor.fill('');
  await workbench.keys('F4');
  await until('the first term is there', async () => await editor.inputValue() === 'ワンちゃん');
  await workbench.keys('F4');
  await until('the second term is there', async () => await editor.inputValue() === 'ワンちゃんネコちゃん');
  await workbench.screenshot('glossary-1-editing');
  await workbench.keys('Escape');
  await listHasKeyboard(workbench);
}

/** A small extension like those that check spelling: it marks a word wherever it stands in an open or written translation. */
function spellChecker(): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-speller-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'speller', publisher: 'test', version: '1.0.0', engines: { vscode: '^1.100.0' }, main: './main.js', activationEvents: ['onStartupFinished'] }));
  writeFileSync(join(folder, 'main.js'), `
    const vscode = require('vscode');
    exports.activate = (context) => {
      const shown = vscode.languages.createDiagnosticCollection('speller');
      const check = async (uri) => {
        const lines = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString().split('\\n');
        shown.set(uri, lines.flatMap((line, at) => line.includes('ネコ') ? [Object.assign(new vscode.Diagnostic(new vscode.Range(at, line.indexOf('ネコ'), at, line.indexOf('ネコ') + 2), 'Write 猫', vscode.DiagnosticSeverity.Warning), { source: 'speller', code: 'kana' })] : []));
      };
      const watcher = vscode.workspace.createFileSystemWatcher('**/*.ja.md');
      context.subscriptions.push(shown, watcher, watcher.onDidChange(check), watcher.onDidCreate(check));
    };`);
  return folder;
}

/** The glossary changes while the review is open; what is accepted breaks it, and another extension has something to say of it. */
async function watched(workbench: Workbench): Promise<void> {
  const review = workbench.review();
  put(workbench, '.interlinear/glossary.csv', 'source,target,forbidden,note\ndog,いぬ,犬,house style\n');
  await review.locator('.source-terms .chip', { hasText: 'dog → いぬ (not 犬) house style' }).waitFor(patient);
  await review.locator('.source-terms .chip', { hasText: 'cat' }).waitFor({ state: 'detached', ...patient });
  await listHasKeyboard(workbench);
  await workbench.keys('e');
  const editor = review.locator('textarea');
  await editor.waitFor(patient);
  await editor.fill('犬とネコがいる。');
  await workbench.keys('Control+Enter');
  await until('the edit is in the target', () => workbench.read('pets.ja.md').toString() === '犬とネコがいる。\n');
  const findings = review.locator('.findings .finding');
  await findings.filter({ hasText: 'dog → いぬ' }).waitFor(patient);
  await findings.filter({ hasText: '✗ 犬' }).waitFor(patient);
  await findings.filter({ hasText: 'speller: Write 猫' }).waitFor(patient);
  await review.locator('.row .finding', { hasText: 'dog → いぬ' }).waitFor(patient);
  await review.locator('.row .finding', { hasText: 'ワンちゃん' }).waitFor({ state: 'detached', ...patient });
  await workbench.screenshot('glossary-2-findings');
  put(workbench, '.interlinear/glossary.csv', 'source,target\ndog,犬\n');
  await findings.filter({ hasText: 'dog' }).waitFor({ state: 'detached', ...patient });
  await findings.filter({ hasText: 'speller: Write 猫' }).waitFor(patient);
}

/** The entry of a term under the mouse, in the file itself. */
async function hovered(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  const word = page.locator('.view-line', { hasText: 'I have a dog' }).first();
  const hover = page.locator('.monaco-hover', { hasText: 'dog → 犬' }).first();
  await word.waitFor(patient);
  for (let attempt = 0; attempt < 15 && !(await hover.isVisible()); attempt++) {
    await page.mouse.move(5, 5 + attempt);
    const box = await word.locator('span span').first().boundingBox();
    if (box !== null) await page.mouse.move(box.x + box.width * (10.5 / 23), box.y + box.height / 2);
    await hover.waitFor({ timeout: 3000 }).catch(() => undefined);
  }
  await hover.waitFor({ timeout: 1000 });
  await workbench.screenshot('glossary-3-hover');
}

const before = 'I like tea.\n\nI have a dog.\n\nI like tea.\n\nWe met at 10 in 2019.\n\nWe met at 10 in 2021.\n';

/** Waits until the target reads so, its paragraphs joined by `|`. */
function reads(workbench: Workbench, wanted: string): Promise<void> {
  return until(`the target reads ${wanted}`, () => workbench.read('tea.ja.md').toString().trimEnd().split('\n\n').join('|') === wanted);
}

async function repeats(workbench: Workbench): Promise<void> {
  put(workbench, 'tea.en.md', before);
  await translated(workbench, 'tea.en.md');
  await comeBack(workbench);
  const review = workbench.review();
  const tea = await acceptFocused(workbench, 2);
  await reads(workbench, `${tea}|I have a dog.|${tea}|We met at 10 in 2019.|We met at 10 in 2021.`);
  await review.locator('.status', { hasText: 'Repeats of segment 1 filled: 1.' }).waitFor(patient);
  await workbench.keys('j');
  await until('the filled segment is in focus', async () => await segmentNumber(workbench) === 3);
  await review.locator('.translation', { hasText: 'Filled from segment 1' }).waitFor(patient);
  await workbench.screenshot('repeats-1-filled');
  await workbench.keys('y');
  await until('it is confirmed', () => journal(workbench).filter(({ document }) => document === 'tea.en.md').length === 3);
  await until('the next one is in focus', async () => await segmentNumber(workbench) === 4);
  await near(workbench, tea);
}

async function near(workbench: Workbench, tea: string): Promise<void> {
  const review = workbench.review();
  const picker = workbench.page.locator('.quick-input-widget');
  await workbench.keys('e');
  const editor = review.locator('textarea');
  await editor.waitFor(patient);
  await editor.fill('2019年の10時に会った。');
  await workbench.keys('Control+Enter');
  await review.locator('.status', { hasText: 'More that could be filled: 1 (press p).' }).waitFor(patient);
  await listHasKeyboard(workbench);
  await workbench.keys('k');
  await until('the edited segment is in focus', async () => await segmentNumber(workbench) === 4);
  await workbench.keys('p');
  await picker.getByText('2021年の10時に会った。').waitFor(patient);
  await workbench.screenshot('repeats-2-near');
  await workbench.keys('Enter');
  await reads(workbench, `${tea}|I have a dog.|${tea}|2019年の10時に会った。|2021年の10時に会った。`);
  await listHasKeyboard(workbench);
  await workbench.keys('u');
  await reads(workbench, `${tea}|I have a dog.|${tea}|2019年の10時に会った。|We met at 10 in 2021.`);
}

describe('a glossary and repeats in a real workbench', () => {
  it('terms stand at the source and are inserted; an accepted text fills its repeats, which a key confirms', async (t) => {
    const speller = spellChecker();
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered, beside: [speller] }, async (workbench) => {
      await step(t, workbench, 'terms', terms);
      await step(t, workbench, 'other terms, and another extension', watched);
      await step(t, workbench, 'a term under the mouse', hovered);
      await step(t, workbench, 'repeats', repeats);
    });
    rmSync(speller, { recursive: true, force: true });
  });
});
