import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { webviewOf } from './support/page.ts';
import { acceptFocused, acts, answered, closeEditors, focusedText, focusList, journal, patient, put, settled, step, toast, until } from './support/reviewing.ts';
import { answer, answerPath } from './support/questions.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

const xliff = `<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="letter.txt" source-language="en" target-language="ja" datatype="plaintext">
    <body>
      <trans-unit id="1">
        <source>I have a dog.</source>
      </trans-unit>
      <trans-unit id="2">
        <source>It is raining today.</source>
        <target>今日は雨です。</target>
      </trans-unit>
    </body>
  </file>
</xliff>
`;

const po = `msgid ""
msgstr ""
"Language: ja\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#. A greeting.
msgid "I get up early."
msgstr ""

msgid "It is raining today."
msgstr "今日は雨です。"
`;

const android = `<?xml version="1.0" encoding="utf-8"?>
<resources>
    <!-- A note for translators. -->
    <string name="app" translatable="false">Interlinear</string>
    <string name="morning">I get up early.</string>
    <string name="rain">It is raining today.</string>
</resources>
`;

/** Spelled as nobody else would. */
const androidJa = `<?xml version="1.0" encoding="utf-8"?>
<resources>
    <string name="rain">"今日は \\u96e8です。"</string>
</resources>
`;

interface FileWithExisting {
  readonly target: string;
  /** The translation of its second segment. */
  readonly existing: string;
  readonly screenshot: string;
  /** What stands in the file is asked about, and merged. */
  readonly merged?: true;
}

/** Translates the open file, accepts the first candidate of its first segment, and answers it with what the written file holds then. */
async function acceptFirst(workbench: Workbench, { target, existing, screenshot, merged }: FileWithExisting): Promise<{ readonly accepted: string; readonly written: string }> {
  await workbench.command('Interlinear: Translate File...');
  if (merged === true) await answerModal(workbench, `${target} already has other content`, 'Merge by Segment');
  await workbench.review().locator('.row.focused').first().waitFor(patient);
  await settled(workbench);
  await focusList(workbench);
  const accepted = await acceptFocused(workbench);
  const text = (): string => workbench.read(target).toString();
  await until('the accepted text is in the file', () => text().includes(accepted));
  await confirmNext(workbench, target, existing);
  await workbench.screenshot(screenshot);
  const written = text();
  await closeEditors(workbench);
  return { accepted, written };
}

/** The next segment's translation stands in the file already: it has the focus, and its key confirms it without touching a byte. */
async function confirmNext(workbench: Workbench, target: string, existing: string): Promise<void> {
  await until('what the file holds has the focus', async () => await focusedText(workbench) === existing);
  await workbench.review().locator('.row.focused .chip', { hasText: 'from the file' }).waitFor(patient);
  const before = workbench.read(target);
  await workbench.keys('0');
  await until('the confirmation is in the journal', () => acts(workbench).length % 2 === 0);
  await workbench.page.locator('.statusbar-item', { hasText: '2/2' }).waitFor(patient);
  assert.deepEqual(workbench.read(target), before);
}

async function xliffInPlace(workbench: Workbench): Promise<void> {
  put(workbench, 'letter.xlf', xliff);
  await workbench.openFile('letter.xlf');
  const { accepted, written } = await acceptFirst(workbench, { target: 'letter.xlf', existing: '今日は雨です。', screenshot: 'formats-xliff' });
  const target = /\n? *<target[^>]*>([^<]*)<\/target>/u.exec(written);
  assert.equal(target?.[1], accepted);
  assert.equal(written.replace(target[0], ''), xliff);
}

async function poInPlace(workbench: Workbench): Promise<void> {
  put(workbench, 'ja.po', po);
  await workbench.openFile('ja.po');
  const { accepted, written } = await acceptFirst(workbench, { target: 'ja.po', existing: '今日は雨です。', screenshot: 'formats-po' });
  assert.equal(written, po.replace('msgid "I get up early."\nmsgstr ""', `msgid "I get up early."\nmsgstr "${accepted}"`));
}

