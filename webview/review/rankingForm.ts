/** The controls of the ranking: native ones, so that the keyboard and screen readers know them. */
import type { RankingSettings } from '../../src/core/candidate.ts';
import type { RankingNow } from '../../src/protocol/rankingView.ts';
import { el, setText } from '../components/dom.ts';
import type { Texts } from './strings.ts';
import { utilityNames } from '../../src/core/ranking/utilityNames.ts';

/** λ on the slider; the field takes all that the setting allows. */
const slider = { max: '2', step: '0.05' } as const;
const lambdaLimit = 10;

const utilities = ['chrf', 'chrf++', 'comet', 'cometkiwi', 'http'] as const;
const weights = ['count', 'probability'] as const;
const normalisations = ['zscore', 'raw'] as const;

export class RankingForm {
  readonly node = el('div', 'ranking-form');
  readonly #utility = el('select', 'ranking-field');
  readonly #weights = el('select', 'ranking-field');
  readonly #normalisation = el('select', 'ranking-field');
  readonly #lambda = el('input', 'ranking-field ranking-number', { type: 'number', min: '0', max: String(lambdaLimit), step: slider.step });
  readonly #range = el('input', 'ranking-range', { type: 'range', min: '0', ...slider });
  readonly #self = el('input', '', { type: 'checkbox' });
  readonly #labels = {
    utility: el('span'), lambda: el('span'), normalisation: el('span'), weights: el('span'), includeSelf: el('span'),
  } as const;

  constructor(onChange: () => void) {
    this.#range.addEventListener('input', () => { this.#lambda.value = this.#range.value; });
    this.#lambda.addEventListener('input', () => { this.#range.value = this.#lambda.value; });
    this.node.append(
      labelled(this.#labels.utility, this.#utility),
      labelled(this.#labels.lambda, this.#lambda, this.#range),
      labelled(this.#labels.normalisation, this.#normalisation),
      labelled(this.#labels.weights, this.#weights),
      labelled(this.#self, this.#labels.includeSelf),
    );
    this.node.addEventListener('input', onChange);
  }

  label(texts: Texts): void {
    for (const name of ['utility', 'lambda', 'normalisation', 'weights', 'includeSelf'] as const) setText(this.#labels[name], texts(`ranking.${name}`));
    this.#range.setAttribute('aria-label', texts('ranking.lambda'));
    options(this.#utility, utilities.map((value) => [value, utilityNames[value]]));
    options(this.#weights, weights.map((value) => [value, texts(`ranking.${value}`)]));
    options(this.#normalisation, normalisations.map((value) => [value, texts(`ranking.${value}`)]));
  }

  show({ settings, ...there }: RankingNow): void {
    this.#utility.value = settings.utility;
    for (const option of this.#utility.options) option.disabled = (option.value === 'comet' || option.value === 'cometkiwi' || option.value === 'http') && !there[option.value] && settings.utility !== option.value;
    this.#weights.value = settings.weights;
    this.#normalisation.value = settings.normalisation;
    this.#lambda.value = String(settings.lambda);
    this.#range.value = String(settings.lambda);
    this.#self.checked = settings.includeSelf;
  }

  /** Undefined while λ is no number that is allowed: the field says so itself. */
  value(): RankingSettings | undefined {
    const lambda = this.#lambda.valueAsNumber;
    const [utility, weight, normalisation] = [utilities.find((name) => name === this.#utility.value), weights.find((name) => name === this.#weights.value), normalisations.find((name) => name === this.#normalisation.value)];
    if (!(lambda >= 0 && lambda <= lambdaLimit) || utility === undefined || weight === undefined || normalisation === undefined) return undefined;
    return { utility, includeSelf: this.#self.checked, weights: weight, lambda, normalisation };
  }

  focus(): void {
    this.#lambda.focus();
    this.#lambda.select();
  }
}

function labelled(...parts: readonly HTMLElement[]): HTMLLabelElement {
  const label = el('label', 'ranking-label');
  label.append(...parts);
  return label;
}

function options(select: HTMLSelectElement, list: readonly (readonly [string, string])[]): void {
  const { value } = select;
  select.replaceChildren(...list.map(([key, text]) => {
    const option = el('option', '', { value: key });
    option.textContent = text;
    return option;
  }));
  if (value !== '') select.value = value;
}
