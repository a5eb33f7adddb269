/** The candidates of the segment: rows that keep their node by hash, move to their rank and leave the focused one in place. */
import type { CandidateView, SegmentView } from '../../src/protocol/review.ts';
import { el, setAttribute, setText, show } from '../components/dom.ts';
import { glide } from '../components/flip.ts';
import { CandidateRow } from './candidateRow.ts';
import { diffLineOf, type DiffLine } from './diffLine.ts';
import type { Frame, ViewActions } from './state.ts';

export class CandidateList {
  readonly node = el('div', 'candidates', { role: 'listbox', tabindex: '0', id: 'candidates' });
  readonly #more = el('div', 'candidates-more');
  readonly #actions: ViewActions;
  #rows = new Map<string, CandidateRow>();
  #segment: string | undefined;
  #diff: DiffLine | undefined;
  #nextId = 1;

  constructor(actions: ViewActions) {
    this.#actions = actions;
  }

  rowOf(hash: string | undefined): CandidateRow | undefined {
    return hash === undefined ? undefined : this.#rows.get(hash);
  }

  update(segment: SegmentView | undefined, frame: Frame): void {
    const { state, texts } = frame;
    setAttribute(this.node, 'aria-label', texts('candidates.label'));
    if (segment?.id !== this.#segment) this.#start(segment?.id);
    if (segment === undefined) return;
    this.#diff = diffLineOf(segment, frame, this.#diff);
    const byHash = new Map(segment.candidates.map((view) => [view.hash, view]));
    const shown = state.rows.order.slice(0, state.limit).flatMap((hash) => byHash.get(hash) ?? []);
    this.#drawRows(shown, frame);
    const hidden = state.rows.order.length - shown.length;
    show(this.#more, hidden > 0);
    setText(this.#more, hidden > 0 ? texts('candidates.more', { count: hidden }) : '');
    setAttribute(this.node, 'aria-activedescendant', this.rowOf(state.candidate)?.node.id);
  }

  /** True when no part of the candidate's text is cut off or scrolled away. */
  isFullyShown(hash: string): boolean {
    const text = this.rowOf(hash)?.text.node;
    if (text === undefined || text.scrollWidth > text.clientWidth + 1) return false;
    const box = text.getBoundingClientRect();
    const list = this.node.getBoundingClientRect();
    const taller = box.height > list.height && this.rowOf(hash)?.node.classList.contains('focused') === true;
    return taller || (box.top >= list.top - 1 && box.bottom <= list.bottom + 1);
  }

  reveal(hash: string): void {
    this.rowOf(hash)?.node.scrollIntoView({ block: 'nearest' });
  }

  #start(segment: string | undefined): void {
    this.#segment = segment;
    this.#rows = new Map();
    this.#diff = undefined;
    this.node.replaceChildren(this.#more);
    this.node.scrollTop = 0;
  }

  #drawRows(shown: readonly CandidateView[], frame: Frame): void {
    const wanted = new Set(shown.map((view) => view.hash));
    const old = [...this.#rows.values()].map((row) => row.node);
    const still = this.rowOf(frame.state.candidate)?.node;
    const before = still?.offsetTop;
    const change = (): void => {
      for (const [hash, row] of this.#rows) if (!wanted.has(hash)) this.#remove(hash, row);
      for (const view of shown) this.#rowFor(view.hash).update(view, frame, view.hash === frame.state.candidate ? this.#diff : undefined);
      this.#order(shown.map((view) => this.#rowFor(view.hash).node));
    };
    if (this.#moves(shown)) glide(old, still, change);
    else change();
    if (still?.isConnected === true && before !== undefined && still.offsetTop !== before) {
      this.node.scrollTop += still.offsetTop - before;
    }
  }

  /** True where a row that is here already gets another place. */
  #moves(shown: readonly CandidateView[]): boolean {
    const now = [...this.#rows.keys()];
    return now.some((hash, index) => shown[index]?.hash !== hash);
  }

  #order(nodes: readonly HTMLElement[]): void {
    let cursor: ChildNode | null = this.node.firstChild;
    for (const node of nodes) {
      if (node === cursor) cursor = cursor.nextSibling;
      else this.node.insertBefore(node, cursor);
    }
    if (this.#more.nextSibling !== null || this.#more.parentNode !== this.node) this.node.append(this.#more);
    this.#rows = new Map([...this.#rows].sort(([, a], [, b]) => nodes.indexOf(a.node) - nodes.indexOf(b.node)));
  }

  #remove(hash: string, row: CandidateRow): void {
    row.node.remove();
    this.#rows.delete(hash);
  }

  #rowFor(hash: string): CandidateRow {
    const known = this.#rows.get(hash);
    if (known !== undefined) return known;
    const row = new CandidateRow({
      id: `candidate-${String(this.#nextId)}`,
      onFocus: () => { this.#actions.focusCandidate(hash); },
      onChoose: () => { this.#actions.choose(hash); },
    });
    this.#nextId += 1;
    this.#rows.set(hash, row);
    return row;
  }
}
