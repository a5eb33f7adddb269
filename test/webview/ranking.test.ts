/** The ranking panel: a preview before anything is changed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aCandidateView, aSegment, aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness } from './support/reviewPage.ts';

describe('the ranking panel', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`says what would change, by keyboard alone, and changes it only when told (${theme})`, async () => {
      const review = await harness.open(aSnapshot(letterSegments()), { theme });
      const answer = review.page.locator('.ranking-answer');
      await review.command('w');
      await answer.getByText('No pick would change (4 segments).').waitFor();
      await review.press('2');
      await answer.getByText('2 of 4 picks would change:').waitFor();
      assert.deepEqual(await answer.locator('.ranking-link').allTextContents(), ['3', '4']);
      assert.deepEqual(await review.acts(), [], 'a digit typed here accepts nothing');
      await review.screenshot(`ranking-${theme}`);
      await review.press('Escape');
      assert.equal(await review.page.locator('.ranking-panel').isVisible(), false);
      assert.equal(await review.page.evaluate('fake.ranking.lambda'), 0);
      await review.command('w');
      await answer.getByText('No pick would change').waitFor();
      await review.press('2', 'Control+Enter');
      await review.until('fake.ranking.lambda === 2');
      await review.until("document.activeElement.id === 'candidates'");
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }

  it('says why there is no preview, and offers no model that is not there', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.command('w');
    const [utility, , weights] = await review.page.locator('select.ranking-field').all();
    assert.equal(await utility?.locator('option[value=comet]').isDisabled(), true);
    await weights?.selectOption('probability');
    await review.page.locator('.ranking-problem', { hasText: 'No preview: the candidates have no log-probability' }).waitFor();
    await review.close();
  });
});

describe('a model\'s score and chrF\'s', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  it('stand apart, each under its name', async () => {
    const candidates = [aCandidateView('a', '土砂降りだ。', { candidate: { scores: { mbr: 0.81, chrf: 0.54 } } })];
    const review = await harness.open(aSnapshot([aSegment(1, 'It pours.', { utility: 'comet', candidates })]));
    assert.equal(await review.focused.locator('.utility-value').textContent(), '.81');
    assert.equal(await review.focused.locator('.utility-value').getAttribute('aria-label'), 'COMET utility 0.81');
    assert.match(await review.focused.locator('.row-facts').innerText(), /COMET 0\.81 · chrF 0\.54/u);
    await review.close();
  });

  it('while the model has not scored, chrF stands in and says so', async () => {
    const candidates = [aCandidateView('a', '土砂降りだ。', { candidate: { scores: { chrf: 0.54 } } })];
    const review = await harness.open(aSnapshot([aSegment(1, 'It pours.', { state: 'translating', candidates })]));
    const row = review.page.locator('.row').first();
    assert.equal(await row.locator('.utility-value').getAttribute('aria-label'), 'chrF utility 0.54');
    assert.match((await row.locator('.utility-value').getAttribute('title')) ?? '', /until COMET has scored/u);
    await review.close();
  });
});
