/** Searching a memory's index for sources like one. Pure. */
import { PatternDistance } from './editDistance.ts';
import type { IndexArrays } from './indexBuilder.ts';
import { lowerBound } from './numbers.ts';
import { distanceLimit, matchScore } from './score.ts';
import { features, memoryTokens } from './tokens.ts';
import type { MatchLimits } from './unit.ts';

export interface IndexHit {
  /** As it was added. */
  readonly unit: number;
  /** 0 to 99: equal tokens may still be another text. */
  readonly score: number;
}

/** A feature of the query with its posting list. */
interface Element {
  /** Its number in the vocabulary; undefined where no unit has it. */
  readonly token: number | undefined;
  /** Its stretch of `postings` for units of a fitting length. */
  readonly from: number;
  readonly to: number;
}

/** Tokens from which on a source is no segment any more: it has no fuzzy matches. */
const longestSource = 8192;

/** Postings worth reading to spare one comparison of a unit. */
const postingsPerUnit = 8;

/**
 * Units of which a source is a fuzzy match. A unit reaches a score against a source only if both share enough features, so it
 * must stand in the posting list of one of the source's rarest (prefix filter: Chaudhuri, Ganti and Kaushik 2006); longer
 * lists are read as long as that spares comparisons (compare Wang, Li and Feng 2012). What passes is compared by bit-parallel
 * edit distance. Low scores of texts in scripts without spaces need a shared pair of characters: without one a match is no
 * help to anybody. Not for several threads: a search uses the object's own tables.
 */
export class MemoryIndex {
  readonly #arrays: IndexArrays;
  readonly #counts: Uint16Array;
  /** The places with a count, in order of appearance. */
  readonly #touched: Uint32Array;

  constructor(arrays: IndexArrays) {
    this.#arrays = arrays;
    this.#counts = new Uint16Array(arrays.units.length);
    this.#touched = new Uint32Array(arrays.units.length);
  }

  get size(): number {
    return this.#arrays.units.length;
  }

  /** Bytes of the index in memory. */
  get bytes(): number {
    return Object.values<Uint32Array>({ ...this.#arrays }).reduce((sum, array) => sum + array.byteLength, 0) + this.#counts.byteLength + this.#touched.byteLength;
  }

  /** The best matches, best first; equal scores with the newest unit first. */
  search(source: string, limits: MatchLimits): readonly IndexHit[] {
    const hashes = memoryTokens(source);
    if (hashes.length === 0 || hashes.length > longestSource || this.size === 0) return [];
    const places = this.#places(hashes.length, limits.least);
    const elements = [...features(hashes)].map((hash) => this.#element(hash, places)).sort((a, b) => (a.to - a.from) - (b.to - b.from));
    const found = new Best(limits);
    const query = { pattern: new PatternDistance(hashes), length: hashes.length, spoiled: hashes.some((hash) => (hash & 1) === 1) ? 2 : 1 };
    const { places: candidates, ends, spare } = this.#candidates(planOf(elements, query.spoiled, limits.least));
    let at = candidates.length;
    for (let shared = ends.length - 1; shared > 0; shared--) {
      const most = shared + spare;
      for (; at > (ends[shared - 1] ?? 0); at--) this.#compare(candidates[at - 1] ?? 0, { ...query, most }, found);
    }
    return found.hits();
  }

  /** Places of units whose length allows the score. */
  #places(length: number, least: number): { readonly first: number; readonly last: number } {
    const share = least / 100;
    return { first: this.#firstOfLength(Math.ceil(length * share - 1e-9)), last: this.#firstOfLength(Math.floor(length / share + 1e-9) + 1) };
  }

  #firstOfLength(length: number): number {
    const { tokenStarts } = this.#arrays;
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((tokenStarts[middle + 1] ?? 0) - (tokenStarts[middle] ?? 0) < length) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #tokenOf(hash: number): number | undefined {
    const { vocabulary } = this.#arrays;
    const at = lowerBound(vocabulary, hash, { from: 0, to: vocabulary.length });
    return vocabulary[at] === hash ? at : undefined;
  }

  #element(hash: number, { first, last }: { readonly first: number; readonly last: number }): Element {
    const token = this.#tokenOf(hash);
    if (token === undefined) return { token, from: 0, to: 0 };
    const { postings, postingStarts } = this.#arrays;
    const list = { from: postingStarts[token] ?? 0, to: postingStarts[token + 1] ?? 0 };
    const from = lowerBound(postings, first, list);
    return { token, from, to: lowerBound(postings, last, { from, to: list.to }) };
  }

  /** Places in enough of the lists, ascending by how many. */
  #candidates({ lists, surely, known, need }: Plan): Candidates {
    let touched = 0;
    for (const list of lists.slice(0, surely)) touched = this.#countNew(list, touched);
    let read = surely;
    // a place that is in none of those cannot be a match any more: longer lists only tell more about the others
    for (let budget = touched * postingsPerUnit; read < lists.length; read++) {
      const list = lists[read];
      budget -= list === undefined ? 0 : list.to - list.from;
      if (list === undefined || budget < 0) break;
      this.#countKnown(list);
    }
    const spare = known - read; // a token that stands there twice is counted once
    return { ...this.#sorted(touched, { least: Math.max(1, need - spare), most: read }), spare };
  }

  #countNew({ from, to }: TokenList, before: number): number {
    const { postings } = this.#arrays;
    let touched = before;
    for (let i = from; i < to; i++) {
      const place = postings[i] ?? 0;
      const count = this.#counts[place] ?? 0;
      if (count === 0) this.#touched[touched++] = place;
      this.#counts[place] = count + 1;
    }
    return touched;
  }

