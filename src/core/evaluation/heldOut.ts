/** Which sources are held out from training (decisions.md 28). Pure. */
import { sha256Hex } from '../hash.ts';
import { clusterSources } from './nearDuplicates.ts';

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

/**
 * Whole documents (from ten on), else whole clusters of near-duplicate sources, in the order of their hashes until the
 * target is reached: neither judgments nor the order of rows have a say. Never more than half of the sources. What an earlier
 * split or the intake of a document held out is held out first: with its cluster, but not with its document, which may have
 * come in when there were few.
 * Cost: that of `clusterSources`, where clusters are made.
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
