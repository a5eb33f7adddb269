/** What another reviewer returned for the segment: the change word by word, and what can be done with it. */
import type { ReviewCommand, SegmentView } from '../../src/protocol/review.ts';
import { isBroken } from '../../src/core/quality/broken.ts';
import { el, show, textEl } from '../components/dom.ts';
import { button } from '../components/toolkit.ts';
import { diffText } from './diffLine.ts';
import { keysOf } from './keyNames.ts';
import type { Frame, ViewActions } from './state.ts';
import type { StringKey } from './strings.ts';

const choices: readonly (readonly [StringKey, ReviewCommand])[] = [
  ['revision.take', 'takeRevision'], ['revision.leave', 'leaveRevision'], ['revision.next', 'nextRevision'], ['revision.takeAll', 'takeAllRevisions'],
];

export class RevisionPanel {
  readonly node = el('section', 'revision', { role: 'group' });
  readonly #actions: ViewActions;
  #drawn: readonly unknown[] = [];

  constructor(actions: ViewActions) {
    this.#actions = actions;
  }

  update(segment: SegmentView | undefined, frame: Frame): void {
    const revision = segment?.revision;
    show(this.node, revision !== undefined);
    const now = [segment, frame.texts, frame.state.signs];
    if (segment === undefined || revision === undefined || now.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = now;
    const { texts, model } = frame;
    const title = texts('revision.title', { reviewer: revision.reviewer, left: model.revised });
    this.node.setAttribute('aria-label', title);
    const diff = diffText(standing(segment), revision.text, frame);
    diff.classList.add('revision-text');
    const chips = (revision.issues ?? []).map(({ kind, detail }) => textEl('span', 'chip warn', texts(`issue.${kind}`, { detail })));
    if (isBroken(revision)) chips.unshift(textEl('span', 'chip bad', texts('candidates.broken')));
    const buttons = el('div', 'revision-buttons');
    buttons.append(...choices.map(([text, command]) => this.#button(text, command, frame)));
    this.node.replaceChildren(textEl('strong', 'revision-title', title), diff, ...chips, buttons);
  }

  #button(text: StringKey, command: ReviewCommand, frame: Frame): HTMLElement {
    const keys = keysOf(frame, command).join(', ');
    const label = frame.texts(text);
    const node = button(keys === '' ? label : `${label} (${keys})`, command === 'takeRevision' ? 'primary' : 'secondary', () => { this.#actions.command(command); });
    return node;
  }
}

/** What the other reviewer changed: the accepted text, else what the file holds. */
function standing({ accepted, candidates }: SegmentView): string {
  return accepted ?? candidates.find(({ existing }) => existing)?.candidate.text ?? '';
}
