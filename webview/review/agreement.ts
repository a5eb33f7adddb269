/** Who agrees with whom: the utilities of a segment's candidates as a table of shades and numbers, one row a candidate. */
import { isAbort } from '../../src/core/errors.ts';
import type { AgreementView, CandidateView } from '../../src/protocol/review.ts';
import { cssColour, inkOn, rampColour } from '../components/colourRamp.ts';
import { el, setLanguage, setText, show, textEl } from '../components/dom.ts';
import { cellAt } from '../components/matrixWindow.ts';
import { onThemeChange, readThemeColours } from '../components/themeColours.ts';
import type { Frame, RankingHost } from './state.ts';
import { utilityNames } from '../../src/core/ranking/utilityNames.ts';

type Found = AgreementView | { readonly message: string };

export class Agreement {
  readonly node = el('section', 'agreement');
  readonly #host: Pick<RankingHost, 'agreement'>;
  readonly #title = el('h2', 'agreement-title');
  readonly #note = el('span', 'agreement-note');
  /** Scrolls by the arrow keys when it has the keyboard. */
  readonly #scroller = el('div', 'agreement-scroller', { tabindex: '0', role: 'region' });
  #asked = new AbortController();
  /** The candidates that were asked about, as the host had them. */
  #of: readonly CandidateView[] | undefined;
  #found: Found | undefined;
  #frame: Frame | undefined;
  #drawn: readonly unknown[] = [];

  constructor(host: Pick<RankingHost, 'agreement'>) {
    this.#host = host;
    const head = el('div', 'agreement-head');
    head.append(this.#title, this.#note);
    this.node.append(head, this.#scroller);
    onThemeChange(() => {
      this.#drawn = [];
      this.#draw();
    });
  }

  update(frame: Frame): void {
    this.#frame = frame;
    const segment = frame.model.segment(frame.state.segment);
    show(this.node, frame.state.agreement && segment !== undefined);
    if (this.node.hidden || segment === undefined) {
      this.#of = undefined;
      return;
    }
    if (segment.candidates !== this.#of) this.#ask(segment.id, segment.candidates);
    this.#draw();
  }

  #ask(segment: string, candidates: readonly CandidateView[]): void {
    this.#asked.abort();
    const asked = new AbortController();
    this.#asked = asked;
    this.#of = candidates;
    this.#found = undefined;
    const take = (found: Found): void => {
      if (asked.signal.aborted) return;
      this.#found = found;
      this.#draw();
    };
    this.#host.agreement(segment, asked.signal).then(take, (reason: unknown) => {
      if (!isAbort(reason)) take({ message: String(reason) });
    });
  }

  #draw(): void {
    const frame = this.#frame;
    const found = this.#found;
    if (frame === undefined || this.node.hidden) return;
    const now = [found, frame.state.candidate, frame.texts];
    if (now.every((value, index) => value === this.#drawn[index]) && this.#drawn.length > 0) return;
    this.#drawn = now;
    const view = found !== undefined && 'matrix' in found ? found : undefined;
    setText(this.#title, frame.texts('agreement.title', { utility: utilityNames[view?.utility ?? 'chrf'] }));
    setText(this.#note, noteOf(found, frame));
    this.#scroller.setAttribute('aria-label', this.#title.textContent);
    this.#scroller.replaceChildren(...(view === undefined ? [] : [this.#table(view, frame)]));
  }

  #table({ candidates, matrix }: AgreementView, frame: Frame): HTMLTableElement {
    const table = el('table', 'agreement-table');
    const views = new Map((this.#of ?? []).map((view) => [view.hash, view]));
    const named = candidates.map((hash, index) => ({ hash, label: labelOf(frame, hash, index) }));
    const head = el('tr');
    head.append(el('td'), ...named.map(({ hash, label }) => header('col', label, hash === frame.state.candidate)));
    table.append(head);
    const theme = readThemeColours();
    for (const [row, { hash, label }] of named.entries()) {
      const line = el('tr');
      line.classList.toggle('current', hash === frame.state.candidate);
      const name = header('row', `${label} `, hash === frame.state.candidate);
      const text = textEl('span', 'agreement-text', views.get(hash)?.candidate.text ?? '');
      setLanguage(text, frame.model.snapshot.targetLanguage);
      name.append(text);
      line.append(name, ...named.map((_, column) => cell(cellAt(matrix, row, column), row === column, theme)));
      table.append(line);
    }
    return table;
  }
}

function noteOf(found: Found | undefined, { texts }: Frame): string {
  if (found === undefined) return texts('agreement.loading');
  if ('message' in found) return texts('agreement.failed', found);
  const shown = found.candidates.length;
  const window = shown < found.total ? [texts('agreement.window', { shown, total: found.total })] : [];
  return [texts('agreement.note'), ...window].join(' · ');
}

/** The digit of the row, else the rank. */
function labelOf({ state }: Frame, hash: string, index: number): string {
  return String(state.rows.digits.get(hash) ?? `#${String(index + 1)}`);
}

function header(scope: 'row' | 'col', text: string, current: boolean): HTMLTableCellElement {
  const node = textEl('th', current ? 'current' : '', text);
  node.scope = scope;
  return node;
}

/** A shade and its number; one against itself is drawn apart, since it says nothing about the others. */
function cell(value: number, itself: boolean, theme: ReturnType<typeof readThemeColours>): HTMLTableCellElement {
  const node = textEl('td', itself ? 'itself' : '', Number.isFinite(value) ? String(Math.round(value * 100)) : '?');
  const shade = rampColour(theme.background, theme.accent, Number.isFinite(value) ? value : 0);
  node.style.backgroundColor = cssColour(shade);
  node.style.color = inkOn(shade);
  return node;
}
