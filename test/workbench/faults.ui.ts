import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Locator } from 'playwright-core';
import { signalEngine } from './support/engineProcess.ts';
import { appears } from './support/page.ts';
import { takeFirst } from './support/questions.ts';
import { acceptFocused, acts, answered, closeEditors, dismissToasts, focusList, patient, put, settled, startTranslation, step, toast, translated, until } from './support/reviewing.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** Segments of a file in whose translation the engine dies, which is told at its end; and of one that is cancelled by the palette. */
const crashing = 60;
const cancelling = 60;

const greeting = 'Good morning.\n\nIt is raining.\n';

/** The segments whose candidates are on disk. */
function finished(workbench: Workbench, document: string): ReadonlySet<string> {
  const folder = join(workbench.folder, '.interlinear', 'candidates');
  if (!existsSync(folder)) return new Set();
  const files = readdirSync(folder).filter((name) => name.startsWith(document));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line !== ''));
  // Written by the product's own store, whose format has its own tests.
  return new Set(lines.map((line) => (JSON.parse(line) as { readonly segment: { readonly id: string } }).segment.id));
}

/**
 * Puts a file and translates it by the explorer's context menu, as a file is that no text editor opens, and waits for what it
 * leads to. A file that came before the folder was watched is not listed: it comes once more. A menu opened before the
 * extension was known lacks the entry, and a click right after it opened is lost.
 */
async function translateFromExplorer(workbench: Workbench, name: string, bytes: Uint8Array, done: Locator): Promise<void> {
  const row = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  const entry = workbench.page.locator('.context-view .action-label', { hasText: 'Translate File...' });
  put(workbench, name, bytes);
  await until('the file was translated', async () => {
    if (!(await appears(row, 10_000))) {
      rmSync(join(workbench.folder, name), { force: true });
      await workbench.page.waitForTimeout(1000); // else the two are told as one change
      put(workbench, name, bytes);
    }
    await workbench.keys('Escape');
    await row.click({ button: 'right', timeout: 5000 });
    await entry.click({ timeout: 5000, delay: 100 });
    return appears(done, 15_000);
  });
}

async function badFiles(workbench: Workbench): Promise<void> {
  const files = [
    ['empty.en.txt', new Uint8Array(), 'empty.en.txt has no text to translate'],
    ['binary.en.txt', new Uint8Array([65, 66, 0, 67]), 'binary.en.txt is not a text file (byte 2 is NUL)'],
    ['latin.en.txt', new Uint8Array([99, 97, 102, 233, 46, 10]), 'latin.en.txt is not valid UTF-8 at byte 3'],
  ] as const;
  for (const [name, bytes, message] of files) {
    await translateFromExplorer(workbench, name, bytes, toast(workbench, message));
    await workbench.screenshot(`faults-${name}`);
    await dismissToasts(workbench);
    assert.deepEqual(workbench.read(name), Buffer.from(bytes));
    assert.equal(existsSync(join(workbench.folder, name.replace('.en.', '.ja.'))), false);
    rmSync(join(workbench.folder, name));
  }
}

/** A file stands where the folder should be, so that nothing can be stored: as root no folder is read-only. */
async function noStore(workbench: Workbench): Promise<void> {
  put(workbench, '.interlinear', 'in the way');
  put(workbench, 'blocked.en.txt', greeting);
  await startTranslation(workbench, 'blocked.en.txt');
  await toast(workbench, /Cannot write .*\.interlinear/u).waitFor(patient);
  await workbench.screenshot('faults-store');
  assert.equal(workbench.read('.interlinear').toString(), 'in the way');
  rmSync(join(workbench.folder, '.interlinear'));
  await dismissToasts(workbench);
  await closeEditors(workbench);
  await translated(workbench, 'blocked.en.txt');
  assert.equal(finished(workbench, 'blocked').size, 2);
  await closeEditors(workbench);
}

async function answerModal(workbench: Workbench, button: string): Promise<void> {
  const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'known.ja.txt already has other content' });
  await dialog.waitFor(patient);
  await workbench.screenshot(`faults-target-${button.split(' ')[0] ?? ''}`);
  await dialog.locator('.monaco-button', { hasText: button }).click();
  await dialog.waitFor({ state: 'detached', ...patient });
}

async function foreignTarget(workbench: Workbench): Promise<void> {
  const existing = 'おはよう。\n\n雨です。\n';
  put(workbench, 'known.en.txt', greeting);
  put(workbench, 'known.ja.txt', existing);
  await startTranslation(workbench, 'known.en.txt');
  await answerModal(workbench, 'Cancel');
  await workbench.page.locator('.tab', { hasText: 'Review' }).first().waitFor({ state: 'detached', ...patient });
  assert.equal(workbench.read('known.ja.txt').toString(), existing);
  await startTranslation(workbench, 'known.en.txt');
  await answerModal(workbench, 'Merge by Segment');
  await workbench.review().locator('.row.focused').first().waitFor(patient);
  await settled(workbench);
  assert.equal(workbench.read('known.ja.txt').toString(), existing);
  await focusList(workbench);
  const first = await acceptFocused(workbench);
  await until('only the accepted segment changed', () => workbench.read('known.ja.txt').toString() === `${first}\n\n雨です。\n`);
  await closeEditors(workbench);
}

async function overwrite(workbench: Workbench): Promise<void> {
  rmSync(join(workbench.folder, '.interlinear'), { recursive: true });
  put(workbench, 'known.ja.txt', 'まったく別の文章。\n');
  await startTranslation(workbench, 'known.en.txt');
  await answerModal(workbench, 'Overwrite');
  await until('the target is the source again', () => workbench.read('known.ja.txt').toString() === greeting);
  await workbench.review().locator('.row.focused').first().waitFor(patient);
  await settled(workbench);
  await closeEditors(workbench);
}

