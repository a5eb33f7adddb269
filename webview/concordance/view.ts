/** The concordance: a form, what was found, and what can be done with it. The newest search alone is shown. */
import type { Channel } from '../../src/protocol/channel.ts';
import type { ConcordanceHostContract, ConcordanceSnapshot, ConcordanceViewContract } from '../../src/protocol/concordance.ts';
import { concordanceStrings, type ConcordanceString } from '../../src/protocol/concordanceStrings.ts';
import type { ConcordanceProgress, ConcordanceResult } from '../../src/protocol/memory.ts';
import { localisedTexts, type TextsOf } from '../../src/protocol/texts.ts';
import { el, setText, show, textEl } from '../components/dom.ts';
import { button } from '../components/toolkit.ts';
import { SearchForm } from './form.ts';
import { Results, type ResultRow } from './results.ts';

export type ConcordanceChannel = Channel<ConcordanceViewContract, ConcordanceHostContract>;

/** Hits that are shown at first, and how many more at a time. */
const most = 200;

interface Hint {
  readonly title: string;
  readonly detail?: string;
  readonly buttons?: readonly HTMLElement[];
}

export class ConcordanceView {
  readonly node = el('main', 'concordance');
  readonly #channel: ConcordanceChannel;
  readonly #texts: TextsOf<ConcordanceString>;
  readonly #form: SearchForm;
  readonly #results: Results;
  readonly #hint = el('div', 'hint');
  readonly #status = el('span', 'status', { id: 'status', role: 'status' });
  readonly #said = el('span', 'said', { role: 'status' });
  readonly #actions: Readonly<Record<'use' | 'open' | 'more', HTMLElement>>;
  #search = new AbortController();
  #limit = most;

