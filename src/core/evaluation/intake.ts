/**
 * Which sources of a document are held out, settled when it comes in (decisions.md 28): by hashes alone, before anybody
 * has judged. Pure.
 */
import { sha256Hex } from '../hash.ts';
import { sourceKey } from './heldOut.ts';
import { clusterSources } from './nearDuplicates.ts';

export interface Intake {
  /** Its name in judgments. */
  readonly document: string;
  readonly sources: readonly string[];
  /** Judged or trained on before: too late to be held out. */
  readonly isUsed: (source: string) => boolean;
  /** What the workspace holds out so far. */
  readonly heldOut: readonly string[];
  /** What came in before this document. */
  readonly before: { readonly documents: number; readonly sources: number };
  /** Of all sources, 0 to 0.5; 0 holds nothing out. */
  readonly share: number;
}

export const intakeLimits = {
  /** Sources of a workspace below which nothing is held out: nothing could be trained on the rest. */
  from: 60,
  leastSources: 30,
  /** Never more than this share for the sake of `leastSources`: what is held out helps nobody as memory or example. */
  mostShare: 0.25,
  /** Documents from which a document is held out as a whole, or not at all. */
  leastDocuments: 10,
} as const;

/**
 * The sources that are held out from now on, in order. From ten documents on, a document is held out as a whole where its
 * hash lies in the lowest `share` of all hashes. Before that, and until 30 sources are held out, clusters of near
 * duplicates are, in the order of their hashes. Near duplicates of what is held out already are held out too; clusters
 * with a used source are not. Cost as `clusterSources` over the document's sources and those held out.
 */
export function takeIn({ document, sources, isUsed, heldOut, before, share }: Intake): readonly string[] {
  const own = [...new Map(sources.map((source) => [sourceKey(source), source])).values()];
  const all = before.sources + own.length;
  if (share <= 0 || all < intakeLimits.from) return [];
  const clusters = clusterSources([...own, ...heldOut]);
  const clusterOf = (source: string): string => clusters.get(source) ?? source;
  const already = new Set(heldOut.map(clusterOf));
  const known = new Set(heldOut.map(sourceKey));
  const fresh = own.filter((source) => !known.has(sourceKey(source)) && !isUsed(source));
  const byDocument = before.documents + 1 >= intakeLimits.leastDocuments;
  if (byDocument && place(document) < share) return fresh;
  const used = new Set(own.filter((source) => isUsed(source)).map(clusterOf));
  const least = Math.min(intakeLimits.leastSources, Math.floor(all * intakeLimits.mostShare));
  const wanted = byDocument ? least : Math.max(least, Math.ceil(share * all));
  return withMore(fresh, { clusterOf, already, used, missing: Math.min(wanted - heldOut.length, Math.floor(fresh.length / 2)) });
}

interface Choice {
  readonly clusterOf: (source: string) => string;
  readonly already: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
  readonly missing: number;
}

function withMore(fresh: readonly string[], { clusterOf, already, used, missing }: Choice): readonly string[] {
  const sizes = new Map<string, number>();
  for (const source of fresh) sizes.set(clusterOf(source), (sizes.get(clusterOf(source)) ?? 0) + 1);
  const chosen = new Set([...already].filter((name) => sizes.has(name)));
  let count = [...chosen].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  const open = [...sizes].filter(([name]) => !chosen.has(name) && !used.has(name)).map(([name, size]) => ({ name, size, at: place(name) }));
  for (const { name, size } of open.sort((a, b) => a.at - b.at)) {
    if (count >= missing) break;
    if (count + size > missing && count > 0) continue;
    chosen.add(name);
    count += size;
  }
  return fresh.filter((source) => chosen.has(clusterOf(source)));
}

/** 0 up to 1, by the hash. With a prefix of its own: the trainer cuts its validation rows off by the plain hash. */
function place(name: string): number {
  return Number.parseInt(sha256Hex(`held-out\0${name}`).slice(0, 13), 16) / 2 ** 52;
}
