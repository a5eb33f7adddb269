/** What the target file held before the review: its own row and key, the base of the diff, never folded away. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { SegmentView } from '../../src/protocol/review.ts';
import { aCandidateView, aSnapshot, letterSegments } from '../support/reviewBuilders.ts';
import { ReviewHarness, type OpenOptions, type ReviewPage } from './support/reviewPage.ts';

const held = aCandidateView('held', '土砂降りだ', { existing: true, candidate: { count: 0, origin: 'existing', scores: {} } });

/** Of the browser's elements what is measured here; this file is compiled for Node. */
interface Metrics {
  readonly children: Iterable<{ getBoundingClientRect(): { left: number; width: number } }>;
  getBoundingClientRect(): { left: number; height: number };
}

describe('what the file holds, in the review page', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  /** The third segment's translation stands in the file; it differs from the best candidate in a full stop alone. */
  function opened(options: OpenOptions = {}, change: Partial<SegmentView> = {}): Promise<ReviewPage> {
    const segments = letterSegments().map((segment, index) => (index === 2 ? { ...segment, candidates: [held, ...segment.candidates], ...change } : segment));
    return harness.open(aSnapshot(segments, { strings: { 'candidates.existingOrigin': 'ja.po' } }), options);
  }

  it('has the focus and the digit 0; the others keep theirs, and look-alikes of it stay rows of their own', async () => {
    const review = await opened();
    assert.equal(await review.focused.locator('.row-text').textContent(), '土砂降りだ');
    assert.deepEqual(await review.page.locator('.row .row-digit').allTextContents(), ['0', '1', '2', '3', '4', '5']);
    assert.deepEqual(await review.focused.locator('.row-chips .chip').allTextContents(), ['from the file']);
    assert.equal(await review.focused.locator('.row-count').textContent(), '');
    assert.match(await review.focused.locator('.row-facts').textContent() ?? '', /^from ja\.po ·/u);
    await review.screenshot('existing-focused');
    await review.close();
  });

  it('says how far the file says that it has come, until somebody decides', async () => {
    const chips = async (change: Partial<SegmentView>): Promise<readonly string[]> => {
      const review = await opened({}, change);
      const found = await review.page.locator('.row', { has: review.page.locator('.chip.existing') }).locator('.row-chips .chip').allTextContents();
      await review.close();
      return found;
    };
    assert.deepEqual(await chips({ fileState: 'needsReview' }), ['from the file', 'needs review']);
    assert.deepEqual(await chips({ fileState: 'final' }), ['from the file', 'final']);
    assert.deepEqual(await chips({ fileState: 'translated' }), ['from the file']);
    assert.deepEqual(await chips({ fileState: 'needsReview', review: 'filled', accepted: '別', filled: { from: 1 } }), ['from the file']);
  });

  it('leaves no gap in a narrow view where it has no scores', async () => {
    for (const width of [700, 400]) {
      const review = await opened({ width });
      const starts = await review.page.locator('.row-metrics').evaluateAll((nodes: readonly Metrics[]) => nodes.map((node) => {
        const first = [...node.children].map((child) => child.getBoundingClientRect()).find(({ width: wide }) => wide > 0);
        return first === undefined ? node.getBoundingClientRect().height : first.left - node.getBoundingClientRect().left;
      }));
      assert.deepEqual(starts, starts.map(() => 0));
      await review.screenshot(`existing-narrow-${String(width)}`);
      await review.close();
    }
  });

  it('is what the other candidates are compared with', async () => {
    const review = await opened();
    assert.equal(await review.focused.locator('.diff-label').textContent(), 'changes from 1');
    await review.command('ArrowDown', 'ArrowDown');
    assert.equal(await review.focused.locator('.diff-label').textContent(), 'changes from 0');
    assert.deepEqual(await review.focused.locator('.diff-line del').allTextContents(), ['土砂降りだ']);
    await review.screenshot('existing-diff');
    await review.close();
  });

  it('is confirmed by its key, from any row, and the review goes on', async () => {
    const review = await opened();
    await review.command('ArrowDown', '0');
    await review.until('fake.acts.length === 1');
    const [act] = await review.acts();
    assert.deepEqual([act?.segment, act?.what, act?.order], ['segment-3', { act: 'accept', candidate: 'held' }, ['held', 'rain-1', 'rain-2', 'rain-3', 'rain-4', 'rain-5']]);
    await review.until("document.querySelector('.source-position').textContent.startsWith('4')");
    await review.command('0');
    assert.equal(await review.status.textContent(), 'The file holds no translation of this segment.');
    assert.equal((await review.acts()).length, 1);
    await review.close();
  });

  it('is there before any candidate is, beside what the segment waits for', async () => {
    const review = await opened({}, { candidates: [held], state: 'waiting' });
    assert.equal(await review.focused.locator('.row-text').textContent(), '土砂降りだ');
    assert.equal(await review.page.locator('.message-title').first().textContent(), 'Not translated yet');
    await review.command('0');
    await review.until('fake.acts.length === 1');
    await review.close();
  });

  it('that is broken is not confirmed by its key either', async () => {
    const broken = { ...held, candidate: { ...held.candidate, issues: [{ kind: 'placeholderMissing' as const, detail: '{n}' }] } };
    const review = await opened({}, { candidates: [broken] });
    await review.command('0');
    assert.equal(await review.status.textContent(), 'Candidate 0 is broken and cannot be accepted. Press e to mend it.');
    assert.deepEqual(await review.acts(), []);
    await review.close();
  });

  for (const theme of ['light', 'highContrast'] as const) {
    it(`can be told from the others in ${theme}`, async () => {
      const review = await opened({ theme });
      await review.command('ArrowDown');
      await review.screenshot(`existing-${theme}`);
      await review.close();
    });
  }
});
