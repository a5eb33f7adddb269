/** Making a memory's index: sorts units by length, writes the posting lists. Pure. */
import { features, memoryTokens } from './tokens.ts';
import { lowerBound, NumberList } from './numbers.ts';

/**
 * The index as flat arrays, which is how it lies on the disk. A unit's place is its number in order of length; posting lists
 * hold places, so units of a range of lengths are one stretch of every list.
 */
export interface IndexArrays {
  /** Hashes of features (`features`), ascending; a feature's number is its position. */
  readonly vocabulary: Uint32Array;
  /** Where each feature's posting list begins; one more at the end. */
  readonly postingStarts: Uint32Array;
  readonly postings: Uint32Array;
  /** Where each place's tokens begin; one more at the end. */
  readonly tokenStarts: Uint32Array;
  /** Their hashes. */
  readonly tokens: Uint32Array;
  /** The unit that stands at each place, as they were added. */
  readonly units: Uint32Array;
}

export class IndexBuilder {
  readonly #tokens = new NumberList(1 << 16);
  readonly #starts = new NumberList();

  get size(): number {
    return this.#starts.length;
  }

  /** Adds the next unit by its source. */
  add(source: string): void {
    this.#starts.push(this.#tokens.length);
    this.#tokens.append(memoryTokens(source));
  }

  /** Cost: linear in the tokens, but for sorting the vocabulary. */
  finish(): IndexArrays {
    const starts = new Uint32Array(this.size + 1);
    starts.set(this.#starts.view());
    starts[this.size] = this.#tokens.length;
    const units = byLength(starts);
    const tokenStarts = new Uint32Array(units.length + 1);
    const tokens = new Uint32Array(this.#tokens.length);
    const given = this.#tokens.view();
    let at = 0;
    for (const [place, unit] of units.entries()) {
      const own = given.subarray(starts[unit] ?? 0, starts[unit + 1] ?? 0);
      tokenStarts[place] = at;
      tokens.set(own, at);
      at += own.length;
    }
    tokenStarts[units.length] = at;
    return { tokenStarts, tokens, units, ...postings(tokenStarts, tokens) };
  }
}

function postings(tokenStarts: Uint32Array, tokens: Uint32Array): Pick<IndexArrays, 'vocabulary' | 'postingStarts' | 'postings'> {
  const names = new HashNumbers();
  const numbers = new Uint32Array(tokens.length);
  for (let place = 0; place + 1 < tokenStarts.length; place++) {
    const start = tokenStarts[place] ?? 0;
    const own = features(tokens.subarray(start, tokenStarts[place + 1] ?? 0));
    for (let i = 0; i < own.length; i++) numbers[start + i] = names.numberOf(own[i] ?? 0);
  }
  const { sorted, rank } = ranked(names.hashes());
  for (let i = 0; i < numbers.length; i++) numbers[i] = rank[numbers[i] ?? 0] ?? 0;
  return { vocabulary: sorted, ...postingLists(sorted.length, tokenStarts, numbers) };
}

/** The hashes in ascending order, and where each went. */
function ranked(hashes: Uint32Array): { readonly sorted: Uint32Array; readonly rank: Uint32Array } {
  const sorted = hashes.slice().sort();
  const rank = hashes.map((hash) => lowerBound(sorted, hash, { from: 0, to: sorted.length }));
  return { sorted, rank };
}

/** Unit numbers by length in tokens, equal lengths in their order (a counting sort). */
function byLength(starts: Uint32Array): Uint32Array {
  const count = starts.length - 1;
  const lengthOf = (unit: number): number => (starts[unit + 1] ?? 0) - (starts[unit] ?? 0);
  let longest = 0;
  for (let unit = 0; unit < count; unit++) longest = Math.max(longest, lengthOf(unit));
  const next = new Uint32Array(longest + 2);
  for (let unit = 0; unit < count; unit++) next[lengthOf(unit) + 1] = (next[lengthOf(unit) + 1] ?? 0) + 1;
  for (let length = 1; length < next.length; length++) next[length] = (next[length] ?? 0) + (next[length - 1] ?? 0);
  const units = new Uint32Array(count);
  for (let unit = 0; unit < count; unit++) {
    const length = lengthOf(unit);
    const place = next[length] ?? 0;
    units[place] = unit;
    next[length] = place + 1;
  }
  return units;
}

/** Places of each feature, ascending, each once. */
function postingLists(vocabulary: number, tokenStarts: Uint32Array, numbers: Uint32Array): Pick<IndexArrays, 'postingStarts' | 'postings'> {
  const places = tokenStarts.length - 1;
  const seen = new Int32Array(vocabulary).fill(-1);
  const postingStarts = new Uint32Array(vocabulary + 1);
  const each = (visit: (token: number, place: number) => void): void => {
    seen.fill(-1);
    for (let place = 0; place < places; place++) {
      const end = tokenStarts[place + 1] ?? 0;
      for (let i = tokenStarts[place] ?? 0; i < end; i++) {
        const token = numbers[i] ?? 0;
        if (seen[token] === place) continue;
        seen[token] = place;
        visit(token, place);
      }
    }
  };
  each((token) => { postingStarts[token + 1] = (postingStarts[token + 1] ?? 0) + 1; });
  for (let token = 1; token <= vocabulary; token++) postingStarts[token] = (postingStarts[token] ?? 0) + (postingStarts[token - 1] ?? 0);
  const next = postingStarts.slice();
  const postings = new Uint32Array(postingStarts[vocabulary] ?? 0);
  each((token, place) => {
    const at = next[token] ?? 0;
    postings[at] = place;
    next[token] = at + 1;
  });
  return { postingStarts, postings };
}

const FREE = 0;

/** Numbers of 32-bit hashes in order of appearance: open addressing, linear probing, at most half full. */
class HashNumbers {
  #keys = new Uint32Array(1 << 12);
  #numbers = new Uint32Array(1 << 12);
  readonly #order = new NumberList();

  /** @param hash not 0 */
  numberOf(hash: number): number {
    const mask = this.#keys.length - 1;
    let slot = hash & mask;
    while (this.#keys[slot] !== FREE) {
      if (this.#keys[slot] === hash) return this.#numbers[slot] ?? 0;
      slot = (slot + 1) & mask;
    }
    const number = this.#order.length;
    this.#keys[slot] = hash;
    this.#numbers[slot] = number;
    this.#order.push(hash);
    if (this.#order.length * 2 > this.#keys.length) this.#grow();
    return number;
  }

  hashes(): Uint32Array {
    return this.#order.view();
  }

  #grow(): void {
    const size = this.#keys.length * 2;
    this.#keys = new Uint32Array(size);
    this.#numbers = new Uint32Array(size);
    for (const [number, hash] of this.hashes().entries()) {
      let slot = hash & (size - 1);
      while (this.#keys[slot] !== FREE) slot = (slot + 1) & (size - 1);
      this.#keys[slot] = hash;
      this.#numbers[slot] = number;
    }
  }
}
