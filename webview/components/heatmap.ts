/**
 * Source tokens by candidate tokens as a canvas: darkness is probability, a ring is the caret, a glyph is a word without
 * counterpart. Long segments show a window around the caret; right-to-left targets are mirrored. The same numbers stand in
 * a table for screen readers (`matrixTable.ts`).
 */
import type { AlignmentView } from '../../src/protocol/review.ts';
import { cssColour, luminance, rampColour } from './colourRamp.ts';
import { el } from './dom.ts';
import { cellAt, followCaret, type Span } from './matrixWindow.ts';
import { readThemeColours, type ThemeColours } from './themeColours.ts';

/** Tokens a side that are drawn at once. */
export const windowSize = 40;

export interface Caret {
  readonly source: number | undefined;
  readonly target: number | undefined;
}

export interface HeatmapInput {
  readonly alignment: AlignmentView;
  readonly caret: Caret;
  readonly targetDir: 'ltr' | 'rtl';
  readonly sourceLang: string;
  readonly targetLang: string;
}

interface Layout {
  readonly cell: number;
  readonly cellWidth: number;
  readonly left: number;
  readonly top: number;
  readonly rotated: boolean;
  readonly width: number;
  readonly height: number;
}

const fontSize = 13;
const cellSize = 24;
const uncoveredGlyph = '∅';

export class Heatmap {
  readonly node = el('canvas', 'heatmap-canvas', { tabindex: '0', role: 'img' });
  rows: Span = { start: 0, end: 0 };
  columns: Span = { start: 0, end: 0 };
  #input: HeatmapInput | undefined;
  #layout: Layout | undefined;

