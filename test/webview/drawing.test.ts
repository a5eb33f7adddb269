/** What the page shows for what the host sends. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Candidate } from '../../src/core/candidate.ts';
import { aCandidateView, aSegment, aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness } from './support/reviewPage.ts';

describe('the review page draws', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`a snapshot without errors and without breaking its CSP (${theme})`, async () => {
      const review = await harness.open(aSnapshot(letterSegments()), { theme });
      await review.command('h');
      await review.press('ArrowRight');
      await review.page.locator('.word.caret').first().waitFor();
      await review.screenshot(`review-${theme}`);
      assert.deepEqual(review.problems, []);
      assert.equal(await review.page.locator('.header-count').textContent(), '3/7');
      assert.equal(await review.page.locator('.virtual-row.current .segment-number').textContent(), '3');
      await review.close();
    });
  }

  it('the first unreviewed segment, with texts in their language and numbers apart', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    assert.deepEqual((await review.rows()).slice(0, 2), ['土砂降りだ。', '雨が激しく降っている。']);
    assert.equal(await review.page.locator('.row-text').first().getAttribute('lang'), 'ja');
    assert.equal(await review.page.locator('.source-text').getAttribute('lang'), 'en');
    assert.equal(await review.page.locator('.source-text').getAttribute('dir'), 'ltr');
    const second = review.page.locator('.row').nth(1);
    assert.equal(await second.locator('.row-count').textContent(), '×3');
    assert.equal(await second.locator('.utility-value').textContent(), '.66');
    assert.deepEqual(await second.locator('.coverage').allTextContents(), ['src 83 %', 'tgt 100 %']);
    assert.equal(await review.page.locator('.source-text .uncovered').textContent(), 'dogs');
    await review.close();
  });

  it('coverage that says the same of a candidate in focus and beside it, coloured where a word may be left out', async () => {
    const candidates = [0, 2].map((omittedWords) => aCandidateView(`h${String(omittedWords)}`, omittedWords === 0 ? '今朝から雨が降っている。' : '空を見る。', { candidate: { scores: { mbr: 0.5, sourceCoverage: 4 / 7, targetCoverage: 1, omittedWords } } }));
    const review = await harness.open(aSnapshot([aSegment(1, 'It has been raining since this morning.', { candidates })]));
    await review.page.locator('.source-text .uncovered').waitFor();
    const all = ['src 57 %', 'tgt 100 %', 'src 57 %', 'tgt 100 %'];
    assert.deepEqual(await review.page.locator('.coverage').allTextContents(), all);
    assert.deepEqual(await review.page.locator('.row').nth(1).locator('.coverage.low').allTextContents(), ['src 57 %']);
    assert.equal(await review.page.locator('.coverage.low').count(), 1);
    await review.command('ArrowDown');
    await review.until("document.querySelectorAll('.row')[1].classList.contains('focused')");
    assert.deepEqual(await review.page.locator('.coverage').allTextContents(), all);
    await review.close();
  });

  it('markup and control characters of a model as plain text', async () => {
    const text = '<img src=x onerror=alert(1)>\u202Eabc\u001B[31m';
    const review = await harness.open(aSnapshot([aSegment(1, 'a <b> c', { candidates: [aCandidateView('h', text)] })]));
    assert.equal(await review.page.locator('.row img').count(), 0);
    const [shown] = await review.rows();
    assert.ok(shown !== undefined && shown.startsWith('<img src=x onerror=alert(1)>'));
    for (const control of ['\u202E', '\u001B']) assert.ok(!shown.includes(control), 'invisible characters are made visible');
    await review.close();
  });

  it('no counts, scores, ranks or origins in a blind session, in the order that was sent', async () => {
    const review = await harness.open(aSnapshot(letterSegments(), { blind: true }));
    const text = await review.page.locator('.candidates').innerText();
    assert.doesNotMatch(text, /×|\.71|src|tgt|starter|hybrid|log P/u);
    assert.doesNotMatch(await review.page.locator('.header').innerText(), /starter/u);
    assert.equal((await review.rows())[0], '土砂降りだ。');
    await review.close();
  });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`nor of a segment that is held out, in a session that is not blind; it says why (${theme})`, async () => {
      const review = await harness.open(aSnapshot(letterSegments().map((segment) => segment.number === 3 ? { ...segment, heldOut: true } : segment)), { theme });
      await review.page.locator('.source-foot', { hasText: 'held out: judged blind' }).waitFor();
      assert.doesNotMatch(await review.page.locator('.candidates').innerText(), /×|\.71|src|tgt|starter|hybrid|log P/u);
      assert.equal(await review.page.locator('.header', { hasText: 'starter' }).count(), 0);
      await review.screenshot(`held-out-${theme}`);
      await review.command('j');
      await review.page.locator('.header', { hasText: 'starter' }).waitFor();
      assert.match(await review.page.locator('.candidates').innerText(), /×|src|starter/u);
      await review.close();
    });
  }

  it('right-to-left languages from the right, in forced colours too', async () => {
    const arabic = { tag: 'ar', name: 'Arabic', dir: 'rtl' } as const;
    const segment = aSegment(1, 'It is raining today.', { candidates: [aCandidateView('h', 'إنها تمطر اليوم.')] });
    const review = await harness.open(aSnapshot([segment], { targetLanguage: arabic }));
    await review.command('h');
    await review.press('ArrowLeft');
    await review.frame();
    assert.equal(await review.focused.locator('.row-text').getAttribute('dir'), 'rtl');
    assert.equal(await review.focused.locator('.word.caret').textContent(), 'إنها', 'left is onwards');
    await review.page.emulateMedia({ forcedColors: 'active' });
    await review.frame();
    await review.screenshot('review-rtl-forced-colors');
    assert.deepEqual(review.problems, []);
    await review.close();
  });

  it('one column at 360 pixels, without sideways scrolling', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { width: 360, height: 640 });
    assert.equal(await review.page.locator('.segments').isVisible(), false);
    assert.equal(await review.page.evaluate('document.documentElement.scrollWidth'), 360);
    await review.screenshot('review-360');
    await review.command('j');
    assert.equal(await review.segment(), 'segment-4');
    await review.close();
  });

  for (const width of [360, 480, 541, 640, 800]) {
    it(`the whole header while a translation is at work, ${String(width)} pixels wide`, async () => {
      const review = await harness.open(aSnapshot(letterSegments(), { progress: { phase: 'translating', done: 14, total: 21 } }), { width, height: 640 });
      const right = await review.page.locator('.header > *, .header-job > *').evaluateAll((nodes: { getBoundingClientRect(): { right: number } }[]) => Math.max(...nodes.map((node) => node.getBoundingClientRect().right)));
      assert.ok(right <= width, `the header ends at ${String(right)}`);
      assert.equal(await review.page.locator('#filter').isVisible(), true);
      if (width === 541) await review.screenshot('review-541-translating');
      await review.close();
    });
  }

  it('what an act says without moving a row, until the reviewer goes on', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    const place = async (): Promise<number | undefined> => (await review.page.locator('.hints').boundingBox())?.y;
    const before = await place();
    await review.command('x');
    assert.match(await review.status.innerText(), /rejected/u);
    assert.equal(await place(), before);
    await review.command('j');
    assert.equal(await review.status.innerText(), '');
    assert.equal(await place(), before);
    await review.close();
  });

  it('to screen readers how far a translation is, and that it is finished', async () => {
    const review = await harness.open(aSnapshot(letterSegments(), { progress: { phase: 'translating', done: 0, total: 20 } }));
    const spoken = review.page.locator('.footer .visually-hidden');
    await review.progress({ phase: 'translating', done: 5, total: 20 });
    assert.equal(await spoken.textContent(), 'Translating 4 of 20');
    await review.progress({ phase: 'done', done: 20, total: 20 });
    assert.equal(await spoken.textContent(), 'The translation is finished.');
    await review.close();
    const later = await harness.open(aSnapshot(letterSegments(), { progress: { phase: 'done', done: 20, total: 20 } }));
    assert.equal(await later.page.locator('.footer .visually-hidden').textContent(), '');
    await later.close();
  });

  it('all metrics of every row in a very narrow view', async () => {
    const review = await harness.open(aSnapshot(letterSegments()), { width: 280, height: 640 });
    const outside = await review.page.locator('.row-metrics > *').evaluateAll((nodes: { getBoundingClientRect(): { right: number; width: number } }[]) => nodes.map((node) => node.getBoundingClientRect()).filter(({ right, width }) => width > 0 && right > 280).length);
    assert.equal(outside, 0);
    assert.ok(await review.page.locator('.row-metrics > *').count() > 3);
    await review.screenshot('review-280');
    await review.close();
  });

  it('what an empty, loading, waiting, failed and finished review is and what to press', async () => {
    const states = [
      [aSnapshot([]), /Nothing to translate/u],
      [aSnapshot([aSegment(1, 'A', { state: 'waiting' })], { progress: { phase: 'loading', done: 0, total: 1 } }), /Loading the model/u],
      [aSnapshot([aSegment(1, 'A', { state: 'waiting' })], { progress: { phase: 'translating', done: 0, total: 1 } }), /Waiting for its turn/u],
      [aSnapshot([aSegment(1, 'A', { state: 'translating' })], { progress: { phase: 'translating', done: 0, total: 1 } }), /Translating this segment/u],
      [aSnapshot([aSegment(1, 'A', { state: 'waiting' })], { progress: { phase: 'cancelled', done: 0, total: 1 } }), /cancelled.*Resume/su],
      [aSnapshot([aSegment(1, 'A', { state: 'failed', error: { message: 'The engine stopped.' } })]), /could not be translated.*The engine stopped\..*Resume/su],
      [aSnapshot([aSegment(1, 'A', { review: 'accepted' })]), /All 1 segments are reviewed/u],
    ] as const;
    for (const [snapshot, expected] of states) {
      const review = await harness.open(snapshot);
      assert.match(await review.page.locator('.desk').innerText(), expected);
      await review.close();
    }
  });

  it('buttons that ask the host to resume, cancel and export', async () => {
    const review = await harness.open(aSnapshot([aSegment(1, 'A', { review: 'accepted' })], { progress: { phase: 'cancelled', done: 1, total: 2 } }));
    await review.page.getByText('Export pairs').click();
    await review.page.locator('.header').getByText('Resume').click();
    await review.until('fake.runs.length === 2');
    assert.deepEqual(await review.runs(), ['export', 'resume']);
    await review.close();
  });

  it('localised texts where the host sends them', async () => {
    const review = await harness.open(aSnapshot(letterSegments(), { strings: { 'footer.undo': '取り消し' } }));
    assert.match(await review.page.locator('.hints').innerText(), /u取り消し/u);
    assert.match(await review.page.locator('.hint').first().innerText(), /^\?/u, 'the way to all keys is never cut off');
    await review.close();
  });

  it('the filter', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    assert.equal(await review.page.locator('.virtual-row').count(), 7);
    await review.page.locator('#filter').click();
    await review.page.getByRole('option', { name: 'Warnings' }).click();
    await review.frame();
    assert.deepEqual(await review.page.locator('.segment-number').allTextContents(), ['3', '5', '7']);
    await review.close();
  });

  it('shows what the source of a fuzzy match says otherwise, and nothing of it for an exact one or where it is judged blind', async () => {
    const memory = (kind: 'fuzzy' | 'exact'): Partial<Candidate> => ({ memory: { kind, score: kind === 'fuzzy' ? 83 : 100, source: kind === 'fuzzy' ? 'It rained all day yesterday.' : 'It rained all day.', from: 'old.tmx' } });
    const candidates = [aCandidateView('match', '昨日は一日じゅう雨だった。', { candidate: memory('fuzzy') }), aCandidateView('same', '一日じゅう雨だった。', { candidate: memory('exact') })];
    const review = await harness.open(aSnapshot([aSegment(1, 'It rained all night.', { candidates })]));
    const line = review.page.locator('.match-line');
    assert.deepEqual([await line.locator('del').allTextContents(), await line.locator('ins').allTextContents()], [['day yesterday'], ['night']]);
    assert.equal(await line.locator('.diff-text').getAttribute('lang'), 'en');
    await review.screenshot('review-fuzzy-match');
    await review.command('ArrowDown');
    assert.equal(await review.focused.locator('.match-line').count(), 0);
    await review.close();
    const blind = await harness.open(aSnapshot([aSegment(1, 'It rained all night.', { candidates })], { blind: true }));
    assert.equal(await blind.page.locator('.match-line').count(), 0);
    await blind.close();
  });
});
