/** The blind comparison: a source, two translations, three keys. Which model made which is never in this page. */
import { Channel } from '../../src/protocol/channel.ts';
import type { BlindAnswer, BlindChoice, BlindHostContract, BlindView, BlindViewContract } from '../../src/protocol/training.ts';
import { blindStrings, type BlindString } from '../../src/protocol/trainingStrings.ts';
import { el, setLanguage, setText, show, textEl } from '../components/dom.ts';
import { pageHost } from '../components/pageHost.ts';
import { localisedTexts, type TextsOf } from '../../src/protocol/texts.ts';
import { button, progressRing, registerControls } from '../components/toolkit.ts';
import './blind.css';

const host = pageHost<{ readonly folder: string }>();
const channel = new Channel<BlindViewContract, BlindHostContract>({ name: 'blind', port: host.port, handlers: {}, listeners: {} });

const choices: Readonly<Record<string, BlindChoice>> = { 1: 'left', 2: 'right', '=': 'tie' };

class Session {
  readonly node = el('main', 'blind');
  readonly #texts: TextsOf<BlindString>;
  readonly #progress = el('p', 'dim', { role: 'status' });
  readonly #item = el('div', 'item');
  readonly #source = el('p', 'source-text');
  readonly #sides: Readonly<Record<'left' | 'right', HTMLElement>> = { left: el('p', 'side-text'), right: el('p', 'side-text') };
  readonly #done = el('div', 'done', { role: 'status' });
  readonly #verdict = el('p', 'verdict');
  readonly #undo: HTMLElement;
  readonly #goOn: HTMLElement;
  readonly #error = el('p', 'error', { role: 'alert' });
  #view: BlindView;
  #busy = false;

  constructor(view: BlindView, texts: TextsOf<BlindString>) {
    this.#texts = texts;
    this.#view = view;
    this.#undo = button(texts('undo'), 'secondary', () => { this.#ask(() => channel.call('undo', null)); });
    this.#goOn = button(texts('goOn'), 'secondary', () => { this.#ask(() => channel.call('goOn', null)); });
    this.#done.append(textEl('h2', '', texts('done')), this.#verdict, this.#goOn);
    this.#buildItem();
    const foot = el('div', 'foot');
    foot.append(this.#undo, button(texts('leave'), 'secondary', () => { channel.emit('leave', null); }));
    this.node.append(textEl('h1', '', texts('title')), this.#progress, this.#item, this.#done, this.#error, foot, textEl('p', 'dim', texts('keys')), textEl('p', 'dim', texts('sides')));
    // No text field is on this page; keys with a modifier belong to the editor.
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const choice = choices[event.key];
      if (choice !== undefined) this.#judge(choice);
      else if (event.key === 'u') this.#ask(() => channel.call('undo', null));
    });
    this.draw(view);
  }

  draw(view: BlindView): void {
    this.#view = view;
    const { item, judged, total, nextLook } = view;
    const look = nextLook === undefined ? '' : ` ${this.#texts('nextLook', { count: nextLook })}`;
    setText(this.#progress, `${this.#texts('progress', { judged, total })}.${look}`);
    show(this.#item, item !== undefined);
    show(this.#done, item === undefined);
    show(this.#goOn, judged < total);
    setText(this.#verdict, view.verdict ?? '');
    this.#undo.toggleAttribute('disabled', !view.canUndo);
    if (item === undefined) return;
    for (const [node, text, language] of [[this.#source, item.source, view.sourceLanguage], [this.#sides.left, item.left, view.targetLanguage], [this.#sides.right, item.right, view.targetLanguage]] as const) {
      setText(node, text);
      setLanguage(node, language);
    }
  }

  #buildItem(): void {
    const source = el('section', 'source', { 'aria-label': this.#texts('source') });
    source.append(this.#source);
    const pair = el('div', 'pair');
    pair.append(this.#side('left', '1'), this.#side('right', '2'));
    this.#item.append(source, pair, button(`=  ${this.#texts('choose.tie')}`, 'secondary', () => { this.#judge('tie'); }));
  }

  #side(side: 'left' | 'right', key: string): HTMLElement {
    const node = el('section', 'side', { 'aria-label': this.#texts(side) });
    node.append(this.#sides[side], button(`${key}  ${this.#texts(`choose.${side}`)}`, 'primary', () => { this.#judge(side); }));
    return node;
  }

  #judge(choice: BlindChoice): void {
    const { item } = this.#view;
    if (item !== undefined) this.#ask(() => channel.call('judge', { number: item.number, choice }));
  }

  /** One act at a time: what is pressed before the answer has come is left alone. */
  #ask(act: () => Promise<BlindAnswer>): void {
    if (this.#busy) return;
    this.#busy = true;
    void act().then(
      (answer) => {
        setText(this.#error, 'message' in answer ? answer.message : '');
        if ('view' in answer) this.draw(answer.view);
      },
      (thrown: unknown) => { setText(this.#error, String(thrown)); },
    ).finally(() => { this.#busy = false; });
  }
}

async function start(): Promise<void> {
  const waiting = el('div', 'connecting', { role: 'status' });
  waiting.append(progressRing(), textEl('span', '', blindStrings.connecting));
  document.body.append(waiting);
  const { view, strings } = await channel.call('ready', null);
  waiting.remove();
  host.keep({ folder: view.folder });
  document.body.append(new Session(view, localisedTexts(blindStrings, strings)).node);
}

registerControls();
void start();
