import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { signalEngine } from './support/engineProcess.ts';
import { acceptFocused, acts, answered, dismissToasts, focusedText, focusList, listHasKeyboard, patient, put, segmentNumber, settled, startTranslation, step, stored, toast, until } from './support/reviewing.ts';
import { smallDisk, type SmallDisk } from './support/smallDisk.ts';
import { withWorkbench, type Workbench } from './support/withWorkbench.ts';

/** Enough that the disk can be filled in the middle of them. */
const segments = 40;

/** Sets that are whole: the last line may have been cut by the disk. */
function wholeSets(workbench: Workbench): readonly string[] {
  return stored(workbench, 'candidates').split('\n').slice(0, -1).filter((line) => line !== '');
}

function target(workbench: Workbench): string | undefined {
  return existsSync(join(workbench.folder, 'letter.ja.md')) ? workbench.read('letter.ja.md').toString() : undefined;
}

/** Presses a key whose act cannot be stored, and waits until the review says so at its segment. */
async function refused(workbench: Workbench, key: string, told: RegExp): Promise<void> {
  const number = await segmentNumber(workbench);
  const before = acts(workbench);
  await workbench.keys(key);
  await toast(workbench, told).waitFor(patient);
  await workbench.review().locator('.status.error').waitFor(patient);
  await until('the review is at the segment again', async () => (await segmentNumber(workbench)) === number);
  assert.deepEqual(acts(workbench), before);
}

async function fullWhileTranslating(workbench: Workbench, disk: SmallDisk): Promise<void> {
  const lines = Array.from({ length: segments }, (_, index) => `I have ${index + 2} apples and you have a very large dog.`);
  put(workbench, 'letter.en.md', `${lines.join('\n\n')}\n`);
  await startTranslation(workbench, 'letter.en.md');
  await until('the first set is stored', () => wholeSets(workbench).length > 0);
  assert.ok(signalEngine('SIGSTOP'));
  await workbench.page.waitForTimeout(1500); // for what the engine has answered before
  disk.fill(0);
  assert.ok(signalEngine('SIGCONT'));
  await toast(workbench, /The disk is full: .*\.interlinear.* could not be written\. Free some space/u).waitFor(patient);
  await settled(workbench);
  await workbench.review().locator('.row').first().waitFor(patient);
  await workbench.screenshot('disk-full-translating');
  const kept = wholeSets(workbench);
  assert.ok(kept.length > 0 && kept.length < segments, `${kept.length} sets fitted`);
  disk.makeRoom();
  await dismissToasts(workbench);
  await workbench.command('Interlinear: Resume Translation');
  await until('all segments are finished', () => wholeSets(workbench).filter((line) => isSet(line)).length === segments);
  await settled(workbench);
  assert.deepEqual(wholeSets(workbench).slice(0, kept.length), kept);
}

function isSet(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

async function fullWhileJudging(workbench: Workbench, disk: SmallDisk): Promise<void> {
  disk.fill(0);
  await focusList(workbench);
  assert.equal(await segmentNumber(workbench), 1);
  await refused(workbench, 'Enter', /The disk is full/u);
  await workbench.screenshot('disk-full-accept');
  assert.equal(target(workbench), undefined);
  await dismissToasts(workbench);
  await focusList(workbench);
  await workbench.keys('e');
  await workbench.review().locator('.text-field').waitFor(patient);
  await workbench.page.keyboard.insertText('手紙です。');
  await workbench.review().locator('.status.error', { hasText: 'The disk is full' }).waitFor(patient); // the draft
  await refused(workbench, 'Control+Enter', /The disk is full/u);
  await workbench.screenshot('disk-full-edit');
  disk.makeRoom();
  await dismissToasts(workbench);
  await focusList(workbench);
  await workbench.keys('e');
  await until('the text is still there', async () => (await workbench.review().locator('.text-field').inputValue()).endsWith('手紙です。'));
  await workbench.keys('Control+Enter');
  await until('the edit is in the journal', () => acts(workbench).join() === 'edit');
  await until('and in the file', () => target(workbench)?.includes('手紙です。\n') === true);
  await listHasKeyboard(workbench);
}

async function readOnly(workbench: Workbench, disk: SmallDisk): Promise<void> {
  await until('the next segment is shown', async () => (await segmentNumber(workbench)) === 2);
  disk.setReadOnly(true);
  await refused(workbench, 'Enter', /Cannot write .*\(EROFS\)\. Make the folder writable/u);
  await workbench.screenshot('disk-read-only');
  disk.setReadOnly(false);
  await dismissToasts(workbench);
  await focusList(workbench);
  const text = await acceptFocused(workbench);
  await until('the accept is in the file', () => target(workbench)?.includes(text) === true);
}

/** The store can be written and the translated file cannot: what was judged is recorded, and the file gets it later. */
async function targetReadOnly(workbench: Workbench, disk: SmallDisk): Promise<void> {
  await until('the next segment is shown', async () => (await segmentNumber(workbench)) === 3);
  const text = await focusedText(workbench);
  const before = target(workbench);
  disk.setFileReadOnly(join(workbench.folder, 'letter.ja.md'), true);
  await workbench.keys('Enter');
  await toast(workbench, /Cannot write letter\.ja\.md/u).waitFor(patient);
  await until('the accept is in the journal', () => acts(workbench).join() === 'edit,accept,accept');
  await until('the review is at the segment again', async () => (await segmentNumber(workbench)) === 3);
  await workbench.screenshot('disk-target-read-only');
  assert.equal(target(workbench), before);
  disk.setFileReadOnly(join(workbench.folder, 'letter.ja.md'), false);
  await dismissToasts(workbench);
  await focusList(workbench);
  await workbench.keys('Enter');
  await until('the accepted text is in the file', () => target(workbench)?.includes(text) === true);
}

describe('a disk that takes nothing, in a real workbench', () => {
  it('is told with the file and what to do; nothing is lost and the work goes on', async (t) => {
    const disk = smallDisk();
    if ('refused' in disk) {
      t.skip(`a disk cannot be mounted here: ${disk.refused}`);
      return;
    }
    try {
      await withWorkbench({ folder: 'test/fixtures/letter', within: disk.path, settings: answered }, async (workbench) => {
        await step(t, workbench, 'full while a translation is stored', () => fullWhileTranslating(workbench, disk));
        await step(t, workbench, 'full while a person judges', () => fullWhileJudging(workbench, disk));
        await step(t, workbench, 'read-only', () => readOnly(workbench, disk));
        await step(t, workbench, 'a translated file that is read-only', () => targetReadOnly(workbench, disk));
      });
    } finally {
      disk.remove();
    }
  });
});
