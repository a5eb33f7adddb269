/** The critic's findings in the review. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness } from './support/reviewPage.ts';

describe('the critic', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`shows each principle with its verdict and evidence (${theme})`, async () => {
      const review = await harness.open(aSnapshot(letterSegments()), { theme });
      await review.command('v');
      await review.page.getByText('The critic on candidate 1: 2 of 3 principles').waitFor();
      assert.match(await review.page.locator('.critic-note').innerText(), /^Qwen3-14B · a model's opinion/u);
      const marks = await review.page.evaluate("[...document.querySelectorAll('.critic-mark')].map((mark) => `${mark.textContent} ${mark.getAttribute('aria-label')}`)");
      assert.deepEqual(marks, ['✓ satisfied', '✗ not satisfied', '✓ satisfied']);
      assert.deepEqual(await review.page.locator('.critic-evidence').allTextContents(), ['土砂降り: raining cats and dogs', 'だ is plain where a letter wants です']);
      await review.screenshot(`critic-${theme}`);
      await review.press('Escape');
      await review.page.locator('.critic').waitFor({ state: 'hidden' });
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }

  it('is asked about the candidate on which the reviewer rests, not about those walked over', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('v');
    await review.until('fake.judged.length === 1');
    await review.command('ArrowDown', 'ArrowDown');
    await review.until('fake.judged.length === 2');
    assert.deepEqual(await review.page.evaluate('fake.judged'), ['rain-1', 'rain-3']);
    await review.close();
  });

  it('is not asked in a blind session', async () => {
    const review = await harness.open(aSnapshot(letterSegments(), { blind: true }));
    await review.command('v');
    await review.status.getByText('not asked in a blind session').waitFor();
    assert.deepEqual(await review.page.evaluate('fake.judged'), []);
    await review.close();
  });
});
