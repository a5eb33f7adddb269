/** Inline codes of XLIFF and tags: quieter than the text, readable in every theme, in lines of the same height. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aCandidateView, aSegment, aSnapshot } from '../support/reviewBuilders.ts';
import { ReviewHarness } from './support/reviewPage.ts';

const coded = 'Press <bpt id="1">&lt;b&gt;</bpt>Save<ept id="1">&lt;/b&gt;</ept> on {name}';
const segment = aSegment(1, coded, { candidates: [aCandidateView('coded', coded), aCandidateView('plain', 'Press Save on it')] });

/** Font size in px, colour, and height of the line of each. */
const looks = `(() => {
  const of = (node) => { const style = getComputedStyle(node); return [Number.parseFloat(style.fontSize), style.color]; };
  const rows = [...document.querySelectorAll('.row-text')];
  return { text: of(rows[0]), tags: [...rows[0].querySelectorAll('.tag')].map(of), placeholder: of(rows[0].querySelector('.island:not(.tag)')), heights: rows.map((row) => row.getBoundingClientRect().height) };
})()`;
type Look = readonly [size: number, colour: string];
interface Looks { readonly text: Look; readonly tags: readonly Look[]; readonly placeholder: Look; readonly heights: readonly number[] }

describe('inline codes', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`are small beside the text and change no line (${theme})`, async () => {
      const review = await harness.open(aSnapshot([segment, aSegment(2, 'Bye.')]), { theme });
      const { text, tags, placeholder, heights } = await review.page.evaluate<Looks>(looks);
      assert.equal(tags.length, 2);
      for (const [size, colour] of tags) {
        assert.ok(size < text[0] * 0.85 && size >= 11, `${String(size)} px beside ${String(text[0])} px`);
        assert.equal(colour === text[1], theme === 'highContrast', colour);
      }
      assert.deepEqual(placeholder, text);
      const [broken = 0, line = 1] = heights;
      assert.equal(broken % line, 0, 'lines of the height that they have without');
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }
});