  #countKnown({ from, to }: TokenList): void {
    const { postings } = this.#arrays;
    for (let i = from; i < to; i++) {
      const place = postings[i] ?? 0;
      const count = this.#counts[place] ?? 0;
      if (count !== 0) this.#counts[place] = count + 1;
    }
  }

  /** A counting sort of the touched places by their counts, which are set back to 0. */
  #sorted(touched: number, { least, most }: { readonly least: number; readonly most: number }): Pick<Candidates, 'places' | 'ends'> {
    const ends = new Uint32Array(most + 1);
    for (let i = 0; i < touched; i++) {
      const count = this.#counts[this.#touched[i] ?? 0] ?? 0;
      if (count >= least) ends[count] = (ends[count] ?? 0) + 1;
    }
    for (let count = 1; count <= most; count++) ends[count] = (ends[count] ?? 0) + (ends[count - 1] ?? 0);
    const next = new Uint32Array(most + 2);
    next.set(ends, 1);
    const places = new Uint32Array(ends[most] ?? 0);
    for (let i = 0; i < touched; i++) {
      const place = this.#touched[i] ?? 0;
      const count = this.#counts[place] ?? 0;
      this.#counts[place] = 0;
      if (count < least) continue;
      const at = next[count] ?? 0;
      places[at] = place;
      next[count] = at + 1;
    }
    return { places, ends };
  }

  #compare(place: number, query: Query, found: Best): void {
    const { tokenStarts, tokens, units } = this.#arrays;
    const [start, end] = [tokenStarts[place] ?? 0, tokenStarts[place + 1] ?? 0];
    const longer = Math.max(query.length, end - start);
    const limit = distanceLimit(longer, found.least);
    if (longer - query.most > limit * query.spoiled) return;
    const distance = query.pattern.to(tokens, { start, end }, limit);
    if (distance <= limit) found.add({ unit: units[place] ?? 0, score: matchScore(distance, longer) });
  }
}

interface Query {
  readonly pattern: PatternDistance;
  readonly length: number;
  /** Features that one edit takes away at most: a character stands in two pairs. */
  readonly spoiled: number;
  /** Features that source and unit share at most. */
  readonly most: number;
}

/** One posting list of the query. */
interface TokenList extends Element {
  /** How often the query has this token. */
  readonly times: number;
}

interface Plan {
  /** Each token's once, shortest first. */
  readonly lists: readonly TokenList[];
  /** A match stands in one of the first so many. */
  readonly surely: number;
  /** Tokens of the query that stand in any unit of a fitting length. */
  readonly known: number;
  /** Tokens that a match shares at least. */
  readonly need: number;
}

interface Candidates {
  readonly places: Uint32Array;
  /** Where the places of each count end. */
  readonly ends: Uint32Array;
  /** Tokens that a place may share beyond its count. */
  readonly spare: number;
}

/** At least `need` of the L features are shared, so of any L − need + 1 of them one is. The rarest are taken. */
function planOf(elements: readonly Element[], spoiled: number, least: number): Plan {
  const need = Math.max(1, leastShared(elements.length, spoiled, least));
  const known = elements.filter(({ from, to }) => to > from);
  const times = new Map<number | undefined, number>();
  for (const { token } of known) times.set(token, (times.get(token) ?? 0) + 1);
  const lists = [...new Map(known.map((element) => [element.token, { ...element, times: times.get(element.token) ?? 1 }])).values()];
  let surely = 0;
  for (let counted = elements.length - known.length; counted < elements.length - need + 1 && surely < lists.length; surely++) counted += lists[surely]?.times ?? 1;
  return { lists, surely, known: known.length, need };
}

/** Features that two texts share at least if one has `length` tokens, the other any number, and their score is `least`. */
function leastShared(length: number, spoiled: number, least: number): number {
  let shared = length;
  for (let longer = length; longer <= Math.floor((length * 100) / least + 1e-9); longer++) shared = Math.min(shared, longer - spoiled * distanceLimit(longer, least));
  return shared;
}

/** The best so far, of a bounded number. */
class Best {
  readonly #limits: MatchLimits;
  #hits: IndexHit[] = [];

  constructor(limits: MatchLimits) {
    this.#limits = limits;
  }

  /** What the next one must reach to be of use. */
  get least(): number {
    return this.#hits.length < this.#limits.count ? this.#limits.least : Math.max(this.#limits.least, this.#hits.at(-1)?.score ?? 0);
  }

  add(hit: IndexHit): void {
    this.#hits = [...this.#hits, hit].sort((a, b) => b.score - a.score || b.unit - a.unit).slice(0, this.#limits.count);
  }

  hits(): readonly IndexHit[] {
    return this.#hits;
  }
}
