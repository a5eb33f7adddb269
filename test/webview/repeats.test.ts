/** Repeats in the page: a filled segment, the key that confirms it, and what is said of those that an accepted text fills. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SegmentView } from '../../src/protocol/review.ts';
import { aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness, type ReviewPage } from './support/reviewPage.ts';

describe('repeats in the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  /** The third segment is filled from the first, which fills two more. */
  function opened(theme: 'dark' | 'light' | 'highContrast' = 'dark', width?: number): Promise<ReviewPage> {
    const segments = letterSegments().map((segment, index): SegmentView => {
      if (index === 0) return { ...segment, repeats: { filled: 3, near: 2 } };
      return index === 2 ? { ...segment, omission: false, review: 'filled', accepted: '犬と猫の雨だ。', filled: { from: 1 } } : segment;
    });
    return harness.open(aSnapshot(segments), { theme, ...(width !== undefined && { width, height: 640 }) });
  }

  it('show where a filled text comes from, count it as not reviewed, and one key confirms it', async () => {
    const review = await opened();
    assert.equal(await review.segment(), 'segment-3', 'it waits for a reviewer');
    assert.equal(await review.page.locator('.translation-line').textContent(), 'Filled from segment 1犬と猫の雨だ。Press y to confirm');
    assert.equal(await review.page.locator('#segment-3 .segment-mark').textContent(), '◐');
    assert.match(await review.page.locator('#segment-3').getAttribute('aria-label') ?? '', /filled from a repeat, not reviewed/u);
    await review.screenshot('repeats-filled-dark');
    await review.command('y');
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts()).map(({ segment, what }) => [segment, what]), [['segment-3', { act: 'confirm' }]]);
    assert.equal(await review.segment(), 'segment-4');
    assert.equal(await review.page.locator('#segment-3 .segment-mark').textContent(), '✓');
    await review.command('y');
    assert.equal(await review.status.textContent(), 'This segment was not filled from a repeat.');
    await review.close();
  });

  it('keep a filled text on one line in a narrow view', async () => {
    const review = await opened('dark', 300);
    const box = await review.page.locator('.translation-text').boundingBox();
    assert.ok(box !== null && box.height < 2 * 24, `it is ${String(box?.height)} pixels high`);
    await review.screenshot('repeats-filled-narrow');
    await review.close();
  });

  it('start an edit from the filled text, as the reviewer’s own', async () => {
    const review = await opened();
    await review.command('e');
    assert.equal(await review.field.inputValue(), '犬と猫の雨だ。');
    await review.field.fill('土砂降り。');
    await review.press('Control+Enter');
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts()).map(({ what }) => what), [{ act: 'edit', text: '土砂降り。' }]);
    await review.close();
  });

  it('say how many an accepted text fills, and a key asks for the near ones', async () => {
    const review = await opened();
    await review.command('k', 'k');
    assert.equal(await review.segment(), 'segment-1');
    assert.equal(await review.page.locator('.translation .translation-hint').textContent(), 'Repeats that wait to be confirmed: 3. More that could be filled: 2 (press p).');
    await review.command('p');
    await review.until('fake.fills.length === 1');
    assert.deepEqual(await review.page.evaluate('fake.fills'), ['segment-1']);
    await review.screenshot('repeats-origin');
    await review.close();
  });

  for (const theme of ['light', 'highContrast'] as const) {
    it(`are drawn in ${theme}`, async () => {
      const review = await opened(theme);
      await review.screenshot(`repeats-filled-${theme}`);
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }
});
