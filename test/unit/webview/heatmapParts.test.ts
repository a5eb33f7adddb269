import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cssColour, luminance, parseColour, rampColour, type Rgb } from '../../../webview/components/colourRamp.ts';
import { cellAt, followCaret, linkedTokens, windowAround } from '../../../webview/components/matrixWindow.ts';

const colour = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
  .map(([red, green, blue]): Rgb => [red / 255, green / 255, blue / 255]);

function known(text: string): Rgb {
  const parsed = parseColour(text);
  assert.ok(parsed, text);
  return parsed;
}

describe('the ramp of the heatmap', () => {
  it('reads the colours that themes are written in', () => {
    assert.deepEqual(parseColour('#ff8000'), [1, 128 / 255, 0]);
    assert.deepEqual(parseColour(' #f80 '), [1, 136 / 255, 0]);
    assert.deepEqual(parseColour('rgba(255, 0, 51, 0.5)'), [1, 0, 0.2]);
    assert.equal(parseColour('papayawhip'), undefined);
  });

  for (const [theme, background, accent] of [
    ['dark', '#1f1f1f', '#3794ff'], ['light', '#ffffff', '#1a85ff'], ['high contrast', '#000000', '#3794ff'],
    ['solarized', '#fdf6e3', '#268bd2'], ['monokai', '#272822', '#819aff'],
  ] as const) {
    it(`is monotone in luminance from the background on (${theme})`, () => {
      const steps = Array.from({ length: 101 }, (_, step) => luminance(rampColour(known(background), known(accent), step / 100)));
      const sign = luminance(known(background)) > 0.4 ? -1 : 1;
      for (const [index, value] of steps.entries()) {
        if (index > 0) assert.ok(sign * (value - (steps[index - 1] ?? value)) > 0, `step ${String(index)}`);
      }
      assert.equal(cssColour(rampColour(known(background), known(accent), 0)), cssColour(known(background)));
    });
  }

  it('stays a colour of the screen for any theme', () => {
    fc.assert(fc.property(colour, colour, fc.double({ min: 0, max: 1, noNaN: true }), (background, accent, p) => {
      for (const value of rampColour(background, accent, p)) assert.ok(value > -0.01 && value < 1.01);
    }));
  });
});

describe('the window of a long matrix', () => {
  it('shows all of a short one and 40 around the caret of a long one', () => {
    assert.deepEqual(windowAround(12, 5, 40), { start: 0, end: 12 });
    assert.deepEqual(windowAround(100, 50, 40), { start: 30, end: 70 });
    assert.deepEqual(windowAround(100, 99, 40), { start: 60, end: 100 });
  });

  it('always holds the caret and stays while the caret is inside', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(499), fc.nat(499), (length, first, second) => {
      const [a, b] = [first % length, second % length];
      const before = windowAround(length, a, 40);
      const after = followCaret(before, length, b, 40);
      assert.ok(b >= after.start && b < after.end);
      assert.ok(after.start >= 0 && after.end <= length && after.end - after.start === Math.min(length, 40));
      if (b >= before.start && b < before.end) assert.deepEqual(after, before);
    }));
  });

  it('finds the words that a word is linked with, strongest first', () => {
    const matrix = { rows: 2, cols: 3, data: Float32Array.from([0.1, 0.8, 0.05, 0, 0.3, 0.9]) };
    assert.deepEqual(linkedTokens(matrix, 'source', 0).map((link) => link.index), [1, 0]);
    assert.deepEqual(linkedTokens(matrix, 'target', 1).map((link) => link.index), [0, 1]);
    assert.equal(cellAt(matrix, 5, 5), 0);
  });
});
