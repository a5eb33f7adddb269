import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { appears } from './support/page.ts';
import { acceptFocused, acts, answered, closeEditors, comeBack, focusList, patient, put, segmentNumber, step, toast, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** By language, so that one workbench has them all: Markdown saves by itself, `trim.*` is cleaned up on save, text is left alone. */
const settings = {
  ...answered,
  'interlinear.candidates': 2,
  'files.autoSave': 'off',
  'files.associations': { 'trim.*.txt': 'ini' },
  '[markdown]': { 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 300 },
  '[json]': { 'editor.formatOnSave': true, 'editor.tabSize': 4 },
  '[ini]': { 'files.trimTrailingWhitespace': true, 'files.insertFinalNewline': true },
};

const bom = '\u{FEFF}';
const sentences = ['Good morning.', 'It is raining.', 'See you tomorrow.'] as const;

function contains(workbench: Workbench, name: string, expected: string): Promise<void> {
  return until(`${name} holds what was accepted`, () => workbench.read(name).equals(Buffer.from(expected)));
}

/** Translates a file of the three sentences, accepts the first two, and answers what the target must hold. */
async function acceptTwo(workbench: Workbench, name: string, source: string): Promise<string> {
  put(workbench, name, source);
  await translated(workbench, name);
  await focusList(workbench);
  const first = await acceptFocused(workbench);
  await until('the second segment', async () => (await segmentNumber(workbench)) === 2);
  const second = await acceptFocused(workbench);
  return source.replace(sentences[0], first).replace(sentences[1], second);
}

async function autoSave(workbench: Workbench): Promise<void> {
  const wanted = await acceptTwo(workbench, 'auto.en.md', `# ${sentences[0]}\n\n${sentences[1]}\n\n${sentences[2]}\n`);
  await contains(workbench, 'auto.ja.md', wanted);
  await workbench.page.waitForTimeout(1500);
  assert.equal(workbench.read('auto.ja.md').toString(), wanted);
  assert.equal(await toast(workbench, 'changed other bytes').isVisible(), false);
  await closeEditors(workbench);
}

async function trimming(workbench: Workbench): Promise<void> {
  const wanted = await acceptTwo(workbench, 'trim.en.txt', `${sentences[0]}  \n\n${sentences[1]}   \n\n${sentences[2]}`);
  const warning = toast(workbench, 'Saving trim.ja.txt changed other bytes as well');
  await warning.waitFor(patient);
  await workbench.screenshot('saving-trimmed');
  assert.notEqual(workbench.read('trim.ja.txt').toString(), wanted);
  await warning.locator('.monaco-button', { hasText: 'Restore' }).click();
  await contains(workbench, 'trim.ja.txt', wanted);
  await closeEditors(workbench);
}

/** VS Code's own JSON formatter runs when an accepted text is saved in an editor: it is told of, and its layout goes again. */
async function formatting(workbench: Workbench): Promise<void> {
  const [a, b, c] = sentences;
  put(workbench, 'en.json', JSON.stringify({ a, b, c }));
  await translated(workbench, 'en.json');
  await focusList(workbench);
  const first = await acceptFocused(workbench);
  await until('the first text is in ja.json', () => textsOf(workbench).a === first);
  await workbench.keys('Control+1');
  await workbench.openFile('ja.json');
  await comeBack(workbench);
  await until('the second segment', async () => (await segmentNumber(workbench)) === 2);
  const second = await acceptFocused(workbench);
  const warning = toast(workbench, 'Saving ja.json changed other bytes as well');
  await warning.waitFor(patient);
  await workbench.screenshot('saving-formatted');
  assert.match(workbench.read('ja.json').toString(), /^\{\r?\n {4}"a"/u);
  await warning.locator('.monaco-button', { hasText: 'Restore' }).click();
  await until('the layout is as it was', () => !/\n/u.test(workbench.read('ja.json').toString().trim()));
  assert.deepEqual([textsOf(workbench).a, textsOf(workbench).b], [first, second]);
  await closeEditors(workbench);
}

function textsOf(workbench: Workbench): { readonly a?: string; readonly b?: string } {
  try {
    return JSON.parse(workbench.read('ja.json').toString()) as { readonly a?: string; readonly b?: string };
  } catch {
    return {}; // not there yet
  }
}

async function everyByte(workbench: Workbench, name: string, source: string): Promise<void> {
  const wanted = await acceptTwo(workbench, `${name}.en.txt`, source);
  await contains(workbench, `${name}.ja.txt`, wanted);
  await closeEditors(workbench);
}

/** Puts the review on a segment and waits for its question about the text in the document. */
async function asked(workbench: Workbench, number: number): Promise<void> {
  await comeBack(workbench);
  const by = number - (await segmentNumber(workbench));
  for (let count = 0; count < Math.abs(by); count++) await workbench.keys(by < 0 ? 'k' : 'j');
  await workbench.review().locator('.difference').waitFor(patient);
}

async function answers(workbench: Workbench, command: string): Promise<void> {
  await workbench.command(`Interlinear: Review: ${command}`);
  await workbench.review().locator('.difference').waitFor({ state: 'hidden', ...patient });
}

async function openTarget(workbench: Workbench): Promise<void> {
  await workbench.keys('Control+1');
  await workbench.openFile('plain.ja.txt');
}

/** Puts the caret into a line of the target's editor; keys are lost until the editor has the keyboard. */
async function caretIn(workbench: Workbench, line: number, ...keys: readonly string[]): Promise<void> {
  const place = workbench.page.locator('.statusbar-item', { hasText: `Ln ${line.toString()}, Col` });
  await openTarget(workbench);
  await until(`the caret is in line ${line.toString()}`, async () => {
    await workbench.keys(...keys);
    return appears(place, 2000);
  });
}

/** Undo in the editor, typing, and a change on disk; each asks, and each of the three answers holds. */
async function differences(workbench: Workbench): Promise<void> {
  put(workbench, 'plain.en.txt', `${sentences.join('\n\n')}\n`);
  await translated(workbench, 'plain.en.txt');
  await focusList(workbench);
  const first = await acceptFocused(workbench);
  await openTarget(workbench);
  await comeBack(workbench);
  const second = await acceptFocused(workbench);
  const accepted = `${first}\n\n${second}\n\n${sentences[2]}\n`;
  await contains(workbench, 'plain.ja.txt', accepted);

  await openTarget(workbench);
  await workbench.keys('Control+Z', 'Control+S');
  await contains(workbench, 'plain.ja.txt', `${first}\n\n${sentences[1]}\n\n${sentences[2]}\n`);
  await asked(workbench, 2);
  await workbench.screenshot('saving-difference');
  await answers(workbench, 'Revert the Document to the Accepted Text');
  await contains(workbench, 'plain.ja.txt', accepted);

  await caretIn(workbench, 3, 'Control+Home', 'ArrowDown', 'ArrowDown', 'End');
  await workbench.page.keyboard.insertText('ね');
  await workbench.keys('Control+S');
  await asked(workbench, 2);
  await answers(workbench, 'Record the Text in the Document as My Edit');
  await until('the edit is in the journal', () => acts(workbench).at(-1) === 'external');
  const edited = `${first}\n\n${second}ね\n\n${sentences[2]}\n`;
  assert.equal(workbench.read('plain.ja.txt').toString(), edited);

  put(workbench, 'plain.ja.txt', edited.replace(first, 'おはよう。'));
  await asked(workbench, 1);
  await answers(workbench, 'Record Accept of the Text in the Document');
  await until('the accept is in the journal', () => acts(workbench).at(-1) === 'accept');
  assert.equal(workbench.read('plain.ja.txt').toString(), edited.replace(first, 'おはよう。'));
}

/** The target has unsaved typing: the accepted text joins it in the buffer, and its owner saves both. */
async function dirty(workbench: Workbench): Promise<void> {
  const before = workbench.read('plain.ja.txt').toString();
  await caretIn(workbench, 6, 'Control+End');
  await workbench.page.keyboard.insertText('またね。');
  await comeBack(workbench);
  await workbench.keys('n');
  await until('the third segment', async () => (await segmentNumber(workbench)) === 3);
  const third = await acceptFocused(workbench);
  await workbench.page.waitForTimeout(1500);
  assert.equal(workbench.read('plain.ja.txt').toString(), before);
  await openTarget(workbench);
  await workbench.keys('Control+S');
  await contains(workbench, 'plain.ja.txt', `${before.replace(sentences[2], third)}またね。`);
  await closeEditors(workbench);
}

function git(workbench: Workbench, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=tester', '-c', 'user.email=tester@localhost', '-c', 'init.defaultBranch=main', '-c', 'core.autocrlf=false', ...args], { cwd: workbench.folder, stdio: 'pipe' });
}

/** Git takes an accepted text out of the file and brings it back: the review asks, and stops asking. */
async function checkout(workbench: Workbench): Promise<void> {
  const source = `${sentences.join('\n\n')}\n`;
  put(workbench, 'git.en.txt', source);
  await translated(workbench, 'git.en.txt');
  await focusList(workbench);
  const first = await acceptFocused(workbench);
  const committed = source.replace(sentences[0], first);
  await contains(workbench, 'git.ja.txt', committed);
  git(workbench, 'init');
  git(workbench, 'add', 'git.en.txt', 'git.ja.txt');
  git(workbench, 'commit', '-m', 'the first sentence');
  await until('the second segment', async () => (await segmentNumber(workbench)) === 2);
  const second = await acceptFocused(workbench);
  const accepted = committed.replace(sentences[1], second);
  await contains(workbench, 'git.ja.txt', accepted);

  git(workbench, 'stash');
  await contains(workbench, 'git.ja.txt', committed);
  await asked(workbench, 2);
  git(workbench, 'stash', 'pop');
  await contains(workbench, 'git.ja.txt', accepted);
  await workbench.review().locator('.difference').waitFor({ state: 'hidden', ...patient });

  git(workbench, 'checkout', '--', 'git.ja.txt');
  await asked(workbench, 2);
  await workbench.screenshot('saving-checkout');
  await answers(workbench, 'Revert the Document to the Accepted Text');
  await contains(workbench, 'git.ja.txt', accepted);
}

describe('accepted texts and the file that they go to', () => {
  it('keep every byte, whatever saves the file and whoever edits it', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings }, async (workbench) => {
      await step(t, workbench, 'autosave', autoSave);
      await step(t, workbench, 'settings that clean up on save are told of, and undone', trimming);
      await step(t, workbench, 'a formatter that runs on save is told of, and undone', formatting);
      await step(t, workbench, 'a BOM and CRLF', () => everyByte(workbench, 'crlf', `${bom}${sentences.join('\r\n\r\n')}\r\n`));
      await step(t, workbench, 'mixed newlines', () => everyByte(workbench, 'mixed', `${sentences[0]}\n\n${sentences[1]}\r\n\r\n${sentences[2]}  \n`));
      await step(t, workbench, 'undo, typing and another writer are asked about', differences);
      await step(t, workbench, 'a file with unsaved changes', dirty);
    });
  });

  it('are asked about when git takes them away, and no longer when it brings them back', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: { ...answered, 'interlinear.candidates': 2, 'git.enabled': false } }, async (workbench) => {
      await step(t, workbench, 'git stash and checkout', checkout);
    });
  });
});
