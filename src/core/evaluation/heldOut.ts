/** Which sources are held out from training (decisions.md 28). Pure. */
import { sha256Hex } from '../hash.ts';

export interface HeldOutRow {
  readonly source: string;
  readonly document: string;
}

export interface HeldOutSplit<T> {
  readonly training: readonly T[];
  readonly heldOut: readonly T[];
  readonly unit: 'document' | 'cluster';
  /** Distinct held-out sources. */
  readonly sources: number;
}

export interface HeldOutTarget {
  readonly share: number;
  readonly leastSources: number;
  readonly leastDocuments: number;
}

export const heldOutTarget: HeldOutTarget = { share: 0.1, leastSources: 30, leastDocuments: 10 };

/** Dice coefficient of token sets from which two sources are near duplicates. */
const near = 0.8;

/**
 * Whole documents (from ten on), else whole clusters of near-duplicate sources, in the order of their hashes until the
 * target is reached: neither judgments nor the order of rows have a say. Never more than half of the sources. What an earlier
 * split or the intake of a document held out is held out first: with its cluster, but not with its document, which may have
 * come in when there were few.
 * Cost: for clusters, rows times the rows that share a rare token.
 * @param already sources that were held out before
 */
export function splitHeldOut<T extends HeldOutRow>(rows: readonly T[], already: (source: string) => boolean = () => false, target: HeldOutTarget = heldOutTarget): HeldOutSplit<T> {
  const documents = new Set(rows.map(({ document }) => document));
  const unit = documents.size >= target.leastDocuments ? 'document' : 'cluster';
  const clusters = unit === 'cluster' ? clusterSources(rows.map(({ source }) => source)) : new Map<string, string>();
  const unitOf = (row: T): string => unit === 'document' ? row.document : clusters.get(row.source) ?? row.source;
  const sources = new Map<string, Set<string>>();
  for (const row of rows) sources.set(unitOf(row), (sources.get(unitOf(row)) ?? new Set()).add(row.source));
  const all = new Set(rows.map(({ source }) => source)).size;
  const wanted = Math.min(Math.max(target.leastSources, Math.ceil(target.share * all)), Math.floor(all / 2));
  const held = new Set([...sources].flatMap(([name, own]) => unit === 'cluster' && [...own].some(already) ? [name] : []));
  let count = [...sources].reduce((sum, [name, own]) => sum + (held.has(name) ? own.size : [...own].filter(already).length), 0);
  const open = [...sources].filter(([name]) => !held.has(name)).map(([name, own]) => [name, [...own].filter((source) => !already(source)).length] as const);
  for (const [name, own] of open.sort((a, b) => compareHashes(a[0], b[0]))) {
    if (count >= wanted) break;
    if (count + own > all / 2) continue;
    held.add(name);
    count += own;
  }
  const isHeld = (row: T): boolean => held.has(unitOf(row)) || already(row.source);
  return { training: rows.filter((row) => !isHeld(row)), heldOut: rows.filter(isHeld), unit, sources: count };
}

/** Case and white space do not make another source. */
export function sourceKey(source: string): string {
  return source.toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** With a prefix of its own: the trainer cuts its validation rows off by the plain hash, and would find none left. */
function compareHashes(a: string, b: string): number {
  const [first, second] = [sha256Hex(`held-out\0${a}`), sha256Hex(`held-out\0${b}`)];
  return first < second ? -1 : Number(first > second);
}

/** Name of each source's cluster: the first of its members by text. Near duplicates of near duplicates are together. */
export function clusterSources(sources: readonly string[]): ReadonlyMap<string, string> {
  const texts = [...new Set(sources)].sort();
  const bags = texts.map(tokensOf);
  const parents = texts.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while ((parents[root] ?? root) !== root) root = parents[root] ?? root;
    return root;
  };
  const postings = new Map<string, number[]>();
  for (const [index, bag] of bags.entries()) {
    for (const other of candidatesOf(bag, postings)) {
      if (dice(bag, bags[other] ?? new Set()) < near) continue;
      const [a, b] = [rootOf(index), rootOf(other)];
      parents[Math.max(a, b)] = Math.min(a, b);
    }
    for (const token of bag) postings.set(token, [...postings.get(token) ?? [], index]);
  }
  return new Map(texts.map((text, index) => [text, texts[rootOf(index)] ?? text]));
}

/** Sets with a Dice of `near` or more share one of any 1/3 of either's tokens, so the rarest third is enough to look up. */
function candidatesOf(bag: ReadonlySet<string>, postings: ReadonlyMap<string, readonly number[]>): ReadonlySet<number> {
  const rarest = [...bag].sort((a, b) => (postings.get(a)?.length ?? 0) - (postings.get(b)?.length ?? 0));
  return new Set(rarest.slice(0, Math.ceil(bag.size / 3) + 1).flatMap((token) => postings.get(token) ?? []));
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

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size + b.size === 0) return 1;
  let shared = 0;
  for (const token of a) if (b.has(token)) shared++;
  return 2 * shared / (a.size + b.size);
}
