/** Who agrees with whom, and candidates that are alike in one row. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SegmentView } from '../../src/protocol/review.ts';
import { aCandidateView, aSegment, aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { contrast, luminance, parseColour } from '../../webview/components/colourRamp.ts';
import { ReviewHarness, type ReviewPage } from './support/reviewPage.ts';

/** Background and ink of the first row's cells, as the browser has them. */
async function cells(review: ReviewPage): Promise<readonly { readonly shade: number; readonly contrast: number }[]> {
  const colours = await review.page.evaluate<readonly (readonly [string, string])[]>("[...document.querySelectorAll('.agreement-table tr:nth-child(2) td')].map((cell) => [getComputedStyle(cell).backgroundColor, getComputedStyle(cell).color])");
  return colours.map(([back, ink]) => {
    const [shade, text] = [parseColour(back), parseColour(ink)];
    assert.ok(shade !== undefined && text !== undefined, `${back} ${ink}`);
    return { shade: luminance(shade), contrast: contrast(shade, text) };
  });
}

function monotone(values: readonly number[]): boolean {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.every((step) => step < 0) || steps.every((step) => step > 0);
}

describe('who agrees with whom', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`is a table of numbers on shades that grow with them, and read on all of them (${theme})`, async () => {
      const review = await harness.open(aSnapshot(letterSegments()), { theme });
      await review.command('a');
      const table = review.page.locator('.agreement-table');
      await table.waitFor();
      assert.deepEqual(await table.locator('tr').nth(1).locator('td').allTextContents(), ['100', '70', '40', '10', '0']);
      assert.match(await review.page.locator('.agreement-note').innerText(), /the 5 best of 30/u);
      const row = await cells(review);
      assert.ok(monotone(row.map(({ shade }) => shade)), 'luminance follows the number');
      for (const { contrast: ratio } of row) assert.ok(ratio >= 4.5, `contrast ${ratio}`);
      await review.command('ArrowDown');
      assert.equal(await table.locator('th.current').first().textContent(), '2', 'the focused candidate is marked');
      await review.screenshot(`agreement-${theme}`);
      await review.press('Escape');
      await review.page.locator('.agreement').waitFor({ state: 'hidden' });
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }
});

/** The second and third differ from the first only in width, punctuation and white space. */
const alike: SegmentView = aSegment(1, 'It pours. Really?', {
  candidates: [
    aCandidateView('a', '土砂降りだ。本当？'), aCandidateView('b', '土砂降りだ、 本当?'), aCandidateView('c', '雨だ。'), aCandidateView('d', '「土砂降りだ」本当！'),
  ],
});

describe('candidates that are alike', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  it('share a row that says so, and get their own by a key', async () => {
    const review = await harness.open(aSnapshot([alike]));
    assert.deepEqual(await review.rows(), ['土砂降りだ。本当？', '雨だ。']);
    assert.equal(await review.page.locator('.chip.alike').textContent(), '+2 alike');
    await review.screenshot('alike-folded');
    await review.command('f');
    assert.equal((await review.rows()).length, 4);
    await review.command('f', '2');
    assert.equal((await review.acts())[0]?.what.act, 'accept');
    assert.deepEqual((await review.acts())[0]?.what, { act: 'accept', candidate: 'c' }, 'a digit keeps its candidate');
    await review.close();
  });

  it('never lose the row that is focused or accepted', async () => {
    const review = await harness.open(aSnapshot([{ ...alike, review: 'accepted', acceptedCandidate: 'd', accepted: '「土砂降りだ」本当！' }]));
    assert.deepEqual(await review.rows(), ['「土砂降りだ」本当！', '雨だ。']);
    await review.close();
  });

  it('stand apart in a blind session: their number would tell of counts', async () => {
    const review = await harness.open(aSnapshot([alike], { blind: true }));
    assert.equal((await review.rows()).length, 4);
    await review.close();
  });
});
