/** One line on top: what is reviewed, how far it is, how it was made, and which segments are listed. */
import type { Progress } from '../../src/protocol/review.ts';
import { el, setAttribute, setText, show } from '../components/dom.ts';
import { button, dropdown, progressRing } from '../components/toolkit.ts';
import type { Filter } from './model.ts';
import type { Frame, ViewActions } from './state.ts';
import type { Texts } from './strings.ts';

const filters: readonly Filter[] = ['all', 'unreviewed', 'filled', 'warnings', 'revised'];

export class Header {
  readonly node = el('header', 'header');
  readonly #title = el('h1', 'header-title');
  readonly #languages = el('span', 'header-languages');
  readonly #bar = el('span', 'header-bar', { role: 'progressbar' });
  readonly #fill = el('span', 'header-fill');
  readonly #count = el('span', 'header-count');
  readonly #job = el('span', 'header-job');
  readonly #jobText = el('span', 'header-job-text');
  readonly #ring = progressRing();
  readonly #signature = el('span', 'header-signature');
  readonly #cancel: HTMLElement;
  readonly #resume: HTMLElement;
  readonly #filter;
  #texts: Texts | undefined;

  constructor(actions: ViewActions) {
    this.#cancel = button('', 'secondary', () => { actions.run('cancel'); });
    this.#resume = button('', 'secondary', () => { actions.run('resume'); });
    this.#filter = dropdown('filter', (value) => {
      const filter = filters.find((known) => known === value);
      if (filter !== undefined) actions.setFilter(filter);
    });
    this.#bar.append(this.#fill);
    this.#job.append(this.#ring, this.#jobText, this.#cancel, this.#resume);
    const reviewed = el('span', 'header-progress');
    reviewed.append(this.#bar, this.#count);
    this.node.append(this.#title, this.#languages, reviewed, this.#job, this.#signature, this.#filter.node);
  }

  update({ model, state, texts }: Frame): void {
    const { snapshot } = model;
    if (texts !== this.#texts) this.#label(texts);
    setText(this.#title, snapshot.title);
    this.#title.title = snapshot.title;
    setText(this.#languages, `${snapshot.sourceLanguage.tag} → ${snapshot.targetLanguage.tag}`);
    this.#languages.title = `${snapshot.sourceLanguage.name} → ${snapshot.targetLanguage.name}`;
    const share = model.size === 0 ? 0 : model.reviewed / model.size;
    this.#fill.style.inlineSize = `${String(share * 100)}%`;
    setText(this.#count, `${String(model.reviewed)}/${String(model.size)}`);
    const spoken = texts('header.reviewed', { reviewed: model.reviewed, total: model.size });
    setAttribute(this.#bar, 'aria-label', spoken);
    setAttribute(this.#bar, 'aria-valuenow', String(Math.round(share * 100)));
    const signature = model.progress.signature ?? snapshot.signature;
    const blind = model.isBlind(state.segment);
    setText(this.#signature, blind ? texts('header.blind') : signature);
    this.#signature.title = blind ? '' : signature;
    this.#drawJob(model.progress, texts);
  }

  #label(texts: Texts): void {
    this.#texts = texts;
    this.#filter.setLabel(texts('header.filter'));
    this.#filter.setOptions(filters.map((value) => ({ value, text: texts(`filter.${value}`) })));
    setText(this.#cancel, texts('action.cancel'));
    setText(this.#resume, texts('action.resume'));
  }

  #drawJob(progress: Progress, texts: Texts): void {
    const { phase, done, total } = progress;
    const busy = phase === 'loading' || phase === 'translating';
    const stopped = phase === 'cancelled' || phase === 'failed';
    show(this.#job, busy || stopped);
    show(this.#ring, busy);
    show(this.#cancel, busy);
    show(this.#resume, stopped);
    setText(this.#jobText, busy || stopped ? texts(`progress.${phase}`, { done, total }) : '');
    this.#jobText.title = progress.message ?? '';
  }
}
