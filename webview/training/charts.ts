/** Which curves stand in which chart, and the charts of a job. */
import type { CurveName, Curves, Point } from '../../src/protocol/training.ts';
import type { TrainingString } from '../../src/protocol/trainingStrings.ts';
import { el, show, textEl } from '../components/dom.ts';
import { shortNumber } from '../components/lineScale.ts';
import type { TextsOf } from '../../src/protocol/texts.ts';
import { LineChart } from './lineChart.ts';

interface ChartPlan {
  readonly title: Extract<TrainingString, `chart.${string}`>;
  readonly curves: readonly CurveName[];
}

const plans: readonly ChartPlan[] = [
  { title: 'chart.loss', curves: ['loss', 'nll', 'replayNll'] },
  { title: 'chart.accuracy', curves: ['accuracy', 'validationAccuracy'] },
  { title: 'chart.margin', curves: ['margin'] },
  { title: 'chart.logP', curves: ['chosenLogP', 'validationChosenLogP'] },
  { title: 'chart.guard', curves: ['guardNll'] },
  { title: 'chart.reward', curves: ['reward'] },
  { title: 'chart.entropy', curves: ['entropy'] },
  { title: 'chart.learningRate', curves: ['learningRate'] },
  { title: 'chart.gradNorm', curves: ['gradNorm'] },
  { title: 'chart.gpu', curves: ['gpuBytes'] },
];

export class Charts {
  readonly node = el('section', 'curves');
  readonly #texts: TextsOf<TrainingString>;
  readonly #grid = el('div', 'chart-grid');
  readonly #none: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #table = el('table', 'values');
  readonly #details = el('details', 'curve-table');
  readonly #charts = new Map<ChartPlan, LineChart>();

  constructor(texts: TextsOf<TrainingString>) {
    this.#texts = texts;
    this.#none = textEl('p', 'dim', texts('curves.none'));
    this.#hint = textEl('p', 'dim', texts('curves.hint'));
    this.#details.append(textEl('summary', '', texts('curves.table')), this.#table);
    this.node.append(textEl('h2', '', texts('curves.title')), this.#none, this.#grid, this.#hint, this.#details);
  }

  draw(curves: Curves): void {
    const drawn = plans.flatMap((plan) => {
      const series = plan.curves.flatMap((name) => {
        const points = curves[name];
        return points === undefined ? [] : [{ name: this.#texts(`curve.${name}`), points: name === 'gpuBytes' ? points.map(toGigabytes) : points }];
      });
      if (series.length === 0) return [];
      const chart = this.#charts.get(plan) ?? this.#chart(plan);
      chart.draw(series);
      return [chart.node];
    });
    // a chart that stays keeps its focus
    if (drawn.length !== this.#grid.childElementCount) this.#grid.replaceChildren(...drawn);
    for (const node of [this.#hint, this.#details]) show(node, drawn.length > 0);
    show(this.#none, drawn.length === 0);
    this.#fillTable(curves);
  }

  #chart(plan: ChartPlan): LineChart {
    const title = this.#texts(plan.title);
    const chart = new LineChart({
      title,
      summary: (series, from, to) => this.#texts('chart.summary', { title, series, from, to }),
      seriesText: (name, first, last) => this.#texts('chart.series', { name, first, last }),
      pointText: (step, values) => this.#texts('chart.point', { step, values }),
    });
    this.#charts.set(plan, chart);
    return chart;
  }

  /** One row a step, one column a curve: for screen readers, and for whoever wants the numbers. */
  #fillTable(curves: Curves): void {
    const columns = plans.flatMap((plan) => plan.curves.flatMap((name) => {
      const points = curves[name];
      const label = plan.curves.length === 1 ? this.#texts(plan.title) : `${this.#texts(plan.title)}: ${this.#texts(`curve.${name}`)}`;
      return points === undefined ? [] : [{ label, values: new Map(points.map(({ step, value }) => [step, value])) }];
    }));
    const steps = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
    const head = el('tr');
    head.append(...[this.#texts('curves.step'), ...columns.map(({ label }) => label)].map((label) => {
      const cell = textEl('th', '', label);
      cell.scope = 'col';
      return cell;
    }));
    const rows = steps.map((step) => {
      const row = el('tr');
      const first = textEl('th', '', String(step));
      first.scope = 'row';
      row.append(first, ...columns.map(({ values }) => textEl('td', '', valueText(values.get(step)))));
      return row;
    });
    this.#table.replaceChildren(head, ...rows);
  }
}

function toGigabytes({ step, value }: Point): Point {
  return { step, value: value / 1e9 };
}

function valueText(value: number | undefined): string {
  return value === undefined ? '' : shortNumber(value);
}
