/** Empty, loading, waiting, failed and finished states: each says what it is and what to press. */
import type { SegmentView } from '../../src/protocol/review.ts';
import { el, setText, show, textEl } from '../components/dom.ts';
import { button, progressRing } from '../components/toolkit.ts';
import { keysOf } from './keyNames.ts';
import type { Frame, ViewActions } from './state.ts';

interface Message {
  readonly title: string;
  readonly hint: string;
  readonly busy: boolean;
  readonly action?: 'cancel' | 'resume' | 'export';
}

export class StateMessage {
  readonly node = el('div', 'message');
  readonly #actions: ViewActions;
  #drawn = '';

  constructor(actions: ViewActions) {
    this.#actions = actions;
  }

  update(message: Message | undefined, frame: Frame): void {
    show(this.node, message !== undefined);
    const key = JSON.stringify(message ?? '');
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.node.replaceChildren();
    if (message === undefined) return;
    const words = el('div', 'message-words');
    words.append(textEl('strong', 'message-title', message.title), textEl('span', 'message-hint', message.hint));
    if (message.busy) this.node.append(progressRing());
    this.node.append(words);
    const { action } = message;
    if (action !== undefined) {
      const node = button('', action === 'cancel' ? 'secondary' : 'primary', () => { this.#actions.run(action); });
      setText(node, frame.texts(`action.${action}`));
      this.node.append(node);
    }
  }
}

/** What the right side says instead of, or below, candidates. */
export function messageOf(segment: SegmentView | undefined, frame: Frame): Message | undefined {
  const { texts, model } = frame;
  const { phase, message } = model.progress;
  if (segment === undefined) return { title: texts('empty.title'), hint: texts('empty.hint'), busy: false };
  if (segment.state === 'failed') {
    const hint = [segment.error?.message, segment.error?.action ?? texts('failed.hint')].filter((text) => text !== undefined);
    return { title: texts('failed.title'), hint: hint.join(' '), busy: false, action: 'resume' };
  }
  if (phase === 'loading' && segment.candidates.length === 0) {
    return { title: texts('loading.title'), hint: message ?? texts('loading.hint'), busy: true };
  }
  if (segment.state === 'translating') return { title: texts('translating.title'), hint: texts('translating.hint'), busy: true };
  if (segment.state === 'waiting') return waiting(frame);
  if (segment.candidates.length === 0) {
    return { title: texts('none.title'), hint: texts('none.hint', { edit: keysOf(frame, 'edit').join(', ') }), busy: false };
  }
  return undefined;
}

function waiting({ model, texts }: Frame): Message {
  const { phase, message } = model.progress;
  if (phase === 'failed') {
    return { title: texts('failedAll.title'), hint: message ?? texts('failed.hint'), busy: false, action: 'resume' };
  }
  if (phase === 'cancelled') return { title: texts('cancelled.title'), hint: texts('cancelled.hint'), busy: false, action: 'resume' };
  if (phase === 'idle' || phase === 'done') return { title: texts('idle.title'), hint: texts('idle.hint'), busy: false, action: 'resume' };
  return { title: texts('waiting.title'), hint: texts('waiting.hint'), busy: true };
}

/** Said above the segment once every one has a judgment. */
export function finishedMessage({ model, texts }: Frame): Message | undefined {
  if (model.size === 0 || model.reviewed < model.size) return undefined;
  return { title: texts('finished.title', { total: model.size }), hint: texts('finished.hint'), busy: false, action: 'export' };
}
