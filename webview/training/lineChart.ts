/** A small chart of some curves over the steps: SVG in the theme's colours, told apart by dashes too, read by arrow keys. */
import type { Point } from '../../src/protocol/training.ts';
import { el, setAttribute, setText, textEl } from '../components/dom.ts';
import { extentOf, pathOf, placeOf, pointAt, shortNumber, type Frame } from '../components/lineScale.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface ChartTexts {
  readonly title: string;
  /** One sentence that says what the chart shows. */
  readonly summary: (series: string, from: number, to: number) => string;
  readonly seriesText: (name: string, first: string, last: string) => string;
  readonly pointText: (step: number, values: string) => string;
}

const size = { width: 300, height: 110 };
const space = 'http://www.w3.org/2000/svg';

function svgEl<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] {
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

export class LineChart {
  readonly node = el('figure', 'chart');
  readonly #texts: ChartTexts;
  readonly #legend = el('figcaption', 'chart-legend');
  readonly #svg = svgEl('svg', { viewBox: `0 0 ${size.width} ${size.height}`, preserveAspectRatio: 'none', tabindex: '0', role: 'img', class: 'chart-plot' });
  readonly #high = textEl('span', 'chart-high', '');
  readonly #low = textEl('span', 'chart-low', '');
  readonly #reading = el('div', 'chart-reading', { 'aria-live': 'polite' });
  #series: readonly Series[] = [];
  #cursor: number | undefined;

  constructor(texts: ChartTexts) {
    this.#texts = texts;
    const frame = el('div', 'chart-frame');
    frame.append(this.#high, this.#svg, this.#low);
    this.node.append(this.#legend, frame, this.#reading);
    this.#svg.addEventListener('keydown', (event) => { this.#key(event); });
    this.#svg.addEventListener('blur', () => { this.#point(undefined); });
    this.#svg.addEventListener('pointermove', (event) => { this.#point(this.#stepAt(event)); });
    this.#svg.addEventListener('pointerleave', () => { this.#point(undefined); });
  }

  draw(series: readonly Series[]): void {
    this.#series = series;
    const { frame, low, high } = this.#frame();
    const paths = series.map(({ points }, index) => svgEl('path', { d: pathOf(points, frame), class: `curve curve-${index}`, 'vector-effect': 'non-scaling-stroke' }));
    const dots = series.flatMap(({ points }, index) => points.length > 1 ? [] : points.map((point) => dot(point, frame, index)));
    this.#svg.replaceChildren(...paths, ...dots, ...this.#cursorLine(frame));
    setText(this.#high, shortNumber(high));
    setText(this.#low, shortNumber(low));
    this.#legend.replaceChildren(textEl('span', 'chart-title', this.#texts.title), ...series.map((one, index) => legendOf(one, index)));
    const spoken = series.map(({ name, points }) => this.#texts.seriesText(name, shortNumber(points[0]?.value ?? 0), shortNumber(points.at(-1)?.value ?? 0))).join(', ');
    setAttribute(this.#svg, 'aria-label', this.#texts.summary(spoken, frame.steps.low, frame.steps.high));
  }

  #frame(): { readonly frame: Frame; readonly low: number; readonly high: number } {
    const points = this.#series.flatMap((one) => one.points);
    const values = extentOf(points.map(({ value }) => value));
    const steps = extentOf(points.map(({ step }) => step));
    return { frame: { ...size, steps, values }, low: values.low, high: values.high };
  }

  #cursorLine(frame: Frame): readonly SVGElement[] {
    if (this.#cursor === undefined) return [];
    const { x } = placeOf({ step: this.#cursor, value: frame.values.low }, frame);
    return [svgEl('line', { x1: String(x), x2: String(x), y1: '0', y2: String(size.height), class: 'chart-cursor', 'vector-effect': 'non-scaling-stroke' })];
  }

  #key(event: KeyboardEvent): void {
    const steps = this.#steps();
    const at = this.#cursor === undefined ? undefined : steps.indexOf(this.#cursor);
    const last = steps.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(0, (at ?? steps.length) - 1), ArrowRight: Math.min(last, (at ?? -1) + 1), Home: 0, End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#point(steps[to]);
  }

  #point(step: number | undefined): void {
    if (step === this.#cursor) return;
    this.#cursor = step;
    this.draw(this.#series);
    const values = step === undefined ? '' : this.#series.flatMap(({ name, points }) => {
      const point = pointAt(points, step);
      return point === undefined ? [] : [`${name} ${shortNumber(point.value)}`];
    }).join(', ');
    setText(this.#reading, step === undefined ? '' : this.#texts.pointText(step, values));
  }

  #steps(): readonly number[] {
    return [...new Set(this.#series.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
  }

  #stepAt(event: PointerEvent): number | undefined {
    const box = this.#svg.getBoundingClientRect();
    const { frame: { steps } } = this.#frame();
    const wanted = steps.low + (steps.high - steps.low) * (event.clientX - box.left) / box.width;
    return this.#steps().reduce<number | undefined>((best, step) => best === undefined || Math.abs(step - wanted) < Math.abs(best - wanted) ? step : best, undefined);
  }
}

/** A single value has no line to draw. */
function dot(point: Point, frame: Frame, index: number): SVGElement {
  const { x, y } = placeOf(point, frame);
  return svgEl('circle', { cx: String(x), cy: String(y), r: '3', class: `dot dot-${index}` });
}

function legendOf({ name, points }: Series, index: number): HTMLElement {
  const node = el('span', 'chart-series');
  const key = svgEl('svg', { viewBox: '0 0 22 4', class: 'chart-key', 'aria-hidden': 'true' });
  key.append(svgEl('path', { d: 'M0 2L22 2', class: `curve curve-${index}` }));
  node.append(key, textEl('span', '', name), textEl('span', 'chart-value', shortNumber(points.at(-1)?.value ?? 0)));
  return node;
}
