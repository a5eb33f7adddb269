/** Keys go through VS Code and come back as commands; what is typed behind them is never lost and never judges. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness } from './support/reviewPage.ts';

describe('the keys of the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const delay of [0, 20, 200]) {
    it(`e and then 12ab at once: all text arrives and nothing is judged (${String(delay)} ms to the host)`, async () => {
      const review = await harness.open(aSnapshot(letterSegments()), { delay });
      await review.press('e', '1', '2', 'a', 'b');
      await review.field.waitFor();
      await review.until("document.querySelector('.text-field').value === '土砂降りだ。12ab'");
      await setTimeout(delay * 3 + 300);
      assert.equal(await review.field.inputValue(), '土砂降りだ。12ab');
      assert.deepEqual(await review.acts(), []);
      await review.close();
    });
  }

  it('closes the field by an Escape pressed at once and judges nothing that was typed for it', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { delay: 100 });
    await review.press('e', '1', '2', 'Escape');
    await review.until('fake.drafts.length === 1');
    await setTimeout(300);
    assert.deepEqual(await review.drafts(), [{ segment: 'segment-3', text: '土砂降りだ。12' }]);
    assert.deepEqual(await review.acts(), []);
    assert.equal(await review.field.isVisible(), false);
    await review.close();
  });

  it('walk and judge in the order in which they were pressed', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { delay: 20 });
    await review.press('j', 'k', 'x', '2');
    await review.until('fake.acts.length === 2');
    assert.deepEqual((await review.acts()).map(({ segment, what }) => [segment, what.act]), [['segment-3', 'reject'], ['segment-3', 'accept']]);
    await review.close();
  });

  it('ask for more with what is focused, and what is typed behind a question judges nothing', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { delay: 20 });
    await review.command('m', 'r');
    await review.press('x', '2', 'Enter');
    await setTimeout(200);
    assert.deepEqual(await review.page.evaluate('fake.asks'), [
      { segment: 'segment-3', kind: 'more', candidate: '土砂降りだ。' }, { segment: 'segment-3', kind: 'instruction', candidate: '土砂降りだ。' },
    ]);
    assert.deepEqual(await review.acts(), []);
    await setTimeout(1500);
    await review.command('x');
    await review.until('fake.acts.length === 1');
    await review.close();
  });

  it('accept and go on to the next unreviewed segment, at once and with what was on screen', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.set('delay', 300);
    await review.command('2');
    assert.equal(await review.segment(), 'segment-4');
    assert.equal(await review.page.locator('.header-count').textContent(), '4/7');
    await review.until('fake.acts.length === 1');
    const [act] = await review.acts();
    assert.deepEqual(act?.what, { act: 'accept', candidate: 'rain-2' });
    assert.deepEqual(act.order, ['rain-1', 'rain-2', 'rain-3', 'rain-4', 'rain-5']);
    assert.ok(act.elapsedMs >= 0);
    await review.close();
  });

  it('show a text that is cut off before they accept it', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { width: 700 });
    await review.command('4');
    assert.deepEqual(await review.acts(), []);
    assert.match(await review.focused.innerText(), /過ごすつもりでいます。/u);
    assert.match(await review.status.innerText(), /shown in full now/u);
    await review.command('4');
    await review.until('fake.acts.length === 1');
    assert.equal((await review.acts())[0]?.what.act, 'accept');
    await review.close();
  });

  it('take back an act that failed, say why and bring the reader back to it', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.set('failWith', 'The disk is full.');
    await review.command('1');
    await review.page.locator('.status.error').waitFor();
    assert.match(await review.status.innerText(), /Segment 3: The disk is full\./u);
    assert.equal(await review.page.locator('.header-count').textContent(), '3/7');
    assert.equal(await review.segment(), 'segment-3');
    await review.command('1');
    await review.until('fake.acts.length === 1');
    assert.equal((await review.acts())[0]?.segment, 'segment-3');
    assert.equal(await review.segment(), 'segment-4');
    await review.close();
  });

  it('undo the last act and return to its segment', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('1');
    await review.until('fake.acts.length === 1');
    await review.command('u');
    await review.until("fake.focus.segment === 'segment-3'");
    assert.deepEqual((await review.acts()).map(({ segment, what }) => [segment, what.act]), [['segment-3', 'accept'], ['segment-3', 'undo']]);
    assert.equal(await review.page.locator('.header-count').textContent(), '3/7');
    await review.close();
  });

  it('mark idiom and style of the focused candidate in turn', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('ArrowDown', 'i', 'i', 's');
    await review.until('fake.acts.length === 3');
    assert.deepEqual((await review.acts()).map(({ what }) => what), [
      { act: 'idiom', candidate: 'rain-2', value: 'idiomatic' },
      { act: 'idiom', candidate: 'rain-2', value: 'explained' },
      { act: 'style', candidate: 'rain-2', value: 'natural' },
    ]);
    assert.deepEqual(await review.focused.locator('.chip').allTextContents(), ['explained', 'natural']);
    await review.close();
  });

  it('judge once when they are held, and walk on', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.page.keyboard.down('Enter');
    for (let count = 0; count < 5; count += 1) {
      await setTimeout(30);
      await review.page.keyboard.down('Enter');
    }
    await review.page.keyboard.up('Enter');
    await setTimeout(100);
    assert.equal((await review.acts()).length, 1);
    await review.close();
  });

  it('work right after coming back, before VS Code has heard of it, and once', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { delay: 400 });
    await review.page.locator('#filter').focus();
    await review.until('!fake.listFocused');
    await review.page.locator('#candidates').focus();
    await review.press('j', 'k', 'x');
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts()).map(({ segment, what }) => [segment, what.act]), [['segment-3', 'reject']]);
    await review.until('fake.listFocused');
    await setTimeout(1000);
    assert.equal((await review.acts()).length, 1);
    await review.command('u');
    await review.until('fake.acts.length === 2');
    await review.close();
  });

  it('do what the user has bound them to, as soon as VS Code has answered them once, and nothing where they are bound to nothing of ours', async () => {
    const bindings = { x: 'nextSegment', z: 'reject', 2: 'none' } as const;
    const review = await harness.open(aSnapshot(letterSegments()), { delay: 20, bindings });
    await review.command('x');
    assert.equal(await review.segment(), 'segment-4');
    await review.press('2');
    await review.command('k', 'z');
    await review.until('fake.acts.length === 1');
    assert.deepEqual(await review.page.evaluate('fake.ownKeys'), [{ key: 'x', command: 'nextSegment' }, { key: '2', command: 'none' }, { key: 'z', command: 'reject' }]);
    await review.set('delay', 500);
    await review.page.locator('#filter').focus();
    await review.until('!fake.listFocused');
    await review.page.locator('#candidates').focus();
    await review.press('x', '2', 'z');
    await review.until('fake.acts.length === 2');
    assert.deepEqual((await review.acts()).map(({ segment, what }) => [segment, what.act]), [['segment-3', 'reject'], ['segment-4', 'reject']]);
    await review.close();
  });

  it('that the user has bound are known in the next view, until VS Code answers otherwise', async () => {
    const snapshot = { ...aSnapshot(letterSegments()), ownKeys: { x: 'nextSegment', z: 'allBad' } as const };
    const review = await harness.open(snapshot, { delay: 300, bindings: { x: 'nextSegment' } });
    await review.page.locator('#filter').focus();
    await review.until('!fake.listFocused');
    await review.page.locator('#candidates').focus();
    await review.press('x');
    await review.until("fake.focus.segment === 'segment-4'");
    await review.until('fake.listFocused');
    await review.press('z');
    await review.command('k');
    assert.deepEqual(await review.page.evaluate('fake.ownKeys'), [{ key: 'z', command: 'contributed' }]);
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  it('reach VS Code only from the lists', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.page.locator('#filter').focus();
    await review.until('!fake.listFocused');
    await review.press('1', 'x');
    await setTimeout(100);
    assert.deepEqual(await review.acts(), []);
    await review.page.locator('#segments').focus();
    await review.until('fake.listFocused');
    await review.command('ArrowDown');
    assert.equal(await review.segment(), 'segment-4');
    await review.close();
  });

  it('stay in the view: Tab goes round, Escape asks to leave, F6 is VS Code’s', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    for (let count = 0; count < 12; count += 1) {
      await review.press('Tab');
      assert.notEqual(await review.page.evaluate('document.activeElement.tagName'), 'BODY');
    }
    await review.palette('focusList');
    await review.press('F6');
    assert.equal((await review.seen()).at(-1), 'F6');
    await review.press('Escape');
    await review.until("fake.runs.includes('leave')");
    await review.close();
  });

  it('are all listed in the help, which closes with Escape', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { theme: 'light' });
    await review.command('Shift+Slash');
    const help = review.page.getByRole('dialog');
    assert.match(await help.innerText(), /1–9[\s\S]*Accept the candidate with this number/u);
    assert.match(await help.innerText(), /X\s+All candidates are bad/u);
    await review.screenshot('review-help');
    await review.press('1', 'Escape');
    await review.until('fake.listFocused');
    assert.equal(await help.isVisible(), false);
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  it('work from the palette too, where no key was pressed', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.palette('toggleHeatmap');
    assert.equal(await review.page.locator('.heatmap-canvas').isVisible(), true);
    await review.close();
  });

  it('are timed from the keydown to the painted frame', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('j', 'k', 'j');
    await review.until("fake.timings.filter((timing) => timing.name === 'keyToPaint').length === 3");
    for (const { ms } of await review.timings()) assert.ok(ms > 0 && ms < 5000);
    await review.close();
  });
});
