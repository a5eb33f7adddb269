/** What checks say: chips on candidates, the list of the file's own text, and the question why a finding is none. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FindingView } from '../../src/protocol/review.ts';
import { aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness, type ReviewPage } from './support/reviewPage.ts';

const lost: FindingView = { check: 'numbers', severity: 'warning', detail: '12', message: 'The number 12 is not in the translation.' };
const tag: FindingView = { check: 'tags', severity: 'error', detail: '<b>', message: 'Tag <b> is lost, doubled or in the wrong place.' };
const style: FindingView = { check: 'jaStyle', severity: 'hint', detail: 'a', message: 'Two styles in one text: a' };
const foreign: FindingView = { severity: 'warning', detail: 'ja-no-weak-phrase', message: '弱い表現です', source: 'textlint' };

describe('findings in the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  /** On the fourth segment, whose second candidate has findings. */
  async function opened(theme: 'dark' | 'light' | 'highContrast' = 'dark'): Promise<ReviewPage> {
    const segments = letterSegments().map((segment, index) => (index === 3 ? { ...segment, findings: [tag, lost, foreign], dismissed: [] } : segment));
    const review = await harness.open(aSnapshot(segments), { theme });
    await review.set('findings', { 'six-2': [lost, style, tag], 'six-1': [style] });
    await review.command('j');
    await review.until("document.querySelectorAll('.chip.finding').length > 3");
    return review;
  }

  it('are counted in a row, and said in full on the focused one, the worst first', async () => {
    const review = await opened();
    const row = review.page.locator('.row', { hasText: '明日6時' });
    assert.deepEqual(await row.locator('.row-chips .finding').allTextContents(), ['✕ 1', '⚠ 1']);
    assert.deepEqual(await review.page.locator('.row', { hasText: '明日は六時に起きなければならないので' }).locator('.row-chips .finding').allTextContents(), []);
    await review.command('ArrowDown');
    assert.deepEqual(await row.locator('.row-findings .finding').allTextContents(), [`✕ ${tag.message.slice(0, -1)}`, `⚠ ${lost.message.slice(0, -1)}`, `ⓘ ${style.message}`]);
    assert.equal(await row.locator('.finding').first().getAttribute('aria-label'), `error: ${tag.message}`);
    const described = (await row.getAttribute('aria-describedby') ?? '').split(' ');
    assert.equal(described.length, 3);
    for (const id of described) assert.equal(await review.page.locator(`#${id}`).count(), 1, id);
    await review.screenshot('findings-rows');
    await review.close();
  });

  it('of the file are buttons that the keyboard reaches, and ask why they are none; those of others say whose they are', async () => {
    const review = await opened();
    assert.deepEqual(await review.page.locator('.findings .finding').allTextContents(), [`✕ ${tag.message.slice(0, -1)}`, `⚠ ${lost.message.slice(0, -1)}`, '⚠ textlint: 弱い表現です']);
    assert.equal(await review.page.locator('.finding-button').count(), 2);
    for (let presses = 0; presses < 12 && !(await review.page.evaluate<boolean>("document.activeElement.className === 'finding-button'")); presses++) await review.press('Tab');
    await review.press('Tab', 'Enter');
    await review.until('fake.dismissals.length === 1');
    assert.deepEqual(await review.page.evaluate('fake.dismissals[0]'), { segment: 'segment-4', findings: [lost] });
    assert.deepEqual(await review.acts(), [], 'the host asks for the reason and acts');
    await review.close();
  });

  it('are dismissed by a key, those of the focused candidate and of the file; what is typed meanwhile judges nothing', async () => {
    const review = await opened();
    await review.command('ArrowDown', 'q');
    await review.press('1', 'x');
    await review.until('fake.dismissals.length === 1');
    assert.deepEqual(await review.page.evaluate('fake.dismissals[0].findings.map((finding) => finding.check ?? "")'), ['tags', 'numbers', 'jaStyle', 'tags', 'numbers', '']);
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  it('disappear from candidates and file once they are dismissed, which the page shows with its reason', async () => {
    const review = await opened();
    const segment = letterSegments()[3];
    assert.ok(segment !== undefined);
    await review.send({ ...segment, findings: [foreign], dismissed: [{ check: 'tags', detail: '<b>', reason: 'no markup there' }, { check: 'numbers', detail: '12', reason: 'spelled out' }] });
    const row = review.page.locator('.row', { hasText: '明日6時' });
    assert.deepEqual(await row.locator('.finding').allTextContents(), []);
    assert.deepEqual(await review.page.locator('.finding-dismissed').allTextContents(), ['Dismissed: no markup there', 'Dismissed: spelled out']);
    await review.close();
  });

  it('mark a broken candidate, which no key accepts: editing is offered', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    const row = review.page.locator('.row', { hasText: '雨が<b>降る</b>' });
    assert.deepEqual(await row.locator('.row-chips .chip.bad').allTextContents(), ['broken']);
    await review.command('5', '5', 'Enter', 'Enter');
    assert.deepEqual(await review.acts(), []);
    assert.equal(await review.segment(), 'segment-3');
    assert.equal(await review.status.textContent(), 'Candidate 5 is broken and cannot be accepted. Press e to mend it.');
    await review.screenshot('findings-broken');
    await review.command('e');
    assert.equal(await review.field.inputValue(), '雨が<b>降る</b>');
    await review.close();
  });

  for (const theme of ['light', 'highContrast'] as const) {
    it(`are drawn in ${theme}`, async () => {
      const review = await opened(theme);
      await review.command('ArrowDown');
      await review.screenshot(`findings-${theme}`);
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }
});

describe('terms and notes of a source in the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  it('show their entry where the mouse points at them, and nowhere else', async () => {
    const [, second] = letterSegments();
    assert.ok(second !== undefined);
    const start = second.source.indexOf('book');
    const terms = [{ source: 'book', targets: ['本'], forbidden: ['書籍'], note: 'plain word', start, end: start + 4 }];
    const review = await harness.open(aSnapshot([{ ...second, terms }]));
    const at = (offset: number): Promise<{ readonly x: number; readonly y: number }> => review.page.evaluate(`(() => {
      const walker = document.createTreeWalker(document.querySelector('.source-text'), NodeFilter.SHOW_TEXT);
      let left = ${String(offset)};
      for (let node = walker.nextNode(); node !== null; left -= node.textContent.length, node = walker.nextNode()) {
        if (left >= node.textContent.length) continue;
        const range = document.createRange();
        range.setStart(node, left);
        range.setEnd(node, left + 1);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
    })()`);
    const titles: (string | null)[] = [];
    for (const offset of [start - 2, start, start + 3, start + 5]) {
      const { x, y } = await at(offset);
      await review.page.mouse.move(x, y);
      titles.push(await review.page.locator('.source-text').getAttribute('title'));
    }
    const entry = 'book → 本 (not 書籍)\nplain word';
    assert.deepEqual(titles.map((title) => title ?? ''), ['', entry, entry, '']);
    await review.close();
  });

  it('show what the file calls the text and which plural form it is', async () => {
    const [first, second] = letterSegments();
    assert.ok(first !== undefined && second !== undefined);
    const form = { category: 'few', examples: [2, 3, 4, 22], more: true };
    const review = await harness.open(aSnapshot([{ ...first, name: 'books{n=few}', form }, { ...second, form: { category: '=0', examples: [], more: false } }]));
    const foot = review.page.locator('.source-foot');
    assert.match(await foot.innerText(), /1 of \d+\s+books\{n=few\}\s+plural form "few" \(2, 3, 4, 22, …\)/u);
    await review.screenshot('source-form');
    await review.command('j');
    await review.until("document.querySelector('.source-position').textContent.startsWith('2')");
    assert.match(await foot.innerText(), /^2 of \d+\s+plural form "=0"/u);
    await review.close();
  });

  it('show what the file says of the text, a line each, and nothing where it says nothing', async () => {
    const [first, second] = letterSegments();
    assert.ok(first !== undefined && second !== undefined);
    const review = await harness.open(aSnapshot([{ ...first, note: 'A button <b>\nsourcefile: menu.ts' }, second]));
    const note = review.page.getByRole('note');
    assert.equal(await note.textContent(), 'A button <b>\nsourcefile: menu.ts');
    assert.equal(await review.page.evaluate("getComputedStyle(document.querySelector('.source-note')).whiteSpace"), 'pre-line');
    await review.screenshot('source-note');
    await review.command('j');
    await review.until("document.querySelector('.source-position').textContent.startsWith('2')");
    assert.equal(await note.count(), 0);
    await review.close();
  });
});
