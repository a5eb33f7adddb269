/** All commands with their keys, over the view. */
import { reviewCommands, type ReviewCommand } from '../../src/protocol/review.ts';
import { el, show, textEl } from '../components/dom.ts';
import { button } from '../components/toolkit.ts';
import { keysOf } from './keyNames.ts';
import type { Frame, ViewActions } from './state.ts';
import { commandText, type StringKey } from './strings.ts';

const groups: readonly (readonly [StringKey, readonly ReviewCommand[]])[] = [
  ['help.moving', ['nextSegment', 'previousSegment', 'nextUnreviewed', 'nextCandidate', 'previousCandidate', 'focusList', 'leave']],
  ['help.looking', ['toggleDiff', 'toggleSigns', 'toggleHeatmap', 'alignSpans', 'toggleAgreement', 'toggleAlike', 'toggleCritic', 'toggleRanking', 'concordance', 'help']],
  ['help.asking', ['more', 'moreWith', 'rewrite', 'continueFrom']],
  ['help.judging', [
    'accept1', 'acceptFocused', 'acceptExisting', 'reject', 'allBad', 'edit', 'discardDraft', 'insertTerm', 'undo', 'confirmFill', 'fillRepeats', 'cycleIdiom', 'cycleStyle', 'comment', 'dismissFinding',
    'recordAccept', 'recordEdit', 'revert', 'nextRevision', 'takeRevision', 'leaveRevision', 'takeAllRevisions',
  ]],
];

export class Help {
  readonly node = el('div', 'help', { role: 'dialog', 'aria-modal': 'true', tabindex: '-1' });
  readonly #actions: ViewActions;
  #open = false;

  constructor(actions: ViewActions) {
    this.#actions = actions;
    show(this.node, false);
    this.node.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || /^F\d/u.test(event.key)) return;
      event.stopPropagation();
      if (event.key === 'Escape' || event.key === '?') this.#actions.command('focusList');
    });
  }

  update(frame: Frame): void {
    const { help } = frame.state;
    if (help === this.#open) return;
    this.#open = help;
    show(this.node, help);
    if (!help) {
      this.#actions.command('focusList');
      return;
    }
    const { texts } = frame;
    this.node.setAttribute('aria-label', texts('help.title'));
    const box = el('div', 'help-box');
    const columns = el('div', 'help-columns');
    columns.append(...groups.map(([title, commands]) => group(frame, title, commands)));
    box.append(
      textEl('h2', 'help-title', texts('help.title')),
      columns,
      textEl('p', 'help-hint', texts('help.hint')),
      button(texts('help.close'), 'secondary', () => { this.#actions.command('focusList'); }),
    );
    this.node.replaceChildren(box);
    this.node.focus();
  }
}

function group(frame: Frame, title: StringKey, commands: readonly ReviewCommand[]): HTMLElement {
  const node = el('section', 'help-group');
  const list = el('dl', 'help-keys');
  for (const command of commands) {
    const keys = command === 'accept1' ? digits(frame) : keysOf(frame, command);
    const term = el('dt');
    if (keys.length === 0) term.append(textEl('span', 'help-unbound', frame.texts('help.unbound')));
    else term.append(...keys.map((key) => textEl('kbd', '', key)));
    list.append(term, textEl('dd', '', commandText(frame.texts, command)));
  }
  node.append(textEl('h3', '', frame.texts(title)), list);
  return node;
}

function digits(frame: Frame): readonly string[] {
  const keys = reviewCommands.filter((command) => /^accept\d$/u.test(command)).flatMap((command) => keysOf(frame, command));
  return keys.join('') === '123456789' ? ['1–9'] : keys;
}
