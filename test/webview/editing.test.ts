/** Text fields: drafts, composition, confirming, and a document that says something else. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness } from './support/reviewPage.ts';

describe('editing in the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  it('takes the focused candidate, confirms with Ctrl+Enter and goes on', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('ArrowDown', 'e');
    assert.equal(await review.field.getAttribute('lang'), 'ja');
    await review.press('End', 'Enter', 'Shift+Enter');
    await review.page.keyboard.insertText('ひどい。');
    await review.press('Control+Enter');
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts())[0]?.what, { act: 'edit', from: 'rain-2', text: '雨が激しく降っている。\n\nひどい。' });
    assert.equal(await review.segment(), 'segment-4');
    await review.until('fake.listFocused');
    assert.equal(await review.field.isVisible(), false);
    await review.close();
  });

  it('opens with the caret at the end, also where the page gets the keyboard once more', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('e');
    const again = (field: { blur(): void; focus(): void; setSelectionRange(from: number, to: number): void; readonly selectionStart: number }): number => {
      field.blur();
      field.setSelectionRange(0, 0);
      field.focus();
      return field.selectionStart;
    };
    assert.equal(await review.field.evaluate(again), '土砂降りだ。'.length);
    await review.press('Home', 'ArrowRight');
    assert.equal(await review.field.evaluate(again), 0, 'a caret that somebody moved is left alone');
    await review.close();
  });

  it('keeps every key of a text in its field', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('e');
    const before = (await review.seen()).length;
    await review.page.keyboard.type('123xeujknd?X');
    assert.equal(await review.field.inputValue(), '土砂降りだ。123xeujknd?X');
    await review.press('Control+A');
    await review.until("document.activeElement.selectionEnd - document.activeElement.selectionStart === '土砂降りだ。123xeujknd?X'.length");
    assert.equal((await review.seen()).filter((key) => key !== 'Control').length, before, 'VS Code saw none of them');
    assert.deepEqual(await review.acts(), []);
    await review.press('F6');
    assert.equal((await review.seen()).at(-1), 'F6');
    await review.close();
  });

  it('ignores list commands that arrive late', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('e');
    for (const command of ['accept1', 'reject', 'nextSegment', 'allBad'] as const) await review.palette(command);
    assert.deepEqual(await review.acts(), []);
    assert.equal(await review.field.isVisible(), true);
    await review.close();
  });

  it('lets Japanese be composed: no key of it leaks and Enter does not submit', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    const cdp = await review.cdp();
    await review.command('e');
    const before = (await review.seen()).length;
    for (const text of ['あ', 'あめ', 'あめが']) {
      await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Process', code: 'KeyA' });
      await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    }
    for (const segment of letterSegments().slice(2, 3)) await review.send({ ...segment, omission: false });
    await setTimeout(900);
    assert.equal(await review.field.inputValue(), '土砂降りだ。あめが', 'drafts and events leave a composition alone');
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Enter', code: 'Enter', modifiers: 2 });
    await cdp.send('Input.insertText', { text: '雨が' });
    await review.frame();
    assert.equal(await review.field.inputValue(), '土砂降りだ。雨が');
    assert.equal((await review.seen()).length, before);
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  it('stores a draft within a second and keeps it with Escape', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('e');
    await review.page.keyboard.type('猫');
    await review.until('fake.drafts.length === 1');
    await review.page.keyboard.type('犬');
    await review.press('Escape');
    await review.until('fake.drafts.length === 2');
    for (const delay of await review.draftDelays()) assert.ok(delay < 1000, `${String(delay)} ms`);
    assert.deepEqual((await review.drafts()).at(-1), { segment: 'segment-3', text: '土砂降りだ。猫犬' });
    assert.match(await review.page.locator('.translation').innerText(), /Draft, not confirmed[\s\S]*土砂降りだ。猫犬/u);
    await review.until('fake.listFocused');
    await review.command('e');
    assert.equal(await review.field.inputValue(), '土砂降りだ。猫犬');
    await review.close();
  });

  it('keeps a draft while typing does not pause', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('e');
    for (let count = 0; count < 30; count += 1) {
      await review.page.keyboard.type('a');
      await setTimeout(50);
    }
    const delays = await review.draftDelays();
    assert.ok(delays.length > 0, 'stored although nobody paused');
    for (const delay of delays) assert.ok(delay < 1000, `${String(delay)} ms`);
    await review.close();
  });

  it('discards a draft by its own command', async () => {
    const [first] = letterSegments();
    assert.ok(first);
    const review = await harness.open(aSnapshot([{ ...first, review: 'unreviewed', draft: 'ナオミへ' }]));
    assert.match(await review.page.locator('.translation').innerText(), /ナオミへ/u);
    await review.command('Shift+E');
    await review.until('fake.drafts.length === 1');
    assert.deepEqual(await review.drafts(), [{ segment: 'segment-1', text: '' }]);
    assert.doesNotMatch(await review.page.locator('.desk').innerText(), /ナオミへ/u);
    await review.close();
  });

  it('never confirms an empty translation', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('e');
    await review.press('Control+A', 'Delete', 'Control+Enter');
    await review.frame();
    assert.match(await review.status.innerText(), /empty/u);
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  it('keeps the text of an edit and of a comment that could not be stored', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.set('failWith', 'The disk is full.');
    await review.command('e');
    await review.page.keyboard.insertText('まったく。');
    await review.press('Control+Enter');
    await review.page.locator('.status.error').waitFor();
    assert.equal(await review.segment(), 'segment-3');
    assert.match(await review.page.locator('.translation').innerText(), /まったく。/u);
    await review.until('fake.listFocused');
    await review.command('e');
    assert.equal(await review.field.inputValue(), '土砂降りだ。まったく。');
    await review.press('Escape');
    await review.until('fake.listFocused');
    await review.set('failWith', 'The disk is full.');
    await review.command('c');
    await review.page.keyboard.insertText('idiom!');
    await review.press('Control+Enter');
    await review.page.locator('.status.error').waitFor();
    await review.until('fake.listFocused');
    await review.command('c');
    assert.equal(await review.field.inputValue(), 'idiom!');
    await review.press('Control+Enter');
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts())[0]?.what, { act: 'comment', text: 'idiom!' });
    await review.close();
  });

  it('looks the selected text up in the concordance, and takes a text from there at the caret', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    const insert = (text: string): Promise<boolean> => review.page.evaluate(`fake.insert(${JSON.stringify(text)})`);
    assert.equal(await insert('どこにも'), false, 'no edit is open');
    await review.page.evaluate("document.getSelection().selectAllChildren(document.querySelector('.source-text'))");
    await review.palette('concordance');
    await review.command('e');
    await review.palette('concordance');
    await review.press('Home', 'Shift+ArrowRight', 'Shift+ArrowRight');
    await review.palette('concordance');
    assert.deepEqual(await review.page.evaluate('fake.lookedUp'), ['It is raining cats and dogs.', '', '土砂']);
    // what VS Code does to a page that loses the keyboard
    await review.page.evaluate('document.activeElement.blur()');
    assert.equal(await insert('大'), true);
    assert.equal(await review.field.inputValue(), '大降りだ。');
    await review.page.keyboard.type('雨');
    assert.equal(await review.field.inputValue(), '大雨降りだ。');
    await review.until('fake.drafts.length > 0');
    await review.close();
  });

  it('adds a comment', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('c');
    await review.page.keyboard.type('idiom!');
    await review.press('Control+Enter');
    await review.until('fake.acts.length === 1');
    assert.match(await review.page.locator('.source-foot').innerText(), /Comment: idiom!/u);
    assert.equal(await review.segment(), 'segment-3');
    await review.close();
  });

  it('asks what counts when the document was changed', async () => {
    const review = await harness.open(aSnapshot(letterSegments(), { focus: 'segment-7' }), { theme: 'light' });
    const banner = review.page.getByRole('group');
    assert.equal(await banner.locator('ins').count() > 0, true);
    assert.deepEqual(await banner.locator('vscode-button').allTextContents(), ['Record as my edit', 'Accept again', 'Put the accepted text back']);
    await review.screenshot('review-difference');
    await banner.getByText('Record as my edit').click();
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts())[0]?.what, { act: 'resolve', choice: 'recordEdit' });
    assert.match(await review.page.locator('.translation').innerText(), /Your edit[\s\S]*では、また近いうちに！/u);
    assert.equal(await banner.isVisible(), false);
    await review.palette('revert');
    assert.equal((await review.acts()).length, 1, 'nothing is left to settle');
    await review.close();
  });
});
