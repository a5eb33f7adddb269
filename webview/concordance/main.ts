/** Entry of the concordance's page: asks the host for the state and draws it. */
import { Channel } from '../../src/protocol/channel.ts';
import type { ConcordanceHostContract, ConcordanceViewContract } from '../../src/protocol/concordance.ts';
import { concordanceStrings } from '../../src/protocol/concordanceStrings.ts';
import { el, textEl } from '../components/dom.ts';
import { pageHost } from '../components/pageHost.ts';
import { progressRing, registerControls } from '../components/toolkit.ts';
import { ConcordanceView } from './view.ts';
import './concordance.css';

async function start(): Promise<void> {
  const drawn: { view?: ConcordanceView } = {};
  const channel = new Channel<ConcordanceViewContract, ConcordanceHostContract>({
    name: 'concordance', port: pageHost().port, handlers: {}, listeners: { show: (snapshot) => { drawn.view?.take(snapshot); } },
  });
  const waiting = el('div', 'connecting', { role: 'status' });
  waiting.append(progressRing(), textEl('span', '', concordanceStrings.connecting));
  document.body.append(waiting);
  const snapshot = await channel.call('ready', null);
  waiting.remove();
  const view = new ConcordanceView(channel, snapshot);
  drawn.view = view;
  document.body.append(view.node);
  // a view that comes back by itself must not take the keyboard from the palette
  if (snapshot.asked || document.hasFocus()) view.focus();
  window.addEventListener('focus', () => {
    // VS Code moves the focus once more after this event
    window.setTimeout(() => { if (document.activeElement === document.body) view.focus(); }, 0);
  });
}

registerControls();
void start();
