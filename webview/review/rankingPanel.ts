/** The settings of the ranking with a preview: how many picks of the document they would change, before they are applied. */
import type { RankingSettings } from '../../src/core/candidate.ts';
import { isAbort } from '../../src/core/errors.ts';
import type { RankingPreview } from '../../src/protocol/rankingView.ts';
import { el, setText, show, textEl } from '../components/dom.ts';
import { confirmKey } from '../components/platform.ts';
import { button } from '../components/toolkit.ts';
import { RankingForm } from './rankingForm.ts';
import type { Frame, ViewActions } from './state.ts';
import type { Texts } from './strings.ts';

/** A slider sends many values: the preview is asked for when it has rested so long. Milliseconds. */
const restFor = 150;
/** Segments that are named in the preview. */
const namedAtMost = 12;

export class RankingPanel {
  readonly node = el('section', 'ranking-panel');
  readonly #actions: ViewActions;
  readonly #form: RankingForm;
  readonly #answer = el('div', 'ranking-answer', { role: 'status', 'aria-live': 'polite' });
  readonly #hint = el('span', 'text-hint');
  readonly #apply: HTMLElement;
  readonly #close: HTMLElement;
  #texts: Texts | undefined;
  #open = false;
  #asked = new AbortController();
  #timer: number | undefined;

  constructor(actions: ViewActions) {
    this.#actions = actions;
    this.#form = new RankingForm(() => { this.#previewSoon(); });
    this.#apply = button('', 'primary', () => { this.#use(); });
    this.#close = button('', 'secondary', () => { this.#leave(); });
    const foot = el('div', 'text-foot');
    foot.append(this.#apply, this.#close, this.#hint);
    this.node.append(this.#form.node, this.#answer, foot);
    this.node.addEventListener('keydown', (event) => { this.#key(event); });
    show(this.node, false);
  }

  update({ state, texts }: Frame): void {
    if (texts !== this.#texts) this.#label(texts);
    if (state.ranking === this.#open) return;
    this.#open = state.ranking;
    show(this.node, state.ranking);
    if (state.ranking) void this.#start();
    else this.#asked.abort();
  }

  async #start(): Promise<void> {
    setText(this.#answer, '');
    const now = await this.#actions.ranking.ranking();
    this.#form.show(now);
    this.#form.focus();
    this.#preview(now.settings);
  }

  #previewSoon(): void {
    window.clearTimeout(this.#timer);
    const settings = this.#form.value();
    if (settings !== undefined) this.#timer = window.setTimeout(() => { this.#preview(settings); }, restFor);
  }

  #preview(settings: RankingSettings): void {
    this.#asked.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const measuring = (value: { readonly done: number; readonly total: number }): void => {
      if (!asked.signal.aborted) setText(this.#answer, this.#texts?.('ranking.measuring', value) ?? '');
    };
    this.#actions.ranking.previewRanking(settings, asked.signal, measuring).then(
      (preview) => { if (!asked.signal.aborted) this.#show(preview, settings); },
      (reason: unknown) => { if (!isAbort(reason)) this.#show({ message: String(reason) }, settings); },
    );
  }

  #show(preview: RankingPreview, asked: RankingSettings): void {
    const texts = this.#texts;
    if (texts === undefined) return;
    if ('message' in preview) {
      this.#answer.replaceChildren(textEl('span', 'ranking-problem', texts('ranking.failed', preview)));
      return;
    }
    const { changed, total, utility } = preview;
    const parts: Node[] = utility === asked.utility ? [] : [textEl('div', 'ranking-problem', texts('ranking.fallback'))];
    if (total === 0) parts.push(textEl('span', '', texts('ranking.none')));
    else if (changed.length === 0) parts.push(textEl('span', '', texts('ranking.unchanged', { total })));
    else parts.push(textEl('strong', '', texts('ranking.changed', { changed: changed.length, total })), ...this.#links(changed, texts));
    this.#answer.replaceChildren(...parts);
  }

  #links(changed: readonly { readonly segment: string; readonly number: number }[], texts: Texts): Node[] {
    const links: Node[] = changed.slice(0, namedAtMost).map(({ segment, number }) => {
      const link = textEl('button', 'ranking-link', String(number));
      link.title = texts('ranking.segment', { number });
      link.setAttribute('aria-label', link.title);
      link.addEventListener('click', () => { this.#actions.focusSegment(segment); });
      return link;
    });
    const rest = changed.length - links.length;
    return rest > 0 ? [...links, textEl('span', '', texts('ranking.more', { count: rest }))] : links;
  }

  #use(): void {
    const settings = this.#form.value();
    const texts = this.#texts;
    if (settings === undefined || texts === undefined) return;
    this.#actions.ranking.applyRanking(settings).then(
      () => {
        this.#leave();
        this.#actions.say(texts('ranking.applied'));
      },
      (reason: unknown) => { this.#show({ message: reason instanceof Error ? reason.message : String(reason) }, settings); },
    );
  }

  #leave(): void {
    this.#actions.command('focusList');
  }

  #label(texts: Texts): void {
    this.#texts = texts;
    this.node.setAttribute('aria-label', texts('ranking.title'));
    this.#form.label(texts);
    setText(this.#apply, texts('ranking.apply'));
    setText(this.#close, texts('ranking.close'));
    setText(this.#hint, texts('ranking.hint', { confirm: confirmKey() }));
  }

  #key(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      this.#use();
      return;
    }
    if (command || event.altKey || /^F\d/u.test(event.key)) return;
    event.stopPropagation();
    if (event.key === 'Escape') this.#leave();
  }
}
