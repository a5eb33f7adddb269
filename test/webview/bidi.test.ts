/** Texts that are written from right to left beside others that are not, and characters that cannot be seen. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SegmentView } from '../../src/protocol/review.ts';
import { aCandidateView, aSegment, aSnapshot } from '../support/reviewBuilders.ts';
import { ReviewHarness, type OpenOptions, type ReviewPage } from './support/reviewPage.ts';

const arabic = { tag: 'ar', name: 'Arabic', dir: 'rtl' } as const;
const best = 'مرحبا {name}، لديك %1$d رسائل في <b>البريد</b>!';
const marked = 'مرحبا\u00a0{name}\u200f، \tلديك\u200b رسالة';
const segment = aSegment(1, 'Hello {name}, you have %1$d messages in <b>mail</b>!', {
  maxLength: 40,
  candidates: [aCandidateView('best', best), aCandidateView('marked', marked)],
});

/** Left edges of a stretch of a text's characters, as they are painted. */
const lefts = (selector: string, from: number, to: number): string => `(() => {
  const walker = document.createTreeWalker(document.querySelector('${selector}'), NodeFilter.SHOW_TEXT);
  const found = [];
  let at = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (let index = 0; index < node.length; index++, at++) {
      if (at < ${String(from)} || at >= ${String(to)}) continue;
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + 1);
      found.push(range.getBoundingClientRect().left);
    }
  }
  return found;
})()`;

const directionOf = (selector: string): string => `getComputedStyle(document.querySelector('${selector}')).direction`;
const signsIn = (selector: string): string => `[...document.querySelectorAll('${selector} .sign')].map((node) => node.getAttribute('data-sign'))`;

describe('a target language that is written from right to left', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  function opened(options: OpenOptions = {}, change: Partial<SegmentView> = {}): Promise<ReviewPage> {
    return harness.open(aSnapshot([{ ...segment, ...change }, aSegment(2, 'Bye.')], { targetLanguage: arabic }), options);
  }

  it('has its own direction in each column, and placeholders read from left to right in both', async () => {
    const review = await opened();
    const direction = (selector: string): Promise<string> => review.page.evaluate<string>(directionOf(selector));
    assert.deepEqual([await direction('.source-text'), await direction('.row-text'), await direction('.segment-text')], ['ltr', 'rtl', 'ltr']);
    assert.deepEqual(await review.page.locator('.row.focused .row-text bdi').allTextContents(), ['{name}', '%1$d', '<b>', '</b>']);
    for (const part of ['{name}', '%1$d', '<b>', '</b>']) {
      const from = best.indexOf(part);
      const left = await review.page.evaluate<readonly number[]>(lefts('.row.focused .row-text', from, from + part.length));
      assert.deepEqual(left, left.toSorted((a, b) => a - b), part);
      assert.equal(left.length, part.length);
    }
    const [opening = 0, closing = 0] = await Promise.all(['<b>', '</b>'].map(async (tag) => (await review.page.evaluate<readonly number[]>(lefts('.row.focused .row-text', best.indexOf(tag), best.indexOf(tag) + 1)))[0]));
    assert.ok(closing < opening, 'the tag that comes later in the text stands further to the left');
    assert.deepEqual(review.problems, []);
    await review.close();
  });

  it('adds nothing to a text: what is edited and accepted has no isolates', async () => {
    const review = await opened();
    await review.command('e');
    assert.equal(await review.field.inputValue(), best);
    assert.equal(await review.page.evaluate(directionOf('.text-field')), 'rtl');
    await review.press('Control+Enter');
    await review.until('fake.acts.length === 1');
    const [act] = await review.acts();
    assert.deepEqual(act?.what, { act: 'edit', text: best, from: 'best' });
    await review.close();
  });

  it('shows what cannot be seen when it is asked to, in the same places, and in an edit as it is typed', async () => {
    const review = await opened();
    const signs = (): Promise<readonly string[]> => review.page.evaluate<readonly string[]>(signsIn('.row.focused .row-text'));
    await review.command('ArrowDown');
    assert.deepEqual(await signs(), []);
    await review.command('Shift+W');
    assert.deepEqual(await signs(), ['NBSP', 'RLM', '·', '→', 'ZWSP', '·']);
    assert.equal(await review.focused.locator('.row-text').textContent(), marked);
    assert.match(await review.status.textContent() ?? '', /^Blanks, joiners/u);
    await review.screenshot('bidi-signs-dark');
    await review.command('e');
    assert.equal(await review.page.locator('.text-written').textContent(), marked);
    await review.page.keyboard.insertText('\u200d👩‍👩‍👧');
    assert.deepEqual((await review.page.evaluate<readonly string[]>(signsIn('.text-written'))).slice(-3), ['ZWJ', 'ZWJ', 'ZWJ']);
    await review.screenshot('bidi-edit-dark');
    await review.palette('toggleSigns');
    assert.equal(await review.page.locator('.text-written').isVisible(), false);
    assert.equal(await review.page.evaluate("document.activeElement.className"), 'text-field');
    await review.close();
  });

  it('counts characters as people do, against what the format allows', async () => {
    const review = await opened({}, { maxLength: 4, candidates: [aCandidateView('family', 'أب👩‍👩‍👧')] });
    assert.match(await review.focused.locator('.row-facts').textContent() ?? '', /^3 of 4 characters ·/u);
    await review.command('e');
    assert.equal(await review.page.locator('.text-length').textContent(), 'Characters: 3 of 4');
    await review.page.keyboard.insertText('e\u0301x');
    assert.equal(await review.page.locator('.text-length.over').textContent(), 'Characters: 5 of 4');
    await review.close();
  });

  it('looks right in every theme', async () => {
    for (const theme of ['light', 'highContrast'] as const) {
      const review = await opened({ theme });
      await review.command('Shift+W', 'h');
      await review.screenshot(`bidi-${theme}`);
      assert.deepEqual(review.problems, []);
      await review.close();
    }
  });
});