async function androidBeside(workbench: Workbench): Promise<void> {
  mkdirSync(join(workbench.folder, 'res/values'), { recursive: true });
  put(workbench, 'res/values/strings.xml', android);
  await workbench.openFile('strings.xml');
  mkdirSync(join(workbench.folder, 'res/values-ja'), { recursive: true });
  put(workbench, 'res/values-ja/strings.xml', androidJa);
  const { accepted, written } = await acceptFirst(workbench, { target: 'res/values-ja/strings.xml', existing: '今日は 雨です。', screenshot: 'formats-android' });
  assert.equal(written, androidJa.replace('    <string name="rain">', `    <string name="morning">${accepted}</string>\n    <string name="rain">`));
  assert.equal(workbench.read('res/values/strings.xml').toString(), android);
}

/** The second paragraph is translated already; the first still is the source. */
async function markdownBeside(workbench: Workbench): Promise<void> {
  put(workbench, 'note.en.md', '# I get up early.\n\n- It is *raining* today.\n');
  put(workbench, 'note.ja.md', '# I get up early.\n\n- 今日は*雨*です。\n');
  await workbench.openFile('note.en.md');
  const { accepted, written } = await acceptFirst(workbench, { target: 'note.ja.md', existing: '今日は*雨*です。', screenshot: 'formats-markdown', merged: true });
  assert.equal(written, `# ${accepted}\n\n- 今日は*雨*です。\n`);
}

async function answerModal(workbench: Workbench, text: string, button: string): Promise<void> {
  const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: text });
  await dialog.waitFor(patient);
  await dialog.getByRole('button', { name: button, exact: true }).click(patient);
  await dialog.waitFor({ state: 'detached', ...patient });
}

/** What a reviewer elsewhere made of the PO file: both texts reworded, one more message. */
async function revised(workbench: Workbench): Promise<void> {
  const before = workbench.read('ja.po').toString();
  const after = before.replace('今日は雨です。', '今日は雨が降ります。').replace(/(I get up early\."\nmsgstr ")[^"]*/u, '$1早起きします。');
  put(workbench, 'returned.po', `${after}\nmsgid "Good night."\nmsgstr "おやすみ。"\n`);
  await workbench.openFile('ja.po');
  await workbench.command('Interlinear: Import Revised Translation...');
  await answerPath(workbench, join(workbench.folder, 'returned.po'));
  await workbench.page.locator('.quick-input-widget', { hasText: 'Who revised it?' }).waitFor(patient);
  await answer(workbench, 'Naomi');
  await toast(workbench, 'returned.po of Naomi: 2 segments changed, 0 as they are here, 1 texts could not be aligned.').waitFor(patient);
  await workbench.review().locator('.revision-title', { hasText: 'Revised by Naomi (2 left)' }).waitFor(patient);
  assert.equal(workbench.read('ja.po').toString(), before);
  await workbench.screenshot('formats-revised');
  await focusList(workbench);
  await workbench.keys('o');
  await workbench.review().locator('.revision-title', { hasText: 'Revised by Naomi (1 left)' }).waitFor(patient);
  await focusList(workbench);
  await workbench.keys('Shift+O');
  await answerModal(workbench, 'Take the change that is left? It is recorded as a post-edit of Naomi.', 'Take All');
  await until('the revision is in the file', () => workbench.read('ja.po').toString() === after);
  assert.deepEqual(journal(workbench).slice(-2).map(({ act, reviewer }) => [act, reviewer]), [['edit', 'Naomi'], ['edit', 'Naomi']]);
  await workbench.review().locator('.revision').waitFor({ state: 'hidden', ...patient });
  await unaligned(workbench);
}

/** The list of what could not be aligned, from the notification, which waits in its list. */
async function unaligned(workbench: Workbench): Promise<void> {
  await workbench.command('Notifications: Show Notifications');
  const notification = workbench.page.locator('.notifications-center .notification-list-item', { hasText: '1 texts could not be aligned' });
  await notification.getByRole('button', { name: 'Show', exact: true }).click(patient);
  await webviewOf(workbench.page, 'vscode.markdown-language-features').locator('td', { hasText: 'The document has no segment of this key.' }).waitFor(patient);
  await workbench.screenshot('formats-unaligned');
}

describe('documents of other formats in a real workbench', () => {
  it('are reviewed like a letter, and only the accepted text changes', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      await step(t, workbench, 'XLIFF, in place', xliffInPlace);
      await step(t, workbench, 'PO, in place', poInPlace);
      await step(t, workbench, 'Android strings, beside', androidBeside);
      await step(t, workbench, 'Markdown, beside', markdownBeside);
      await step(t, workbench, 'a revision that was returned', revised);
    });
  });
});