  /** `onCell` is told of the cell under the pointer, undefined when it leaves. */
  constructor(onCell: (caret: Caret | undefined) => void) {
    this.node.addEventListener('pointermove', (event) => { onCell(this.#cellUnder(event)); });
    this.node.addEventListener('pointerleave', () => { onCell(undefined); });
  }

  draw(input: HeatmapInput): void {
    const context = this.node.getContext('2d');
    if (context === null) return;
    this.#input = input;
    const { source, target } = input.alignment;
    this.rows = followCaret(this.rows, source.length, input.caret.source ?? 0, windowSize);
    this.columns = followCaret(this.columns, target.length, input.caret.target ?? 0, windowSize);
    const theme = readThemeColours();
    const layout = this.#measure(context, input);
    this.#layout = layout;
    const ratio = window.devicePixelRatio;
    this.node.width = Math.ceil(layout.width * ratio);
    this.node.height = Math.ceil(layout.height * ratio);
    this.node.style.inlineSize = `${String(layout.width)}px`;
    this.node.style.blockSize = `${String(layout.height)}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, layout.width, layout.height);
    this.#drawCells(context, input, theme);
    this.#drawLabels(context, input, theme);
  }

  #measure(context: CanvasRenderingContext2D, { alignment }: HeatmapInput): Layout {
    context.font = fontOf();
    const widest = (tokens: readonly { readonly text: string }[], span: Span): number =>
      Math.max(0, ...tokens.slice(span.start, span.end).map((token) => context.measureText(token.text).width));
    const label = Math.min(96, widest(alignment.target, this.columns));
    const cellWidth = Math.max(cellSize + 4, Math.ceil(label) + 10);
    const room = this.node.parentElement?.clientWidth ?? 600;
    const left = Math.ceil(Math.min(140, widest(alignment.source, this.rows))) + 24;
    const count = this.columns.end - this.columns.start;
    const rotated = left + cellWidth * count > room;
    const width = rotated ? cellSize : cellWidth;
    const top = rotated ? Math.ceil(label * 0.8) + 26 : 26;
    return {
      cell: cellSize,
      cellWidth: width,
      left,
      top,
      rotated,
      width: left + width * count + (rotated ? Math.ceil(label * 0.6) + 8 : 8),
      height: top + cellSize * (this.rows.end - this.rows.start) + 2,
    };
  }

  #drawCells(context: CanvasRenderingContext2D, input: HeatmapInput, theme: ThemeColours): void {
    for (let row = this.rows.start; row < this.rows.end; row += 1) {
      for (let column = this.columns.start; column < this.columns.end; column += 1) {
        const box = this.#box(row, column);
        const p = cellAt(input.alignment.probabilities, row, column);
        context.fillStyle = cssColour(rampColour(theme.background, theme.accent, p));
        context.fillRect(box.x + 1, box.y + 1, box.width - 2, box.height - 2);
        if (theme.highContrast || p < 0.02) this.#frame(context, box, theme.grid, theme.highContrast ? 1 : 0.35);
        const { caret } = input;
        if (caret.source === row && caret.target === column) this.#ring(context, box, theme);
        else if (caret.source === row || caret.target === column) this.#frame(context, box, theme.focus, 1);
      }
    }
  }

  #drawLabels(context: CanvasRenderingContext2D, input: HeatmapInput, theme: ThemeColours): void {
    const { alignment, caret } = input;
    const missingRows = new Set(alignment.uncoveredSource);
    const missingColumns = new Set(alignment.uncoveredTarget);
    context.textBaseline = 'middle';
    this.node.lang = input.sourceLang;
    for (let row = this.rows.start; row < this.rows.end; row += 1) {
      const missing = missingRows.has(row);
      context.font = fontOf(caret.source === row);
      context.fillStyle = missing ? theme.warning : caret.source === row ? theme.text : theme.dim;
      const text = fit(context, alignment.source[row]?.text ?? '', 140);
      this.#rowLabel(context, missing ? `${uncoveredGlyph} ${text}` : text, this.#box(row, this.columns.start));
    }
    this.node.lang = input.targetLang;
    for (let column = this.columns.start; column < this.columns.end; column += 1) {
      const missing = missingColumns.has(column);
      context.font = fontOf(caret.target === column);
      context.fillStyle = missing ? theme.warning : caret.target === column ? theme.text : theme.dim;
      this.#columnLabel(context, fit(context, alignment.target[column]?.text ?? '', 96), this.#box(this.rows.start, column));
    }
  }

  #rowLabel(context: CanvasRenderingContext2D, text: string, box: Box): void {
    const left = this.#layout?.left ?? 0;
    context.textAlign = 'right';
    context.fillText(text, left - 8, box.y + box.height / 2 + 1);
  }

  #columnLabel(context: CanvasRenderingContext2D, text: string, box: Box): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    if (!layout.rotated) {
      context.textAlign = 'center';
      context.fillText(text, box.x + box.width / 2, layout.top - 12);
      return;
    }
    context.save();
    context.translate(box.x + box.width / 2, layout.top - 6);
    context.rotate(-Math.PI / 3.6);
    context.textAlign = 'left';
    context.fillText(text, 0, 0);
    context.restore();
  }

  #frame(context: CanvasRenderingContext2D, box: Box, colour: string, alpha: number): void {
    context.save();
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.strokeRect(box.x + 1.5, box.y + 1.5, box.width - 3, box.height - 3);
    context.restore();
  }

  #ring(context: CanvasRenderingContext2D, box: Box, theme: ThemeColours): void {
    context.save();
    context.strokeStyle = luminance(theme.background) > 0.4 ? '#000000' : '#ffffff';
    context.lineWidth = 2;
    context.strokeRect(box.x + 2, box.y + 2, box.width - 4, box.height - 4);
    context.restore();
  }

  #box(row: number, column: number): Box {
    const layout = this.#layout;
    const count = this.columns.end - this.columns.start;
    const place = column - this.columns.start;
    const mirrored = this.#input?.targetDir === 'rtl' ? count - 1 - place : place;
    const [left, top, cell, cellWidth] = [layout?.left ?? 0, layout?.top ?? 0, layout?.cell ?? 0, layout?.cellWidth ?? 0];
    return { x: left + mirrored * cellWidth, y: top + (row - this.rows.start) * cell, width: cellWidth, height: cell };
  }

  #cellUnder(event: PointerEvent): Caret | undefined {
    const layout = this.#layout;
    if (layout === undefined) return undefined;
    const count = this.columns.end - this.columns.start;
    const place = Math.floor((event.offsetX - layout.left) / layout.cellWidth);
    const row = Math.floor((event.offsetY - layout.top) / layout.cell) + this.rows.start;
    const column = this.columns.start + (this.#input?.targetDir === 'rtl' ? count - 1 - place : place);
    const source = row >= this.rows.start && row < this.rows.end ? row : undefined;
    const target = place >= 0 && place < count ? column : undefined;
    return source === undefined && target === undefined ? undefined : { source, target };
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function fontOf(bold = false): string {
  return `${bold ? '600 ' : ''}${String(fontSize)}px ${getComputedStyle(document.body).fontFamily}`;
}

/** A label that is too long ends in an ellipsis. */
function fit(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join('')}…`).width > width) letters.pop();
  return `${letters.join('')}…`;
}
