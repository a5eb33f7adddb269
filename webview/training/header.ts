/** What the training is, how far it is, and what can be done with it. */
import { trainingActions, type JobView, type TrainingAction } from '../../src/protocol/training.ts';
import { droppedText, type TrainingString } from '../../src/protocol/trainingStrings.ts';
import { el, setAttribute, setText, show, textEl } from '../components/dom.ts';
import type { TextsOf } from '../../src/protocol/texts.ts';
import { button, setButtonKind } from '../components/toolkit.ts';

export class Header {
  readonly node = el('header', 'job');
  readonly #texts: TextsOf<TrainingString>;
  readonly #title = el('h1');
  readonly #state = el('span', 'state', { role: 'status' });
  readonly #detail = el('p', 'detail');
  readonly #facts = el('dl', 'facts');
  readonly #serving: HTMLElement;
  readonly #progressRow = el('div', 'progress');
  readonly #progress = el('progress');
  readonly #progressText = el('span', 'progress-text');
  readonly #buttons: ReadonlyMap<TrainingAction, HTMLElement>;

  constructor(texts: TextsOf<TrainingString>, run: (action: TrainingAction) => void) {
    this.#texts = texts;
    this.#serving = textEl('p', 'serving', texts('fact.serving'));
    this.#progress.setAttribute('aria-label', texts('progress.label'));
    this.#buttons = new Map(trainingActions.map((action) => [action, button(texts(`action.${action}`), 'secondary', () => { run(action); })]));
    const actions = el('div', 'actions', { role: 'toolbar', 'aria-label': texts('actions.label') });
    actions.append(...this.#buttons.values());
    const top = el('div', 'job-top');
    top.append(this.#title, this.#state);
    this.#progressRow.append(this.#progress, this.#progressText);
    this.node.append(top, this.#progressRow, this.#detail, this.#serving, this.#facts, actions);
  }

  draw(job: JobView): void {
    setText(this.#title, job.id);
    setText(this.#state, this.#texts(`state.${job.state}`));
    setAttribute(this.#state, 'data-state', job.state);
    setText(this.#detail, job.detail ?? '');
    show(this.#detail, job.detail !== undefined);
    show(this.#serving, job.serving);
    show(this.#progressRow, job.steps > 0);
    // what ended early is whole as well
    this.#progress.max = Math.max(1, job.state === 'finished' ? job.step : job.steps);
    this.#progress.value = job.step;
    setText(this.#progressText, this.#progressOf(job));
    this.#drawFacts(job);
    const first = next.find((action) => job.actions.includes(action) && !(action === 'gate' && job.gate !== undefined));
    for (const [action, node] of this.#buttons) {
      show(node, job.actions.includes(action));
      setButtonKind(node, action === first ? 'primary' : 'secondary');
    }
  }

  #progressOf({ state, step, steps, secondsLeft }: JobView): string {
    if (state === 'finished' && step < steps) return this.#texts('progress.early', { step, steps });
    const where = this.#texts('progress.steps', { step, steps });
    return secondsLeft === undefined ? where : `${where} · ${this.#texts('progress.left', { time: clock(secondsLeft) })}`;
  }

  #drawFacts({ stage, base, device, rows, best, dataHash }: JobView): void {
    const facts: readonly (readonly [TrainingString, string | undefined])[] = [
      ['fact.stage', stage], ['fact.base', base], ['fact.device', device],
      ['fact.rows', rows === undefined ? undefined : this.#texts('fact.rowsValue', { kept: rows.kept, read: rows.read })],
      ['fact.dropped', rows === undefined || Object.keys(rows.dropped).length === 0 ? undefined : droppedText(rows.dropped, this.#texts)],
      ['fact.best', best === undefined ? undefined : String(best)], ['fact.data', dataHash],
    ];
    this.#facts.replaceChildren(...facts.flatMap(([key, value]) => value === undefined ? [] : [fact(this.#texts(key), value)]));
  }
}

/** What comes next, the likeliest first: its button stands out. */
const next: readonly TrainingAction[] = ['moveUp', 'cancel', 'resume', 'gate', 'compare', 'adopt'];

function fact(name: string, value: string): HTMLElement {
  const node = el('div', 'fact');
  node.append(textEl('dt', '', name), textEl('dd', '', value));
  return node;
}

/** `1:02:03`, `2:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
