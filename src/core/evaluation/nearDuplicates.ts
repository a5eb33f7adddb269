/** Which sources of many are nearly the same. Pure. */

/** Dice coefficient of token sets from which two sources are near duplicates. */
const near = 0.8;

/** What a set shares at least of its tokens with any that is near: 2o / (a + b) >= near, and o <= b. */
const leastShare = near / (2 - near);

/** Against rounding: a limit is never taken for higher than it is. */
const slack = 1e-9;

/**
 * Name of each source's cluster: the first of its members by text. Near duplicates of near duplicates are together; a source
 * without a word is alone.
 *
 * Sets are compared that share one of their rarest tokens (prefix and position filters, Xiao et al. 2008, "Efficient Similarity
 * Joins for Near Duplicate Detection"), and a set with no more than one of each cluster that is near: linear for a text whose
 * sentences repeat, at worst rows times the rows that share a rare token.
 */
export function clusterSources(sources: readonly string[]): ReadonlyMap<string, string> {
  const texts = [...new Set(sources)].sort();
  const clusters = new Clusters(byRarity(texts.map(tokensOf)));
  for (const index of texts.keys()) clusters.add(index);
  return new Map(texts.map((text, index) => [text, texts[clusters.rootOf(index)] ?? text]));
}

/** Numbers of tokens in ascending order, the rarest token's first. */
type Bag = readonly number[];

/** Sets that have a token at one place and are of one size, by the cluster that they are in or were in. */
interface Posting {
  readonly size: number;
  readonly place: number;
  readonly members: Map<number, number[]>;
}

class Clusters {
  readonly #bags: readonly Bag[];
  readonly #parents: number[];
  /** By token, then by size and place. */
  readonly #postings = new Map<number, Map<string, Posting>>();

  constructor(bags: readonly Bag[]) {
    this.#bags = bags;
    this.#parents = bags.map((_, index) => index);
  }

  rootOf(index: number): number {
    let root = index;
    while ((this.#parents[root] ?? root) !== root) root = this.#parents[root] ?? root;
    for (let at = index; at !== root;) [at, this.#parents[at]] = [this.#parents[at] ?? root, root];
    return root;
  }

  /** Joins a set with those before it that are near. */
  add(index: number): void {
    const bag = this.#bags[index] ?? [];
    const prefix = bag.slice(0, bag.length - Math.ceil(bag.length * leastShare - slack) + 1);
    prefix.forEach((token, place) => {
      for (const posting of this.#postings.get(token)?.values() ?? []) if (mayBeNear({ size: bag.length, place }, posting)) this.#join(index, posting.members);
    });
    prefix.forEach((token, place) => { this.#post(token, place, index); });
  }

  #join(index: number, members: Map<number, number[]>): void {
    for (const root of [...members.keys()]) {
      const own = gathered(members, root, this.rootOf(root));
      if (this.rootOf(root) === this.rootOf(index) || !own.some((other) => dice(this.#bags[index] ?? [], this.#bags[other] ?? []) >= near)) continue;
      const [a, b] = [this.rootOf(index), this.rootOf(root)];
      this.#parents[Math.max(a, b)] = Math.min(a, b);
    }
  }

  #post(token: number, place: number, index: number): void {
    const size = this.#bags[index]?.length ?? 0;
    const postings = this.#postings.get(token) ?? new Map<string, Posting>();
    this.#postings.set(token, postings);
    const key = `${size} ${place}`;
    const posting = postings.get(key) ?? { size, place, members: new Map<number, number[]>() };
    postings.set(key, posting);
    const root = this.rootOf(index);
    const own = posting.members.get(root);
    if (own === undefined) posting.members.set(root, [index]);
    else own.push(index);
  }
}

/** Brings the members that are listed under a cluster's earlier name under its name of now; answers all that are there then. */
function gathered(members: Map<number, number[]>, name: number, now: number): readonly number[] {
  const own = members.get(name) ?? [];
  if (name === now) return own;
  members.delete(name);
  const others = members.get(now) ?? [];
  const [few, many] = own.length < others.length ? [own, others] : [others, own];
  for (const member of few) many.push(member);
  members.set(now, many);
  return many;
}

/** Whether sets whose first common token stands at these places can have enough of them. */
function mayBeNear(a: { readonly size: number; readonly place: number }, b: { readonly size: number; readonly place: number }): boolean {
  return Math.min(a.size - a.place, b.size - b.place) >= (a.size + b.size) * near / 2 - slack;
}

function dice(a: Bag, b: Bag): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i] ?? 0, b[j] ?? 0];
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return 2 * shared / (a.length + b.length);
}

function byRarity(bags: readonly ReadonlySet<string>[]): readonly Bag[] {
  const counts = new Map<string, number>();
  for (const bag of bags) for (const token of bag) counts.set(token, (counts.get(token) ?? 0) + 1);
  const rarestFirst = [...counts].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const numbers = new Map(rarestFirst.map(([token], number) => [token, number]));
  return bags.map((bag) => [...bag].map((token) => numbers.get(token) ?? 0).sort((a, b) => a - b));
}

/** Words in lower case; where a script has no spaces, pairs of characters. */
function tokensOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.flatMap((word) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word) ? bigrams(word) : [word]));
}

function bigrams(word: string): string[] {
  const characters = [...word];
  return characters.length === 1 ? characters : characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}