  constructor(channel: ConcordanceChannel, snapshot: ConcordanceSnapshot) {
    this.#channel = channel;
    const texts = localisedTexts(concordanceStrings, snapshot.strings);
    this.#texts = texts;
    this.#form = new SearchForm({
      texts,
      onChange: () => {
        this.#limit = most;
        void this.#look();
      },
      onDown: () => { if (this.#results.enter()) this.#remember(); },
      onLeave: () => { this.#channel.emit('run', { command: 'leave' }); },
    });
    this.#results = new Results({
      texts,
      pair: () => this.#form.pair,
      onUse: (row) => { this.#use(row); },
      onKey: (key, row) => { if (key === 'open') this.#open(row); else this.#copy(row); },
      onUp: () => { this.#form.focus(); },
      onFocus: (row) => { this.#showActions(row); },
    });
    this.#actions = {
      use: button(texts('action.use'), 'secondary', () => { this.#use(this.#results.focused); }),
      open: button(texts('action.open'), 'secondary', () => { this.#open(this.#results.focused); }),
      more: button(texts('action.more'), 'secondary', () => { this.#more(); }),
    };
    const foot = el('div', 'foot');
    foot.append(this.#status, this.#said, this.#actions.more, this.#actions.use, this.#actions.open);
    this.node.append(this.#form.node, this.#hint, this.#results.node, foot);
    this.#showActions(undefined);
    this.node.addEventListener('keydown', (event) => { this.#key(event); });
    this.take(snapshot);
  }

  take(snapshot: ConcordanceSnapshot): void {
    this.#form.take(snapshot);
    this.#limit = most;
    void this.#look();
    if (snapshot.asked) this.#form.focus();
  }

  focus(): void {
    this.#form.focus();
  }

  /** What is typed stays here: VS Code would look it up among its own keys (decisions.md 8). */
  #key(event: KeyboardEvent): void {
    const alone = !event.ctrlKey && !event.metaKey;
    if (alone && event.altKey && (event.code === 'KeyC' || event.code === 'KeyW')) {
      const { words, matchCase } = this.#form.query;
      this.#form.change(event.code === 'KeyC' ? { matchCase: !matchCase } : { words: !words });
      event.preventDefault();
      event.stopPropagation();
    } else if (alone && !event.altKey && !/^F\d/u.test(event.key)) event.stopPropagation();
  }

  async #look(keepFocus = false): Promise<void> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    const { query, pair } = this.#form;
    setText(this.#said, '');
    if (pair === undefined) {
      this.#none({ total: 0, more: false });
      return;
    }
    let begun = false;
    const begin = (): void => {
      if (!begun) this.#results.replace([], keepFocus);
      begun = true;
    };
    const onProgress = ({ hits, done, total }: ConcordanceProgress): void => {
      if (signal.aborted) return;
      if (hits.length > 0) {
        begin();
        show(this.#hint, false);
        this.#results.add(hits.map((hit) => ({ kind: 'hit', hit })));
      }
      setText(this.#status, this.#texts('status.searching', { done: numbered(done), total: numbered(total) }));
    };
    try {
      const result = await this.#channel.call('search', { source: pair.source.tag, target: pair.target.tag, query, limit: this.#limit }, { signal, onProgress });
      if (signal.aborted) return;
      begin();
      this.#done(result);
    } catch (thrown) {
      if (!signal.aborted) setText(this.#status, this.#texts('failed', { message: thrown instanceof Error ? thrown.message : String(thrown) }));
    }
  }

  #done(result: ConcordanceResult): void {
    const { count } = this.#results;
    show(this.#actions.more, result.more);
    if (count === 0) {
      this.#none(result);
      return;
    }
    show(this.#hint, false);
    const values = { count: numbered(count), total: numbered(result.total) };
    setText(this.#status, this.#texts(result.more ? 'status.more' : count === 1 ? 'status.one' : 'status.found', values));
  }

  /** Nothing is shown: why, and what to do. */
  #none({ total }: ConcordanceResult): void {
    const { text, words, side, matchCase } = this.#form.query;
    const blank = text.trim() === '';
    show(this.#actions.more, false);
    setText(this.#status, blank || total === 0 ? '' : this.#texts('status.none', { total: numbered(total) }));
    this.#results.replace(blank ? this.#form.recent.map((recent) => ({ kind: 'recent', text: recent })) : []);
    if (total === 0) {
      this.#say({ title: this.#texts('empty.memory'), detail: this.#texts('empty.memoryHint'), buttons: [button(this.#texts('action.import'), 'primary', () => { this.#channel.emit('run', { command: 'import' }); })] });
    } else if (blank) this.#say({ title: this.#texts('empty.start'), detail: this.#texts('empty.startHint') });
    else {
      const wider = (key: ConcordanceString, change: Parameters<SearchForm['change']>[0]): HTMLElement => button(this.#texts(key), 'secondary', () => {
        this.#form.change(change);
        this.#form.focus();
      });
      const buttons = [
        ...(!words && /\S\s+\S/u.test(text) ? [wider('action.words', { words: true })] : []),
        ...(side === 'both' ? [] : [wider('action.sides', { side: 'both' })]),
        ...(matchCase ? [wider('action.case', { matchCase: false })] : []),
      ];
      this.#say({ title: this.#texts(words ? 'empty.noneWords' : 'empty.none', { text: text.trim() }), buttons });
    }
  }

  #say({ title, detail, buttons = [] }: Hint): void {
    this.#hint.replaceChildren(textEl('strong', 'hint-title', title), ...(detail === undefined ? [] : [textEl('span', 'hint-detail', detail)]), ...buttons);
    show(this.#hint, true);
  }

  #more(): void {
    this.#limit += most;
    this.#remember();
    void this.#look(true).then(() => { this.#results.enter(); });
  }

  #remember(): void {
    const text = this.#form.query.text.trim();
    if (text === '') return;
    this.#form.remember(text);
    this.#channel.emit('remember', { text });
  }

  #showActions(row: ResultRow | undefined): void {
    show(this.#actions.use, row?.kind === 'hit');
    show(this.#actions.open, row?.kind === 'hit' && row.hit.place !== undefined);
  }

  #use(row: ResultRow | undefined): void {
    if (row?.kind === 'recent') {
      this.#form.change({ text: row.text });
      this.#form.focus();
    } else if (row !== undefined) this.#act(async () => this.#texts((await this.#channel.call('use', { text: row.hit.unit.target })) === 'inserted' ? 'status.inserted' : 'status.copied'));
  }

  #copy(row: ResultRow): void {
    if (row.kind === 'hit') this.#act(async () => {
      await this.#channel.call('copy', { text: row.hit.unit.target });
      return this.#texts('status.copied');
    });
  }

  #open(row: ResultRow | undefined): void {
    if (row?.kind !== 'hit') return;
    const { place, unit } = row.hit;
    this.#act(async () => {
      if (place === undefined) return this.#texts('status.noPlace', { origin: unit.origin });
      await this.#channel.call('open', place);
      return '';
    });
  }

  /** Says what came of it. */
  #act(work: () => Promise<string>): void {
    this.#remember();
    work().then(
      (said) => { setText(this.#said, said); },
      (thrown: unknown) => { setText(this.#said, thrown instanceof Error ? thrown.message : String(thrown)); },
    );
  }
}

function numbered(count: number): string {
  return count.toLocaleString(document.documentElement.lang);
}
