/** What another reviewer returned, segment by segment: walked, taken and left by keys. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness, type OpenOptions, type ReviewPage } from './support/reviewPage.ts';

describe('a revision in the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  /** Naomi changed the first and the fourth segment; the fourth lost something. */
  function opened(options: OpenOptions = {}): Promise<ReviewPage> {
    const segments = letterSegments().map((segment, index) => {
      if (index === 0) return { ...segment, revision: { reviewer: 'Naomi', text: '直美さんへ' } };
      return index === 3 ? { ...segment, revision: { reviewer: 'Naomi', text: '明日は早起きです。', issues: [{ kind: 'placeholderMissing' as const, detail: '{name}' }] } } : segment;
    });
    return harness.open(aSnapshot(segments), options);
  }

  it('is walked by its key, and shows what changed against what stands here', async () => {
    const review = await opened();
    await review.command('g');
    assert.equal(await review.page.locator('.revision-title').textContent(), 'Revised by Naomi (2 left)');
    assert.deepEqual(await review.page.locator('.revision .chip').allTextContents(), ['broken', 'placeholder missing: {name}']);
    await review.command('g');
    assert.equal(await review.page.locator('.revision-text del').first().textContent(), 'ナオミ');
    assert.equal(await review.page.locator('.revision-text ins').first().textContent(), '直美');
    await review.screenshot('revision');
    await review.close();
  });

  it('is taken or left by a key, and the review goes on to the next', async () => {
    const review = await opened();
    await review.command('g', 'l');
    await review.until("document.querySelector('.source-position').textContent.startsWith('1')");
    await review.command('o');
    await review.until('fake.acts.length === 2');
    assert.deepEqual((await review.acts()).map(({ segment, what }) => [segment, what]), [
      ['segment-4', { act: 'revision', choice: 'leave' }], ['segment-1', { act: 'revision', choice: 'take' }],
    ]);
    await review.until("document.querySelector('.revision').hidden");
    await review.command('o');
    assert.equal(await review.status.textContent(), 'Nobody has returned another text for this segment.');
    assert.equal((await review.acts()).length, 2);
    await review.close();
  });

  it('is taken as a whole by the host, which asks; what is typed meanwhile judges nothing', async () => {
    const review = await opened();
    await review.command('Shift+O');
    await review.press('1', 'x');
    await review.until("fake.runs.includes('takeRevisions')");
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  for (const theme of ['light', 'highContrast'] as const) {
    it(`can be read in ${theme}, at 360 pixels too`, async () => {
      const review = await opened({ theme, width: theme === 'light' ? 360 : 1100 });
      await review.command('g');
      await review.screenshot(`revision-${theme}`);
      await review.close();
    });
  }
});
