/** One direction of a workspace's memory: what its reviewers accepted and what was imported, searched together. */
import { toAppError, type AppError } from '../../core/errors.ts';
import { sameContext } from '../../core/memory/context.ts';
import { IndexBuilder } from '../../core/memory/indexBuilder.ts';
import { MemoryIndex } from '../../core/memory/memoryIndex.ts';
import { comparable, sourceScore } from '../../core/memory/score.ts';
import type { MatchKind, MatchLimits, MemoryMatch, MemoryPlace, MemoryQuery, MemoryUnit } from '../../core/memory/unit.ts';
import { sameLanguage } from '../../core/text/languages.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { ImportedMemory, MemoryFiles } from '../../store/memory/memoryFiles.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import { FoldedUnits } from './foldedUnits.ts';
import { sourceKey } from './heldOutSources.ts';
import { journalUnits, placeKey, placeOfKey } from './journalUnits.ts';

export interface MemoryParts {
  readonly store: WorkspaceStore;
  readonly files: MemoryFiles;
  readonly languages: LanguagePair;
  readonly heldOut: ReadonlySet<string>;
}

/** Hits looked at for one match that is asked for: repeats of one text must not hide the one with the right context. */
const hitsPerMatch = 10;

/** Changes after which all judged units are indexed anew instead of a few beside them. */
const manyChanges = 1000;

export class WorkspaceMemory {
  readonly imported: readonly ImportedMemory[];
  /** What opening found; told once. */
  readonly problems: readonly AppError[];
  #heldOut: ReadonlySet<string>;
  readonly #units: Map<string, MemoryUnit>;
  readonly #foldedUnits = new Map<ImportedMemory, FoldedUnits>();
  #settled: UnitList;
  /** Judged since `#settled` was made; those of `#settled` do not count any more. */
  readonly #changed = new Set<string>();
  #recent: UnitList | undefined;

  private constructor(parts: MemoryParts, opened: { readonly units: ReadonlyMap<string, MemoryUnit>; readonly imported: readonly ImportedMemory[]; readonly problems: readonly AppError[] }) {
    this.imported = opened.imported;
    this.problems = opened.problems;
    this.#heldOut = parts.heldOut;
    this.#units = new Map(opened.units);
    this.#settled = new UnitList([...this.#units.keys()], this.#units);
  }

  /** A file that cannot be read is told of and left out. */
  static async open(parts: MemoryParts, signal?: AbortSignal): Promise<WorkspaceMemory> {
    const problems: AppError[] = [];
    const imported: ImportedMemory[] = [];
    for (const path of await parts.files.list()) {
      try {
        const head = await parts.files.head(path);
        if (!sameLanguage(head.source, parts.languages.source) || !sameLanguage(head.target, parts.languages.target)) continue;
        imported.push(await parts.files.open(path, (problem) => { problems.push(problem); }, signal));
      } catch (thrown) {
        signal?.throwIfAborted();
        problems.push(toAppError(thrown, path));
      }
    }
    return new WorkspaceMemory(parts, { units: await journalUnits(parts.store, parts.languages), imported, problems });
  }

  /** Bytes of the indexes of imported memories. */
  get bytes(): number {
    return this.imported.reduce((sum, { index }) => sum + index.bytes, 0);
  }

  /** Judged units, newest judgments included. */
  judged(): Iterable<MemoryUnit> {
    return this.#units.values();
  }

  *judgedPlaces(): Generator<{ readonly unit: MemoryUnit; readonly place: MemoryPlace }> {
    for (const [key, unit] of this.#units) yield { unit, place: placeOfKey(key) };
  }

  /** Units, judged and imported. */
  get size(): number {
    return this.imported.reduce((sum, { index }) => sum + index.size, this.#units.size);
  }

  /** What a concordance looks through in one of `imported`. */
  foldedUnits(imported: ImportedMemory): FoldedUnits {
    const known = this.#foldedUnits.get(imported) ?? new FoldedUnits(imported.path);
    this.#foldedUnits.set(imported, known);
    return known;
  }

  /** Gives back what concordances have folded. */
  releaseFolded(): void {
    for (const folded of this.#foldedUnits.values()) folded.release();
  }

  /** A judgment of this place: its unit, or undefined when nothing is accepted there any more. */
  put(place: string, unit: MemoryUnit | undefined): void {
    if (unit === undefined) this.#units.delete(place);
    else this.#units.set(place, unit);
    this.#changed.add(place);
    this.#recent = undefined;
    if (this.#changed.size < manyChanges) return;
    this.#settled = new UnitList([...this.#units.keys()], this.#units);
    this.#changed.clear();
  }

  /** More documents have come in: from now on this is what is held out. */
  holdOut(heldOut: ReadonlySet<string>): void {
    this.#heldOut = heldOut;
  }

  /** Matches, best first: by score, those in the same place before others, judged ones before imported ones and those before what the file proposes; one a target. */
  query(query: MemoryQuery, limits: MatchLimits): readonly MemoryMatch[] {
    const found = this.#found(query, { ...limits, count: limits.count * hitsPerMatch });
    const matches = [...found.map((unit): MemoryMatch => ({ unit, ...judge(unit, query) })), ...proposed(query)]
      .filter(({ score, unit }) => score >= limits.least && !this.#heldOut.has(sourceKey(unit.source)));
    matches.sort((a, b) => b.score - a.score || Number(b.kind === 'context') - Number(a.kind === 'context'));
    const seen = new Set<string>();
    return matches.filter(({ unit: { target } }) => !seen.has(target) && seen.add(target)).slice(0, limits.count);
  }

  close(): void {
    this.releaseFolded();
    for (const memory of this.imported) memory.close();
  }

  #found({ source, place }: MemoryQuery, limits: MatchLimits): readonly MemoryUnit[] {
    const own = place === undefined ? undefined : placeKey(place);
    this.#recent ??= new UnitList([...this.#changed].filter((place) => this.#units.has(place)), this.#units);
    const settled = this.#settled.search(source, limits).filter(([key]) => !this.#changed.has(key));
    const judged = [...this.#recent.search(source, limits), ...settled].flatMap(([key]) => (key === own ? [] : this.#units.get(key) ?? []));
    return [...judged, ...this.imported.flatMap((memory) => memory.index.search(source, limits).flatMap(({ unit }) => memory.unit(unit) ?? []))];
  }
}

/** Places with an index over their sources. */
class UnitList {
  readonly #places: readonly string[];
  readonly #index: MemoryIndex;

  constructor(places: readonly string[], units: ReadonlyMap<string, MemoryUnit>) {
    this.#places = places;
    const builder = new IndexBuilder();
    for (const place of places) builder.add(units.get(place)?.source ?? '');
    this.#index = new MemoryIndex(builder.finish());
  }

  search(source: string, limits: MatchLimits): readonly (readonly [string, number])[] {
    return this.#index.search(source, limits).flatMap(({ unit, score }) => {
      const place = this.#places[unit];
      return place === undefined ? [] : [[place, score] as const];
    });
  }
}

function proposed(query: MemoryQuery): readonly MemoryMatch[] {
  return (query.proposed ?? []).map(({ unit, score }) => ({ unit, ...judge(unit, query), ...(score !== undefined && { score }), inFile: true }));
}

/** The score from the texts themselves: an index knows tokens by their hashes only. */
function judge({ source, context }: MemoryUnit, query: MemoryQuery): { readonly kind: MatchKind; readonly score: number } {
  if (comparable(source) !== comparable(query.source)) return { kind: 'fuzzy', score: sourceScore(query.source, source) };
  return { kind: sameContext(context, query.context) ? 'context' : 'exact', score: 100 };
}
