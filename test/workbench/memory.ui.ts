import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { answerPath } from './support/questions.ts';
import { acceptFocused, acts, answered, focusList, journal, patient, put, segmentNumber, step, toast, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const letter = '# A letter\n\nIt rained all day yesterday.\n\nI have a dog.\n\nIt rained all day.\n';

const tmx = `<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="en" segtype="sentence" datatype="plaintext" adminlang="en" o-tmf="x" creationtool="x" creationtoolversion="1"/><body>
<tu><tuv xml:lang="en"><seg>I have a dog.</seg></tuv><tuv xml:lang="ja"><seg>うちには犬がいます。</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>I have two cats.</seg></tuv><tuv xml:lang="ja"><seg>うちには猫が二匹います。</seg></tuv></tu>
</body></tmx>
`;

async function importIt(workbench: Workbench): Promise<void> {
  put(workbench, 'old.tmx', tmx);
  await workbench.command('Interlinear: Import Translation Memory (TMX)...');
  await answerPath(workbench, join(workbench.folder, 'old.tmx'));
  await toast(workbench, 'old.tmx imported: 2 units en > ja').waitFor(patient);
  await until('the unit file is there', () => existsSync(join(workbench.folder, '.interlinear/memory/old.en.ja.jsonl')));
  await workbench.screenshot('memory-1-imported');
  await workbench.command('Notifications: Clear All Notifications');
}

async function matches(workbench: Workbench): Promise<void> {
  put(workbench, 'home.en.md', letter);
  await translated(workbench, 'home.en.md');
  await focusList(workbench);
  await workbench.keys('j', 'j');
  const row = workbench.review().locator('.row', { hasText: 'うちには犬がいます。' }).first();
  await row.waitFor(patient);
  assert.match(await row.textContent() ?? '', /memory 100 %/u);
  await workbench.screenshot('memory-2-exact');
  await row.click();
  assert.equal(await acceptFocused(workbench), 'うちには犬がいます。');
  await until('it is in the file', () => workbench.read('home.ja.md').toString().includes('うちには犬がいます。'));
  const event = journal(workbench).at(-1);
  assert.ok(event?.context?.previous !== undefined && event.context.next !== undefined);
}

/** A text that was accepted a moment ago is a match for a segment that was translated before. */
async function learnsAtOnce(workbench: Workbench): Promise<void> {
  await focusList(workbench);
  await workbench.keys('k', 'k', 'e');
  const editor = workbench.review().locator('textarea');
  await editor.waitFor(patient);
  await editor.fill('昨日は一日じゅう雨だった。');
  const before = acts(workbench).length;
  await workbench.keys('Control+Enter');
  await until('the edit is in the journal', () => acts(workbench).length === before + 1);
  await focusList(workbench);
  const row = workbench.review().locator('.row', { hasText: '昨日は一日じゅう雨だった。' }).first();
  await row.waitFor(patient);
  assert.match(await row.textContent() ?? '', /memory \d\d %/u);
  await row.click();
  await workbench.review().locator('.row-facts', { hasText: 'It rained all day yesterday.' }).first().waitFor(patient);
  await workbench.screenshot('memory-3-fuzzy');
}

/** The search field has the keyboard, and holds this. */
function searchField(workbench: Workbench, text: string): Promise<void> {
  const holds = `document.hasFocus() && document.activeElement?.value === ${JSON.stringify(text)}`;
  return until(`the search field holds "${text}"`, () => workbench.concordance().locator('body').evaluate(holds));
}

/** Opened from an edit with the word that is selected there, walked by keys, and its translation put where the word stood. */
async function concordance(workbench: Workbench): Promise<void> {
  await focusList(workbench);
  await workbench.keys('e');
  const editor = workbench.review().locator('textarea');
  await editor.waitFor(patient);
  await editor.fill('犬と二匹');
  await workbench.keys('End', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+F4');
  const row = workbench.concordance().locator('.result', { hasText: 'I have two cats.' });
  await row.waitFor(patient);
  assert.deepEqual(await row.locator('mark').allTextContents(), ['二匹']);
  assert.match(await row.locator('.result-origin').textContent() ?? '', /old\.tmx.*imported/u);
  await searchField(workbench, '二匹');
  await workbench.screenshot('memory-4-concordance');
  await workbench.keys('ArrowDown', 'Enter');
  await until('it is in the edit', async () => (await editor.inputValue()) === '犬とうちには猫が二匹います。');
  await until('the edit has the keyboard', () => workbench.review().locator('body').evaluate("document.hasFocus() && document.activeElement?.tagName === 'TEXTAREA'"));
}

/** A unit that was judged here leads to its segment. */
async function judgedUnit(workbench: Workbench): Promise<void> {
  await workbench.keys('Shift+F4');
  await searchField(workbench, '二匹');
  await workbench.page.keyboard.type('yesterday');
  const row = workbench.concordance().locator('.result', { hasText: '昨日は一日じゅう雨だった。' });
  await row.waitFor(patient);
  assert.match(await row.locator('.result-origin').textContent() ?? '', /home\.en\.md.*by tester · \w/u);
  await row.click();
  await workbench.keys('o');
  await until('its segment is in focus', async () => (await segmentNumber(workbench)) === 2);
}

async function exportIt(workbench: Workbench): Promise<void> {
  await workbench.command('Interlinear: Export Translation Memory...');
  const out = join(workbench.folder, 'out.tmx');
  await answerPath(workbench, out);
  await until('the file is written', () => existsSync(out));
  const text = readFileSync(out, 'utf8');
  for (const part of ['うちには猫が二匹います。', '昨日は一日じゅう雨だった。', 'srclang="en"']) assert.ok(text.includes(part), part);
}

describe('the translation memory in a real workbench', () => {
  it('is imported, matches, learns, is searched and exported', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: { ...answered, 'files.simpleDialog.enable': true } }, async (workbench) => {
      await step(t, workbench, 'import', importIt);
      await step(t, workbench, 'matches', matches);
      await step(t, workbench, 'learns at once', learnsAtOnce);
      await step(t, workbench, 'concordance', concordance);
      await step(t, workbench, 'from a unit to its segment', judgedUnit);
      await step(t, workbench, 'export', exportIt);
    });
  });
});
