import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { acts, answered, comeBack, focusedText, focusList, journal, listHasKeyboard, patient, segmentNumber, step, stored, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

// our own manifest, whose shape tests of its own hold
const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { readonly contributes: { readonly keybindings: readonly { readonly key: string }[] } };

const inList = "activeWebviewPanelId == 'interlinear.review' && interlinear.listFocused && !inQuickOpen && !inputFocus && !listFocus";

/** A letter that no command of ours has: a default of ours would be run in the moment before VS Code knows where the keyboard is. */
const freeKey = Array.from('zyxwvutsrqponmlkjihgfedc').find((letter) => !manifest.contributes.keybindings.some(({ key }) => key === letter)) ?? 'z';

/** Long enough for a key's way through VS Code and back: what has not happened by then does not happen. */
const roundTripMs = 2000;

/** Presses keys as fast as the browser takes them: each goes down before the one before it was answered. */
async function burst(workbench: Workbench, ...keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => workbench.page.keyboard.press(key)));
}

async function nothingWasJudged(workbench: Workbench, before: readonly string[]): Promise<void> {
  await workbench.page.waitForTimeout(roundTripMs);
  assert.deepEqual(acts(workbench), before);
}

async function palette(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await workbench.keys('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor(patient);
  await until('the palette has the keyboard', () => page.evaluate("document.activeElement?.closest('.quick-input-widget') !== null"));
  await page.keyboard.type('123xeu');
  await until('the text is in the palette', async () => (await input.inputValue()) === '>123xeu');
  await nothingWasJudged(workbench, []);
  await workbench.keys('Escape');
  await input.waitFor({ state: 'hidden', ...patient });
}

/** Opens the field by a key and types at once; the text must follow the candidate's, and nothing may be judged. */
async function race(workbench: Workbench, press: (...keys: readonly string[]) => Promise<void>, key: string): Promise<void> {
  await focusList(workbench);
  const before = acts(workbench);
  const candidate = await focusedText(workbench);
  await press(key, '1', '2', 'a', 'b');
  const field = workbench.review().locator('textarea');
  await field.waitFor(patient);
  await until('all text arrived', async () => (await field.inputValue()) === `${candidate}12ab`);
  await nothingWasJudged(workbench, before);
  assert.equal(await field.inputValue(), `${candidate}12ab`);
  await workbench.keys('Escape');
  await field.waitFor({ state: 'hidden', ...patient });
  await focusList(workbench);
  await workbench.keys('Shift+E');
  await workbench.review().locator('.status', { hasText: 'Draft discarded' }).waitFor(patient);
}

/** VS Code waits for the extension before it first runs a command, and for nothing afterwards: a later key must not be acted on before an earlier one. */
async function firstUse(workbench: Workbench): Promise<void> {
  await focusList(workbench);
  const second = await workbench.review().locator('.row').nth(1).locator('.row-text').textContent(patient);
  await workbench.keys('x');
  await until('the first candidate is rejected', () => acts(workbench).join(' ') === 'reject');
  await workbench.keys('u');
  await until('that is undone', () => acts(workbench).join(' ') === 'reject undo');
  await burst(workbench, 'ArrowDown', 'x');
  await until('a candidate is rejected', () => acts(workbench).length === 3);
  assert.equal(await workbench.review().locator('.row.rejected .row-text').first().textContent(patient), second);
  await workbench.keys('u', 'ArrowUp');
  await until('that is undone as well', () => acts(workbench).length === 4);
}

async function composition(workbench: Workbench): Promise<void> {
  const before = acts(workbench);
  await workbench.keys('e');
  const field = workbench.review().locator('textarea');
  await field.waitFor(patient);
  await workbench.keys('Control+A', 'Delete');
  await workbench.compose('て', 'てが', '手紙');
  await workbench.compose('で', 'です');
  assert.equal(await field.inputValue(), '手紙です');
  await workbench.screenshot('keys-composition');
  await nothingWasJudged(workbench, before);
  await workbench.keys('Control+Enter');
  await until('the edit is in the target', () => workbench.read('letter.ja.md').toString().startsWith('# 手紙です\n'));
  assert.deepEqual(acts(workbench), [...before, 'edit']);
}

async function movingKeys(workbench: Workbench): Promise<void> {
  await focusList(workbench);
  const at = (number: number): Promise<void> => until(`segment ${number}`, async () => (await segmentNumber(workbench)) === number);
  await at(2);
  for (const [key, number] of [['j', 3], ['k', 2], ['PageDown', 3], ['PageUp', 2], ['k', 1], ['n', 2]] as const) {
    await workbench.keys(key);
    await at(number);
  }
  const first = await focusedText(workbench);
  await workbench.keys('ArrowDown');
  await until('the next candidate has focus', async () => (await focusedText(workbench)) !== first);
  await workbench.keys('ArrowUp');
  await until('the first candidate has focus again', async () => (await focusedText(workbench)) === first);
}

async function lookingKeys(workbench: Workbench): Promise<void> {
  const review = workbench.review();
  const help = review.getByRole('dialog');
  await workbench.keys('Shift+Slash');
  await help.waitFor(patient);
  await workbench.screenshot('keys-help');
  await workbench.keys('Escape');
  await help.waitFor({ state: 'hidden', ...patient });
  await focusList(workbench);
  await workbench.keys('h');
  await review.locator('.heatmap-canvas').waitFor(patient);
  await workbench.keys('h');
  await review.locator('.heatmap-canvas').waitFor({ state: 'hidden', ...patient });
  await workbench.keys('ArrowDown');
  const diff = review.locator('.row.focused .diff-line');
  await diff.waitFor(patient);
  await workbench.keys('d');
  await diff.waitFor({ state: 'detached', ...patient });
  await workbench.keys('d', 'ArrowUp');
}

async function judgingKeys(workbench: Workbench): Promise<void> {
  const before = acts(workbench).length;
  const made = (...wanted: readonly string[]): Promise<void> => until(wanted.join(' '), () => acts(workbench).slice(before).join(' ') === wanted.join(' '));
  await workbench.keys('i');
  await made('idiom');
  await workbench.keys('s');
  await made('idiom', 'style');
  await workbench.keys('x');
  await made('idiom', 'style', 'reject');
  await workbench.review().locator('.row.rejected').first().waitFor(patient);
  await workbench.screenshot('keys-marked');
  await workbench.keys('u');
  await made('idiom', 'style', 'reject', 'undo');
  await workbench.keys('c');
  await workbench.review().locator('textarea').waitFor(patient);
  await workbench.page.keyboard.type('1x please check');
  await workbench.keys('Control+Enter');
  await made('idiom', 'style', 'reject', 'undo', 'comment');
  await workbench.keys('Shift+X');
  await made('idiom', 'style', 'reject', 'undo', 'comment', 'allBad');
  const third = await segmentNumber(workbench);
  await workbench.keys('Enter');
  await made('idiom', 'style', 'reject', 'undo', 'comment', 'allBad', 'accept');
  await until('the next segment', async () => (await segmentNumber(workbench)) > third);
  await workbench.keys('1');
  await made('idiom', 'style', 'reject', 'undo', 'comment', 'allBad', 'accept', 'accept');
  const [idiom, style] = journal(workbench).slice(before);
  assert.equal(idiom?.act === 'idiom' && idiom.value, 'idiomatic');
  assert.equal(style?.act === 'style' && style.value, 'natural');
}

/** Leaves by a key and comes back: the keyboard must be in the list again, or every key of the review is dead. */
async function leaving(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  const inEditor = (): Promise<boolean> => page.evaluate("document.activeElement?.closest('.editor-group-container') !== null && document.activeElement?.tagName !== 'IFRAME'");
  for (const key of ['F6', 'Escape']) {
    await focusList(workbench);
    await workbench.keys(key);
    await until(`the keyboard has left the review by ${key}`, inEditor);
    await comeBack(workbench);
    const number = await segmentNumber(workbench);
    await workbench.keys('k');
    await until('k works after coming back', async () => (await segmentNumber(workbench)) === number - 1);
  }
  await workbench.keys('F6');
  await until('the keyboard has left the review', inEditor);
  await workbench.command('Interlinear: Open Review');
  await listHasKeyboard(workbench);
}

async function draftSurvives(workbench: Workbench): Promise<void> {
  await focusList(workbench);
  const before = acts(workbench);
  const number = await segmentNumber(workbench);
  await workbench.keys('e');
  const field = workbench.review().locator('textarea');
  await field.waitFor(patient);
  await workbench.page.keyboard.type('draft 1x');
  const text = await field.inputValue();
  await workbench.keys('Escape');
  const marked = workbench.review().locator('.translation-line', { hasText: 'draft 1x' });
  await marked.waitFor(patient);
  await until('the draft is stored', () => stored(workbench, 'drafts').includes('draft 1x'));
  await workbench.screenshot('keys-draft');
  await workbench.reload();
  await workbench.openFile('letter.en.md');
  await workbench.command('Interlinear: Open Review');
  await marked.waitFor(patient);
  assert.equal(await segmentNumber(workbench), number);
  await focusList(workbench);
  await workbench.keys('e');
  await field.waitFor(patient);
  assert.equal(await field.inputValue(), text);
  assert.deepEqual(acts(workbench), before);
}

async function allKeys(t: TestContext, workbench: Workbench): Promise<void> {
  await translated(workbench, 'letter.en.md');
  await step(t, workbench, 'what is typed in the palette over the review stays there', () => palette(workbench));
  await step(t, workbench, 'a key that is used for the first time, and one that is not', () => firstUse(workbench));
  await step(t, workbench, 'e and then text, one key after another', () => race(workbench, (...keys) => workbench.keys(...keys), 'e'));
  await step(t, workbench, 'e and then text, all at once', () => race(workbench, (...keys) => burst(workbench, ...keys), 'e'));
  await step(t, workbench, 'the same by a key of the user\'s own, one after another', () => race(workbench, (...keys) => workbench.keys(...keys), freeKey));
  await step(t, workbench, 'the same by a key of the user\'s own, all at once', () => race(workbench, (...keys) => burst(workbench, ...keys), freeKey));
  await step(t, workbench, 'Japanese composed in the field', () => composition(workbench));
  await step(t, workbench, 'keys that move', () => movingKeys(workbench));
  await step(t, workbench, 'keys that show', () => lookingKeys(workbench));
  await step(t, workbench, 'keys that judge', () => judgingKeys(workbench));
  await step(t, workbench, 'F6 leaves the view', () => leaving(workbench));
  await step(t, workbench, 'Escape keeps a draft, which a new window shows', () => draftSurvives(workbench));
}

describe('keys in a real workbench', () => {
  it('do what they say in the list, and are text everywhere else', async (t) => {
    const keybindings = [{ key: freeKey, command: 'interlinear.review.edit', when: inList }];
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered, keybindings }, (workbench) => allKeys(t, workbench));
  });
});
