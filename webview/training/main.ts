/** The training dashboard: draws what the host sends and tells it which button was pressed. */
import { Channel } from '../../src/protocol/channel.ts';
import type { JobView, TrainingHostContract, TrainingSnapshot, TrainingViewContract } from '../../src/protocol/training.ts';
import { trainingStrings, type TrainingString } from '../../src/protocol/trainingStrings.ts';
import { el, setText, show, textEl } from '../components/dom.ts';
import { pageHost } from '../components/pageHost.ts';
import { localisedTexts, type TextsOf } from '../../src/protocol/texts.ts';
import { progressRing, registerControls } from '../components/toolkit.ts';
import { Charts } from './charts.ts';
import { gateCard } from './gateCard.ts';
import { Header } from './header.ts';
import './training.css';

class Page {
  readonly #host = pageHost<{ readonly folder: string }>();
  readonly #channel: Channel<TrainingViewContract, TrainingHostContract>;
  #dashboard: Dashboard | undefined;

  constructor() {
    this.#channel = new Channel({ name: 'training', port: this.#host.port, handlers: {}, listeners: { job: (job) => { this.#dashboard?.draw(job); } } });
  }

  async start(): Promise<void> {
    const waiting = el('div', 'connecting', { role: 'status' });
    waiting.append(progressRing(), textEl('span', '', trainingStrings.connecting));
    document.body.append(waiting);
    const snapshot = await this.#channel.call('ready', null);
    waiting.remove();
    this.#begin(snapshot);
  }

  #begin({ job, strings }: TrainingSnapshot): void {
    this.#host.keep({ folder: job.folder });
    this.#dashboard = new Dashboard(localisedTexts(trainingStrings, strings), (action) => { this.#channel.emit('run', { action }); });
    document.body.append(this.#dashboard.node);
    this.#dashboard.draw(job);
  }
}

class Dashboard {
  readonly node = el('main', 'dashboard');
  readonly #texts: TextsOf<TrainingString>;
  readonly #header: Header;
  readonly #charts: Charts;
  readonly #warnings = el('section', 'warnings');
  readonly #gate = el('section', 'gate');
  readonly #log: HTMLElement;

  constructor(texts: TextsOf<TrainingString>, run: ConstructorParameters<typeof Header>[1]) {
    this.#texts = texts;
    this.#header = new Header(texts, run);
    this.#charts = new Charts(texts);
    this.#log = el('pre', 'log-lines', { tabindex: '0', role: 'log', 'aria-label': texts('log.title') });
    const log = el('section', 'log');
    log.append(textEl('h2', '', texts('log.title')), this.#log);
    this.node.append(this.#header.node, this.#warnings, this.#gate, this.#charts.node, log);
  }

  draw(job: JobView): void {
    this.#header.draw(job);
    this.#charts.draw(job.curves);
    show(this.#warnings, job.warnings.length > 0);
    const list = el('ul');
    list.append(...job.warnings.map((text) => textEl('li', '', text)));
    this.#warnings.replaceChildren(textEl('h2', '', this.#texts('warnings.title')), list);
    show(this.#gate, job.gate !== undefined);
    if (job.gate !== undefined) this.#gate.replaceChildren(...gateCard(job.gate, this.#texts));
    this.#drawLog(job.log);
  }

  /** Whoever reads further up is left there. */
  #drawLog(lines: readonly string[]): void {
    const node = this.#log;
    const atEnd = node.scrollTop + node.clientHeight >= node.scrollHeight - 4;
    setText(node, lines.length === 0 ? this.#texts('log.empty') : lines.join('\n'));
    if (atEnd) node.scrollTop = node.scrollHeight;
  }
}

registerControls();
void new Page().start();
