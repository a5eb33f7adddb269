/** What checks say: chips on candidates, and a list under the source of what was found in the file's own text. */
import type { Severity } from '../../src/core/quality/check.ts';
import { undismissed } from '../../src/core/quality/dismissed.ts';
import { isolated } from '../../src/core/text/display.ts';
import type { FindingView, SegmentView } from '../../src/protocol/review.ts';
import { el, setText, show, textEl } from '../components/dom.ts';
import { keysOf } from './keyNames.ts';
import type { Frame, ViewActions } from './state.ts';
import type { Texts } from './strings.ts';

const tones: Readonly<Record<Severity, string>> = { error: 'bad', warning: 'warn', hint: '' };

/** Of a candidate of this segment, as far as they are known; the worst first. */
export function findingsOf(segment: SegmentView | undefined, hash: string | undefined, { state }: Pick<Frame, 'state'>): readonly FindingView[] {
  if (segment === undefined || hash === undefined) return [];
  return undismissed(state.findings[hash] ?? [], segment.dismissed).toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

const order: readonly Severity[] = ['error', 'warning', 'hint'];

const signs: Readonly<Record<Severity, string>> = { error: '✕', warning: '⚠', hint: 'ⓘ' };

/** Colour is never alone: the severity is said, and the sign differs. */
export function findingChip(finding: FindingView, texts: Texts): HTMLElement {
  const text = finding.source === undefined ? finding.message : texts('finding.from', { source: finding.source, message: isolated(finding.message) });
  return chip(finding.severity, text.replace(/[.。]$/u, ''), `${texts(`finding.${finding.severity}`)}: ${text}`);
}

/** How many errors and warnings there are, for a row of one line. */
export function countChips(findings: readonly FindingView[], texts: Texts): readonly HTMLElement[] {
  return (['error', 'warning'] as const).flatMap((severity) => {
    const found = findings.filter((finding) => finding.severity === severity);
    const title = found.map(({ message }) => message).join(' ');
    return found.length === 0 ? [] : [chip(severity, String(found.length), `${texts(`finding.${severity}`)}: ${title}`)];
  });
}

function chip(severity: Severity, text: string, spoken: string): HTMLElement {
  const node = el('span', `chip finding ${tones[severity]}`.trim(), { role: 'img', 'aria-label': spoken });
  node.title = spoken;
  node.append(`${signs[severity]} ${text}`);
  return node;
}

/** The findings of the text in the target file: one button each, which asks why it is none. */
export class FindingsPanel {
  readonly node = el('section', 'findings');
  readonly #title = el('span', 'findings-title', { id: 'findings-title' });
  readonly #list = el('ul', 'findings-list', { 'aria-labelledby': 'findings-title' });
  readonly #actions: ViewActions;
  #drawn: readonly unknown[] = [];

  constructor(actions: ViewActions) {
    this.#actions = actions;
    this.node.append(this.#title, this.#list);
  }

  update(segment: SegmentView | undefined, frame: Frame): void {
    const now = [segment?.id, segment?.findings, segment?.dismissed, frame.texts];
    if (now.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = now;
    const [findings, dismissed] = [segment?.findings ?? [], segment?.dismissed ?? []];
    show(this.node, findings.length + dismissed.length > 0);
    setText(this.#title, frame.texts('findings.title'));
    this.#list.replaceChildren(
      ...findings.map((finding) => item(this.#line(finding, frame))),
      ...dismissed.map(({ reason }) => item(textEl('span', 'finding-dismissed', frame.texts('findings.dismissed', { reason: isolated(reason) })))),
    );
  }

  #line(finding: FindingView, frame: Frame): HTMLElement {
    const { texts } = frame;
    const said = findingChip(finding, texts);
    if (finding.check === undefined) return said;
    const node = el('button', 'finding-button', { tabindex: '0', type: 'button' });
    node.append(said);
    node.title = [texts('findings.dismiss'), ...keysOf(frame, 'dismissFinding')].join(' · ');
    node.addEventListener('click', () => { this.#actions.dismiss([finding]); });
    // VS Code learns late that the list has no keyboard any more: an Enter here must not accept a candidate
    node.addEventListener('keydown', (event) => {
      if (!event.ctrlKey && !event.altKey && !event.metaKey && !/^F\d/u.test(event.key)) event.stopPropagation();
    });
    return node;
  }
}

function item(content: HTMLElement): HTMLElement {
  const node = el('li', 'findings-item');
  node.append(content);
  return node;
}
