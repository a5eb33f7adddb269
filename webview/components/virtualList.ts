/** A listbox of equally high rows that draws only those on screen (documents have up to 10,000 segments). */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { el } from './dom.ts';

export interface VirtualListParts {
  readonly rowHeight: number;
  /** Fills a row, new or used before, for the index. */
  readonly draw: (row: HTMLElement, index: number) => void;
}

export class VirtualList {
  readonly node: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #parts: VirtualListParts;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  readonly #rows = new Map<number, HTMLElement>();
  #count = 0;

  constructor(parts: VirtualListParts) {
    this.#parts = parts;
    this.node = el('div', 'virtual-list', { role: 'listbox', tabindex: '0' });
    this.#inner = el('div', 'virtual-list-inner', { role: 'presentation' });
    this.node.append(this.#inner);
    this.#virtualizer = new Virtualizer(this.#options());
  }

  /** To be called once the node is in the document: from then on scrolling and resizing draw. */
  mount(): void {
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.draw();
  }

  update(count: number): void {
    if (count !== this.#count) {
      this.#count = count;
      this.#virtualizer.setOptions(this.#options());
    }
    this.#virtualizer._willUpdate();
    this.draw();
  }

  /** Scrolls as little as shows the row. The virtualizer's own way goes on correcting for a while, against a reader's wheel. */
  reveal(index: number): void {
    const top = index * this.#parts.rowHeight;
    const { scrollTop, clientHeight } = this.node;
    const lowest = top + this.#parts.rowHeight - clientHeight;
    if (top >= scrollTop && lowest <= scrollTop) return;
    this.node.scrollTop = top < scrollTop ? top : lowest;
    // The browser tells of it a frame later; the rows are wanted in this one.
    this.node.dispatchEvent(new Event('scroll'));
    this.draw();
  }

  rowOf(index: number): HTMLElement | undefined {
    return this.#rows.get(index);
  }

  draw(): void {
    this.#inner.style.height = `${String(this.#virtualizer.getTotalSize())}px`;
    const items = this.#virtualizer.getVirtualItems();
    const wanted = new Set(items.map((item) => item.index));
    for (const [index, row] of this.#rows) {
      if (wanted.has(index)) continue;
      row.remove();
      this.#rows.delete(index);
    }
    for (const item of items) this.#drawRow(item.index, item.start);
  }

  #drawRow(index: number, start: number): void {
    let row = this.#rows.get(index);
    if (row === undefined) {
      row = el('div', 'virtual-row', { role: 'option' });
      this.#rows.set(index, row);
      this.#inner.append(row);
    }
    row.style.transform = `translateY(${String(start)}px)`;
    row.setAttribute('aria-setsize', String(this.#count));
    row.setAttribute('aria-posinset', String(index + 1));
    this.#parts.draw(row, index);
  }

  #options(): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    return {
      count: this.#count,
      getScrollElement: () => this.node,
      estimateSize: () => this.#parts.rowHeight,
      overscan: 8,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => { this.draw(); },
    };
  }
}
