/**
 * The n-grams that several texts share, one order at a time.
 *
 * An n-gram is the integer that stands for (its first n-1 units, its last unit), so growing the order costs one look-up
 * a position. A text with c copies of an n-gram holds the items (n-gram, 1) to (n-gram, c): a clipped match of two texts
 * is then the number of items that both hold. Items held by exactly the same texts form one class; classes are a trie of
 * text lists, built text by text, so that an item moves to its new class by one array access. An n-gram that only one
 * text holds is not grown further: no longer n-gram through it can match anything.
 */
export class NgramIndex {
  readonly #texts: readonly Int32Array[];
  readonly #starts: Int32Array;
  readonly #items: Items;
  readonly #classes: Classes;
  readonly #successors: Successors;
  #order = 0;

  /** Cost in memory: about 70 bytes a unit of text. */
  constructor(texts: readonly Int32Array[]) {
    const size = texts.reduce((sum, text) => sum + text.length, 0) + 2;
    this.#texts = texts;
    this.#starts = new Int32Array(size).fill(1);
    this.#items = new Items(size);
    this.#classes = new Classes(size);
    this.#successors = new Successors(size);
  }

  /** Goes to the next order, from 1. Cost: linear in the texts' length. */
  grow(): void {
    this.#order++;
    this.#successors.clear(this.#items.count);
    this.#items.clear();
    this.#classes.clear();
    let base = 0;
    this.#texts.forEach((text, index) => {
      this.#growText(text, index, base);
      base += text.length;
    });
    for (let at = 0; at < base; at++) {
      const item = this.#starts[at] ?? 0;
      if (item > 0 && this.#classes.depth(this.#items.classOf[item] ?? 0) < 2) this.#starts[at] = 0;
    }
  }

  /** Calls back with the texts of every class that two texts or more share, ascending, and its number of items. The list is reused. */
  forEachShared(visit: (members: Int32Array, items: number) => void): void {
    this.#classes.forEachShared(this.#texts.length, visit);
  }

  #growText(text: Int32Array, index: number, base: number): void {
    const last = text.length - this.#order;
    for (let at = 0; at <= last; at++) {
      const prefix = this.#starts[base + at] ?? 0;
      if (prefix === 0) continue;
      const unit = text[at + this.#order - 1] ?? 0;
      const item = this.#successors.find(prefix, unit, this.#items);
      this.#starts[base + at] = item;
      this.#classes.move(this.#items.classOf, this.#items.nextCopy(item, index), index);
    }
    if (last + 1 >= 0 && last + 1 < text.length) this.#starts[base + last + 1] = 0;
  }
}

/** Items from 1. `top` is the highest copy that the text `seenBy` holds so far, `more` the next copy of an item, 0 for none. */
class Items {
  count = 1;
  readonly classOf: Int32Array;
  readonly #more: Int32Array;
  readonly #top: Int32Array;
  readonly #seenBy: Int32Array;

  constructor(size: number) {
    this.classOf = new Int32Array(size);
    this.#more = new Int32Array(size);
    this.#top = new Int32Array(size);
    this.#seenBy = new Int32Array(size);
  }

  clear(): void {
    this.count = 0;
  }

  add(): number {
    const item = ++this.count;
    this.classOf[item] = 0;
    this.#more[item] = 0;
    this.#seenBy[item] = -1;
    return item;
  }

  /** The item that stands for one more copy of `item` in the text. */
  nextCopy(item: number, text: number): number {
    if (this.#seenBy[item] !== text) {
      this.#seenBy[item] = text;
      this.#top[item] = item;
      return item;
    }
    const top = this.#top[item] ?? 0;
    const known = this.#more[top] ?? 0;
    const next = known > 0 ? known : this.add();
    this.#more[top] = next;
    this.#top[item] = next;
    return next;
  }
}

