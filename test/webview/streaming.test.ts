/** Candidates that stream in, long documents, and explanations. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CandidateView, SegmentView } from '../../src/protocol/review.ts';
import { aCandidateView, aSegment, aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness, type ReviewPage } from './support/reviewPage.ts';

const source = 'It is raining.';

function streaming(...candidates: readonly CandidateView[]): SegmentView {
  return aSegment(1, source, { state: 'translating', candidates });
}

const [a, b, c, d] = ['雨です。', '雨が降る。', '雨が降っています。', '雨だ。'].map((text, index) => aCandidateView(`h${String(index)}`, text)) as
  [CandidateView, CandidateView, CandidateView, CandidateView];

async function digits(review: ReviewPage): Promise<readonly string[]> {
  return review.page.locator('.row-digit').allTextContents();
}

describe('the review page while candidates stream in', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  it('moves rows to their rank while a digit keeps its candidate', async () => {
    const review = await harness.open(aSnapshot([streaming(a)], { progress: { phase: 'translating', done: 0, total: 1 } }));
    await review.page.locator('.row-digit', { hasText: '1' }).waitFor();
    await review.send(streaming(b, a));
    assert.deepEqual(await review.rows(), ['雨が降る。', '雨です。']);
    assert.deepEqual(await digits(review), ['2', '1']);
    await review.command('1');
    await review.until('fake.acts.length === 1');
    assert.deepEqual((await review.acts())[0]?.what, { act: 'accept', candidate: 'h0' });
    await review.close();
  });

  it('gives the best the digit 1 where the candidates come soon after one another', async () => {
    const review = await harness.open(aSnapshot([aSegment(1, source, { state: 'translating' })]));
    // However slow this machine is, all come before the first has waited long enough.
    await review.page.evaluate('const set = window.setTimeout; window.setTimeout = (run, ms) => ms >= 1000 ? 0 : set(run, ms)');
    for (const segment of [streaming(a), streaming(b, a)]) {
      await review.send(segment);
      assert.deepEqual(new Set(await digits(review)), new Set(['']));
    }
    await review.send({ ...streaming(c, b, a), state: 'ready' });
    assert.deepEqual(await review.rows(), [c, b, a].map(({ candidate }) => candidate.text));
    assert.deepEqual(await digits(review), ['1', '2', '3']);
    await review.close();
  });

  it('leaves the focused row where it is on the screen', async () => {
    const review = await harness.open(aSnapshot([streaming(a, b)]));
    await review.command('ArrowDown');
    const place = async (): Promise<number | undefined> => (await review.focused.boundingBox())?.y;
    const before = await place();
    await review.send(streaming(c, d, a, b));
    assert.equal((await review.focused.locator('.row-text').textContent()), '雨です。');
    assert.equal(await place(), before);
    await review.send({ ...streaming(d, b, c, a), state: 'ready' });
    assert.equal(await place(), before);
    await review.close();
  });

  it('does not accept a candidate that got the focus by itself a moment ago', async () => {
    const review = await harness.open(aSnapshot([streaming(a)]));
    await review.page.evaluate(`fake.segment(${JSON.stringify({ ...streaming(b, a), state: 'ready' })}); fake.command('acceptFocused')`);
    await review.frame();
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  it('takes a long document in slices, and what changes meanwhile is not lost', async () => {
    const many = Array.from({ length: 45 }, (_, index) => aSegment(index + 1, `Sentence ${String(index + 1)}.`));
    const meanwhile = aSegment(3, 'Sentence 3.', { candidates: [a], review: 'accepted', accepted: '雨です。' });
    const review = await harness.open(aSnapshot(many), { slice: 10, meanwhile });
    assert.match(await review.page.locator('.review').innerText(), /1\s*\/\s*45/u);
    await review.close();
  });

  it('stays at its place when the source of the segment in focus changes', async () => {
    const before = [aSegment(1, 'Hello.'), aSegment(2, source, { candidates: [a] }), aSegment(3, 'Bye.')];
    const review = await harness.open(aSnapshot(before, { focus: 'segment-2' }));
    const changed = aSegment(2, 'It was raining.', { id: 'another', candidates: [b] });
    await review.page.evaluate(`fake.snapshot(${JSON.stringify(aSnapshot([before[0], changed, before[2]].filter((segment) => segment !== undefined), { focus: 'segment-2' }))})`);
    await review.until("fake.focus.segment === 'another'");
    assert.deepEqual(await review.rows(), ['雨が降る。']);
    assert.equal(await review.page.getByText('Nothing to translate').isVisible(), false);
    await review.close();
  });

  for (const [name, options, animated] of [['moves', {}, true], ['does not move', { classes: ['vscode-reduce-motion'] }, false]] as const) {
    it(`${name} rows visibly ${animated ? 'by default' : 'when motion is reduced'}`, async () => {
      const review = await harness.open(aSnapshot([streaming(a, b)]), options);
      const running = await review.page.evaluate<number>(`new Promise((done) => {
        let most = 0;
        const watch = (left) => { most = Math.max(most, document.getAnimations().length); left === 0 ? done(most) : requestAnimationFrame(() => watch(left - 1)); };
        fake.segment(${JSON.stringify(streaming(b, a))});
        watch(20);
      })`);
      assert.equal(running > 0, animated);
      await review.close();
    });
  }

  it('shows the diff of the focused candidate and hides it on its key', async () => {
    const review = await harness.open(aSnapshot([aSegment(1, source, { candidates: [b, c] })]));
    await review.command('ArrowDown');
    assert.match(await review.focused.locator('.diff-label').innerText(), /changes from 1/u);
    assert.ok(await review.focused.locator('ins').count() > 0);
    await review.command('d');
    assert.equal(await review.focused.locator('.diff-line').count(), 0);
    await review.close();
  });

  it('links words in both texts and the heatmap, with a table behind it', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    await review.page.locator('.source-text .uncovered').waitFor();
    await review.page.locator('.source-text .word').nth(0).hover();
    assert.ok(await review.focused.locator('.word.strong').count() > 0);
    await review.page.mouse.move(5, 5);
    await review.press('ArrowRight');
    await review.frame();
    assert.equal(await review.focused.locator('.word.caret').textContent(), '土砂降り');
    assert.ok(await review.page.locator('.source-text .word.strong').count() > 0);
    await review.command('h');
    const table = review.page.getByRole('table');
    assert.equal(await table.locator('tr').count(), 8);
    assert.match(await table.innerText(), /dogs \(no counterpart\)/u);
    const beyond = await review.page.locator('.heatmap').evaluate((node: { scrollWidth: number; clientWidth: number; scrollHeight: number; clientHeight: number }) => [node.scrollWidth - node.clientWidth, node.scrollHeight - node.clientHeight]);
    assert.deepEqual(beyond, [0, 0], 'the table for screen readers makes nothing scroll');
    assert.match(await review.page.locator('.heatmap-note').innerText(), /low confidence/u);
    const box = await review.page.locator('.heatmap-canvas').boundingBox();
    assert.ok(box);
    await review.page.mouse.move(box.x + box.width - 30, box.y + box.height - 12);
    await review.frame();
    assert.deepEqual(await review.page.locator('.word.caret').allTextContents(), ['.', '。']);
    await review.page.locator('.heatmap-canvas').focus();
    await review.press('ArrowDown', 'ArrowDown', 'ArrowRight');
    assert.equal(await review.page.locator('.source-text .word.caret').count(), 1);
    await review.press('Escape');
    await review.until('fake.listFocused');
    await review.close();
  });

  it('windows the matrix of a long segment', async () => {
    const long = Array.from({ length: 90 }, (_, index) => `w${String(index)}`).join(' ');
    const review = await harness.open(aSnapshot([aSegment(1, long, { candidates: [aCandidateView('h', '雨が降る。')] })]));
    await review.command('h');
    await review.page.getByRole('table').waitFor({ state: 'attached' });
    assert.equal(await review.page.getByRole('table').locator('tr').count(), 41);
    assert.match(await review.page.locator('.heatmap-note').innerText(), /words 1 to 40 of 90/u);
    await review.close();
  });

  it('draws and scrolls 10,000 segments and finds the next unreviewed one at once', async () => {
    const segments = Array.from({ length: 10_000 }, (_, index) => aSegment(index + 1, `Sentence ${String(index + 1)}.`, {
      review: index === 9_990 ? 'unreviewed' : 'accepted', candidates: [aCandidateView(`h${String(index)}`, '文。')],
    }));
    const review = await harness.open(aSnapshot(segments, { focus: 'segment-1' }));
    assert.ok(await review.page.locator('.virtual-row').count() < 80);
    await review.command('n');
    assert.equal(await review.segment(), 'segment-9991');
    assert.equal(await review.page.locator('.virtual-row.current').isVisible(), true);
    const seconds = (await review.timings()).filter(({ name }) => name === 'keyToPaint').map(({ ms }) => ms);
    assert.ok(seconds.every((ms) => ms < 1000));
    await review.page.evaluate("document.querySelector('#segments').scrollTop = 140000");
    await review.frame();
    assert.ok((await review.page.locator('.segment-number').allTextContents()).includes('5010'));
    await review.close();
  });

  it('names rows, list and focus for screen readers', async () => {
    const review = await harness.open(aSnapshot(letterSegments()));
    const list = review.page.getByRole('listbox', { name: 'Candidates' });
    const active = await list.getAttribute('aria-activedescendant');
    assert.equal(active, await review.focused.getAttribute('id'));
    assert.equal(await review.focused.getAttribute('aria-selected'), 'true');
    assert.ok(await review.page.getByRole('option', { name: '土砂降りだ。' }).count() > 0);
    assert.match(await review.page.locator('.virtual-row.current').getAttribute('aria-label') ?? '', /^3, warning, It is raining/u);
    assert.equal(await review.status.getAttribute('aria-live'), 'polite');
    await review.close();
  });
});
