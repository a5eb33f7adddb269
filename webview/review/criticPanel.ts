/** What the critic says of the focused candidate: each principle with its verdict and the words that decided. */
import { isAbort } from '../../src/core/errors.ts';
import type { CriticFinding } from '../../src/core/critic/critic.ts';
import type { CriticView } from '../../src/protocol/review.ts';
import { el, setText, show, textEl } from '../components/dom.ts';
import type { Frame, RankingHost } from './state.ts';
import type { Texts } from './strings.ts';

/** Walking over candidates asks nothing; resting on one does. Milliseconds. */
const restFor = 400;

type Found = CriticView | { readonly message: string };

export class CriticPanel {
  readonly node = el('section', 'critic');
  readonly #host: Pick<RankingHost, 'critic'>;
  readonly #title = el('h2', 'critic-title', { 'aria-live': 'polite' });
  readonly #note = el('span', 'critic-note');
  readonly #list = el('dl', 'critic-findings');
  #asked = new AbortController();
  #about = '';
  #found: Found | undefined;
  #timer: number | undefined;
  #frame: Frame | undefined;

  constructor(host: Pick<RankingHost, 'critic'>) {
    this.#host = host;
    const head = el('div', 'critic-head');
    head.append(this.#title, this.#note);
    this.node.append(head, this.#list);
  }

  update(frame: Frame): void {
    this.#frame = frame;
    const { segment, candidate, critic } = frame.state;
    show(this.node, critic && segment !== undefined && candidate !== undefined && !frame.model.isBlind(segment));
    const about = this.node.hidden ? '' : `${segment ?? ''}\n${candidate ?? ''}`;
    if (about === this.#about) return;
    this.#about = about;
    this.#asked.abort();
    window.clearTimeout(this.#timer);
    this.#found = undefined;
    if (segment !== undefined && candidate !== undefined && about !== '') this.#timer = window.setTimeout(() => { this.#ask(segment, candidate); }, restFor);
    this.#draw();
  }

  #ask(segment: string, candidate: string): void {
    const asked = new AbortController();
    this.#asked = asked;
    const take = (found: Found): void => {
      if (asked.signal.aborted) return;
      this.#found = found;
      this.#draw();
    };
    this.#host.critic(segment, candidate, asked.signal).then(take, (reason: unknown) => {
      if (!isAbort(reason)) take({ message: String(reason) });
    });
  }

  #draw(): void {
    const frame = this.#frame;
    if (frame === undefined || this.node.hidden) return;
    const { texts, state } = frame;
    const found = this.#found;
    const key = String(state.rows.digits.get(state.candidate ?? '') ?? '');
    const view = found !== undefined && 'findings' in found ? found : undefined;
    setText(this.#title, view === undefined ? texts('critic.of', { key }) : texts('critic.title', { key, satisfied: view.findings.filter(({ satisfied }) => satisfied).length, total: view.findings.length }));
    setText(this.#note, noteOf(found, texts));
    this.#list.replaceChildren(...(view?.findings ?? []).flatMap((finding) => row(finding, texts)));
  }
}

function noteOf(found: Found | undefined, texts: Texts): string {
  if (found === undefined) return texts('critic.asking');
  return 'message' in found ? texts('critic.failed', found) : texts('critic.note', { model: found.signature.split('|')[0] ?? '' });
}

/** A sign and a word: colour alone says nothing. */
function row({ principle, satisfied, evidence }: CriticFinding, texts: Texts): HTMLElement[] {
  const verdict = texts(satisfied ? 'critic.satisfied' : 'critic.notSatisfied');
  const mark = textEl('dt', `critic-mark ${satisfied ? 'satisfied' : 'open'}`, satisfied ? '✓' : '✗');
  mark.title = verdict;
  mark.setAttribute('aria-label', verdict);
  const said = el('dd');
  said.append(textEl('div', 'critic-principle', principle));
  if (evidence !== '') said.append(textEl('div', 'critic-evidence', evidence));
  return [mark, said];
}
