/**
 * The heatmap as people with another colour vision see it: Chromium simulates it, and the pixels of a screenshot are read. The
 * order of the shades must be that of the numbers, and the strongest must stand out from the background, whatever is seen of hue.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aCandidateView, aSegment, aSnapshot } from '../support/reviewBuilders.ts';
import { contrast, luminance, type Rgb } from '../../webview/components/colourRamp.ts';
import { ReviewHarness, type ReviewPage } from './support/reviewPage.ts';
import type { ThemeName } from './support/themes.ts';

const visions = ['none', 'protanopia', 'deuteranopia', 'tritanopia', 'achromatopsia'] as const;
const english = { tag: 'en', name: 'English', dir: 'ltr' } as const;
/** One-letter words: cells of one size, whatever the font. */
const words = 'a b c d e f g h';
/** As `heatmap.ts` lays cells out for narrow words. */
const cell = { width: 28, height: 24, top: 26, end: 8 } as const;

async function openHeatmap(harness: ReviewHarness, theme: ThemeName, dir: 'ltr' | 'rtl' = 'ltr'): Promise<ReviewPage> {
  const segment = aSegment(1, words, { candidates: [aCandidateView('x', words)] });
  const review = await harness.open(aSnapshot([segment], { targetLanguage: { ...english, dir } }), { theme });
  await review.command('h');
  await review.page.locator('.heatmap-canvas').waitFor();
  await review.frame();
  return review;
}

/** Colours at the centres of cells of the first row (probabilities .95, .49, .04, 0), as they are on the screen. */
async function firstRow(review: ReviewPage, columns: readonly number[]): Promise<readonly Rgb[]> {
  const box = await review.page.locator('.heatmap-canvas').boundingBox();
  assert.ok(box !== null);
  const left = box.x + box.width - cell.end - cell.width * words.split(' ').length;
  const points = columns.map((column) => [Math.round(left + (column + 0.5) * cell.width), Math.round(box.y + cell.top + cell.height / 2)]);
  const picture = (await review.page.screenshot()).toString('base64');
  const pixels = await review.page.evaluate<readonly (readonly [number, number, number])[]>(`(async () => {
    const bytes = Uint8Array.from(atob('${picture}'), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return ${JSON.stringify(points)}.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
  })()`);
  return pixels.map(([red, green, blue]) => [red / 255, green / 255, blue / 255]);
}

describe('the heatmap\'s colours', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`keep their order in luminance and stand out, with every colour vision (${theme})`, async () => {
      const review = await openHeatmap(harness, theme);
      const cdp = await review.cdp();
      for (const type of visions) {
        await cdp.send('Emulation.setEmulatedVisionDeficiency', { type });
        await review.frame();
        const shades = await firstRow(review, [0, 1, 2, 5]);
        const [strong, middle, , none] = shades;
        assert.ok(strong !== undefined && middle !== undefined && none !== undefined);
        const light = shades.map(luminance);
        const falls = light.slice(1).every((value, index) => value <= (light[index] ?? 0) + 0.002);
        const rises = light.slice(1).every((value, index) => value >= (light[index] ?? 0) - 0.002);
        assert.ok(falls || rises, `${type}: luminance ${light.map((value) => value.toFixed(3)).join(' ')}`);
        assert.ok(contrast(strong, none) >= 4.5, `${type}: the strongest against none is ${contrast(strong, none).toFixed(2)}`);
        assert.ok(contrast(strong, middle) >= 1.5 && contrast(middle, none) >= 1.5, `${type}: half is told from both ends`);
        await review.screenshot(`heatmap-${theme}-${type}`);
      }
      assert.deepEqual(review.problems, []);
      await review.close();
    });
  }

  it('run from the right for a right-to-left target', async () => {
    const review = await openHeatmap(harness, 'dark', 'rtl');
    const [first, last] = (await firstRow(review, [0, 7])).map(luminance);
    assert.ok((last ?? 0) > (first ?? 0) + 0.2, 'the first word of the target is the rightmost');
    await review.screenshot('heatmap-rtl');
    await review.close();
  });

  it('stand beside a stated confidence and a glyph for words without counterpart', async () => {
    const review = await openHeatmap(harness, 'light');
    assert.match(await review.page.locator('.heatmap-note').innerText(), /low confidence: a hint, not a proof/u);
    assert.match(await review.page.locator('.heatmap-table table').innerText(), /g \(no counterpart\)/u);
    await review.close();
  });
});

describe('words in the colours of warnings, errors and judgments', () => {
  let harness: ReviewHarness;
  before(async () => { harness = await ReviewHarness.start(); });
  after(async () => { await harness.stop(); });

  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    it(`can be read (${theme})`, async () => {
      const review = await harness.open(aSnapshot([aSegment(1, words, { candidates: [aCandidateView('x', words)] })]), { theme });
      const [ground, ...colours] = await review.page.evaluate<readonly Rgb[]>(`(() => {
        const context = new OffscreenCanvas(1, 1).getContext('2d');
        const node = document.body.appendChild(document.createElement('i'));
        return ['var(--vscode-editor-background)', 'var(--good)', 'var(--warn)', 'var(--bad)'].map((value) => {
          node.style.color = value;
          context.fillStyle = getComputedStyle(node).color;
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
        });
      })()`);
      assert.ok(ground !== undefined && colours.length === 3);
      for (const [index, colour] of colours.entries()) assert.ok(contrast(colour, ground) >= 4.5, `${String(['good', 'warn', 'bad'][index])}: ${contrast(colour, ground).toFixed(2)}`);
      await review.close();
    });
  }
});
