/** Every unit that holds a text, with where it stands. */
import { Buffer } from 'node:buffer';
import { findIn, needlesOf, type ConcordanceQuery } from '../../core/memory/phrase.ts';
import type { MemoryPlace, MemoryUnit } from '../../core/memory/unit.ts';
import type { ConcordanceHit, ConcordanceProgress, ConcordanceResult } from '../../protocol/memory.ts';
import { Breath } from '../breath.ts';
import { unitsWith } from './foldedUnits.ts';
import type { WorkspaceMemory } from './workspaceMemory.ts';

/** Milliseconds between two reports. */
const between = 100;

export interface ConcordanceWork {
  /** Hits at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ConcordanceProgress) => void;
}

/**
 * Judged units first, then imported ones in the order of their files; each hit is told once, and the last report is always
 * made. Width never counts. Linear in the memory; what other searches have folded is not read again.
 * @throws AbortError; AppError `document.notFound`, `store.*`
 */
export async function concordance(memory: WorkspaceMemory, query: ConcordanceQuery, work: ConcordanceWork): Promise<ConcordanceResult> {
  const search = new Search(memory.size, query, work);
  if (search.needles.length === 0) return { total: memory.size, more: false };
  const more = (await inJudged(memory, search)) || (await inImported(memory, search));
  search.report();
  return { total: memory.size, more };
}

/** True where the limit is reached. */
async function inJudged(memory: WorkspaceMemory, search: Search): Promise<boolean> {
  for (const { unit, place } of memory.judgedPlaces()) {
    if (search.look(unit, place)) return true;
    search.done++;
    await search.pause();
  }
  return false;
}

async function inImported(memory: WorkspaceMemory, search: Search): Promise<boolean> {
  const bytes = needlesOf({ ...search.query, matchCase: false }).map((needle) => Buffer.from(needle));
  for (const imported of memory.imported) {
    const before = search.done;
    for await (const block of memory.foldedUnits(imported).blocks()) {
      for (const number of unitsWith(block, bytes, search.query.side)) {
        const unit = imported.unit(number);
        search.done = before + number;
        if (unit !== undefined && search.look(unit)) return true;
        await search.pause();
      }
      search.done = before + block.first + block.count;
      await search.pause();
    }
    search.done = before + imported.index.size;
  }
  return false;
}

class Search {
  readonly query: ConcordanceQuery;
  readonly needles: readonly string[];
  /** Units looked at. */
  done = 0;
  readonly #total: number;
  readonly #work: ConcordanceWork;
  readonly #breath = new Breath();
  #waiting: ConcordanceHit[] = [];
  #found = 0;
  #told = performance.now();

  constructor(total: number, query: ConcordanceQuery, work: ConcordanceWork) {
    this.query = query;
    this.needles = needlesOf(query);
    this.#total = total;
    this.#work = work;
  }

  /** True where there is no room for a hit any more. */
  look(unit: MemoryUnit, place?: MemoryPlace): boolean {
    const spans = findIn(unit, this.needles, this.query);
    if (spans === undefined) return false;
    if (this.#found === this.#work.limit) return true;
    this.#found++;
    this.#waiting.push({ unit, ...spans, ...(place !== undefined && { place }) });
    return false;
  }

  /** Lets others work, and tells what is known by now. */
  async pause(): Promise<void> {
    if (!this.#breath.isDue) return;
    await this.#breath.taken();
    this.#work.signal.throwIfAborted();
    if (performance.now() - this.#told > between) this.report();
  }

  report(): void {
    this.#work.onProgress({ hits: this.#waiting, done: this.done, total: this.#total });
    this.#waiting = [];
    this.#told = performance.now();
  }
}