/** Starts on a file and holds the engine still in the middle of it: however slow this machine is, the rest is yet to come. */
async function inTheMiddle(workbench: Workbench, name: string, segments: number): Promise<void> {
  const lines = Array.from({ length: segments }, (_, index) => `I have ${index + 2} apples and you have a very large dog.`);
  put(workbench, name, `${lines.join('\n\n')}\n`);
  await startTranslation(workbench, name);
  await until('the first segment is finished', () => finished(workbench, name).size > 0);
  assert.ok(signalEngine('SIGSTOP'));
  await until('nothing more comes', () => comesToRest(() => finished(workbench, name).size));
  assert.ok(finished(workbench, name).size < segments, 'all segments were finished before the engine was held');
}

async function comesToRest(count: () => number): Promise<boolean> {
  const before = count();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return count() === before;
}

async function resumed(workbench: Workbench, name: string, segments: number, kept: ReadonlySet<string>): Promise<void> {
  for (const segment of kept) assert.ok(finished(workbench, name).has(segment));
  await workbench.command('Interlinear: Resume Translation');
  await until('all segments are finished', () => finished(workbench, name).size === segments);
  await settled(workbench);
  await closeEditors(workbench);
}

async function crash(workbench: Workbench): Promise<void> {
  await inTheMiddle(workbench, 'crash.en.txt', crashing);
  const kept = finished(workbench, 'crash.en.txt');
  assert.ok(signalEngine('SIGKILL'));
  await toast(workbench, 'The translation engine stopped').waitFor(patient);
  await workbench.screenshot('faults-crash');
  await settled(workbench);
  await dismissToasts(workbench);
  await resumed(workbench, 'crash.en.txt', crashing, kept);
}

async function sourceEdited(workbench: Workbench): Promise<void> {
  await translated(workbench, 'letter.en.md');
  await focusList(workbench);
  const title = await acceptFocused(workbench);
  const source = workbench.read('letter.en.md').toString();
  put(workbench, 'letter.en.md', source.replace('Thank you', 'My dear friend. Thank you'));
  await workbench.page.locator('.statusbar-item', { hasText: '1/8 ja' }).waitFor(patient);
  assert.deepEqual(acts(workbench), ['accept']);
  await until('the target follows its source', () => workbench.read('letter.ja.md').toString().startsWith(`# ${title}\n\nMy dear friend.`));
  put(workbench, 'letter.en.md', workbench.read('letter.en.md').toString().replace('Thank you', 'Many thanks'));
  await workbench.review().locator('.source-text', { hasText: 'Many thanks' }).waitFor(patient);
  await workbench.screenshot('faults-source-edited');
  await closeEditors(workbench);
}

async function cancelled(workbench: Workbench): Promise<void> {
  await inTheMiddle(workbench, 'cancel.en.txt', cancelling);
  await workbench.command('Interlinear: Cancel Translation');
  assert.ok(signalEngine('SIGCONT'));
  await settled(workbench);
  const kept = finished(workbench, 'cancel.en.txt');
  assert.ok(kept.size < cancelling, 'all segments were finished before the cancel');
  await workbench.screenshot('faults-cancelled');
  await resumed(workbench, 'cancel.en.txt', cancelling, kept);
}

describe('what goes wrong in a real workbench', () => {
  it('is told with the file and the reason, and nothing is lost', async (t) => {
    await withWorkbench({ folder: 'test/fixtures/letter', settings: answered }, async (workbench) => {
      await step(t, workbench, 'empty, binary and invalid files', badFiles);
      await step(t, workbench, 'a folder that cannot be written', noStore);
      await step(t, workbench, 'a target with other content: cancel and merge', foreignTarget);
      await step(t, workbench, 'a target with other content: overwrite', overwrite);
      await step(t, workbench, 'an engine that is killed', crash);
      await step(t, workbench, 'a source edited under the review', sourceEdited);
      await step(t, workbench, 'a cancelled translation', cancelled);
    });
  });

  it('servers are not offered in a folder that is not trusted', async () => {
    const marker = join(tmpdir(), `interlinear-started-${process.pid.toString()}`);
    const server = { name: 'my server', url: 'http://127.0.0.1:9', model: 'm', command: `touch ${marker}` };
    const settings = { 'interlinear.candidates': 2, 'interlinear.backends': [server] };
    await withWorkbench({ folder: 'test/fixtures/letter', trust: 'restricted', settings }, async (workbench) => {
      await workbench.command('Interlinear: Start Backend...');
      await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'my server' }).or(toast(workbench, /trust/iu)).first().waitFor(patient);
      await workbench.keys('Enter');
      await toast(workbench, /trust/iu).waitFor(patient);
      assert.ok(!existsSync(marker), 'nothing was started');
      await workbench.command('Notifications: Clear All Notifications');
      await startTranslation(workbench, 'letter.en.md');
      const picker = workbench.page.locator('.quick-input-widget');
      await takeFirst(workbench, 'Interlinear: Translate into');
      await picker.getByText('Interlinear: Translate with').waitFor(patient);
      assert.equal(await picker.getByText('my server').count(), 0);
      await workbench.screenshot('faults-untrusted');
      await takeFirst(workbench, 'Interlinear: Translate with');
      await workbench.review().locator('.row').first().waitFor(patient);
      await settled(workbench);
    });
  });
});