/** The trie of text lists; class 0 is the empty list. */
class Classes {
  readonly #parent: Int32Array;
  readonly #lastText: Int32Array;
  readonly #depth: Int32Array;
  readonly #weight: Int32Array;
  readonly #child: Int32Array;
  readonly #childText: Int32Array;
  #count = 0;

  constructor(size: number) {
    this.#parent = new Int32Array(size);
    this.#lastText = new Int32Array(size);
    this.#depth = new Int32Array(size);
    this.#weight = new Int32Array(size);
    this.#child = new Int32Array(size);
    this.#childText = new Int32Array(size);
  }

  clear(): void {
    this.#count = 0;
    this.#childText[0] = -1;
  }

  depth(of: number): number {
    return this.#depth[of] ?? 0;
  }

  /** Moves an item to the class that has one text more. Texts come in ascending order, so one child a class is enough. */
  move(classOf: Int32Array, item: number, text: number): void {
    const from = classOf[item] ?? 0;
    if (this.#childText[from] !== text) this.#branch(from, text);
    const to = this.#child[from] ?? 0;
    this.#weight[from] = (this.#weight[from] ?? 0) - 1;
    this.#weight[to] = (this.#weight[to] ?? 0) + 1;
    classOf[item] = to;
  }

  forEachShared(texts: number, visit: (members: Int32Array, items: number) => void): void {
    const list = new Int32Array(texts);
    for (let id = 1; id <= this.#count; id++) {
      const weight = this.#weight[id] ?? 0;
      const depth = this.#depth[id] ?? 0;
      if (weight === 0 || depth < 2) continue;
      for (let node = id, at = depth - 1; at >= 0; at--) {
        list[at] = this.#lastText[node] ?? 0;
        node = this.#parent[node] ?? 0;
      }
      visit(list.subarray(0, depth), weight);
    }
  }

  #branch(from: number, text: number): void {
    const id = ++this.#count;
    this.#parent[id] = from;
    this.#lastText[id] = text;
    this.#depth[id] = (this.#depth[from] ?? 0) + 1;
    this.#weight[id] = 0;
    this.#childText[id] = -1;
    this.#child[from] = id;
    this.#childText[from] = text;
  }
}

/** (n-gram, unit) to n-gram: the first continuation of each n-gram in place, further ones in an open-addressing table. */
class Successors {
  readonly #firstUnit: Int32Array;
  readonly #firstItem: Int32Array;
  readonly #mask: number;
  readonly #prefixes: Int32Array;
  readonly #units: Int32Array;
  readonly #items: Int32Array;

  constructor(size: number) {
    this.#firstUnit = new Int32Array(size);
    this.#firstItem = new Int32Array(size);
    const slots = 2 ** Math.ceil(Math.log2(2 * size));
    this.#mask = slots - 1;
    this.#prefixes = new Int32Array(slots);
    this.#units = new Int32Array(slots);
    this.#items = new Int32Array(slots);
  }

  clear(prefixes: number): void {
    this.#firstItem.fill(0, 0, prefixes + 1);
    this.#items.fill(0);
  }

  find(prefix: number, unit: number, items: Items): number {
    const first = this.#firstItem[prefix] ?? 0;
    if (first === 0) {
      this.#firstUnit[prefix] = unit;
      return (this.#firstItem[prefix] = items.add());
    }
    return this.#firstUnit[prefix] === unit ? first : this.#probe(prefix, unit, items);
  }

  #probe(prefix: number, unit: number, items: Items): number {
    let slot = Math.imul(Math.imul(prefix, 0x9e3779b1) ^ unit, 0x85ebca6b);
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    for (;;) {
      const found = this.#items[slot] ?? 0;
      if (found === 0) break;
      if (this.#prefixes[slot] === prefix && this.#units[slot] === unit) return found;
      slot = (slot + 1) & this.#mask;
    }
    this.#prefixes[slot] = prefix;
    this.#units[slot] = unit;
    return (this.#items[slot] = items.add());
  }
}
