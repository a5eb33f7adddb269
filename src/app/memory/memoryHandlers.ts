/** What the memory thread and the command line do: each memory is opened once and kept. */
import { join } from 'node:path';
import { sameLanguage } from '../../core/text/languages.ts';
import type { MemoryCalls, MemoryName } from '../../protocol/memory.ts';
import { nodeFileSystem } from '../../store/fileSystem.ts';
import { MemoryFiles } from '../../store/memory/memoryFiles.ts';
import { StoreFolder } from '../../store/storeFolder.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../store/workspaceStore.ts';
import { concordance } from './concordance.ts';
import { heldOutSources } from './heldOutSources.ts';
import { judgedPairs, placeKey } from './journalUnits.ts';
import { exportTmx, importTmx } from './transfer.ts';
import { WorkspaceMemory } from './workspaceMemory.ts';

/** Milliseconds for which a concordance's folded texts are kept for the next. */
const keptFolded = 5 * 60_000;

interface Context<P> {
  readonly signal: AbortSignal;
  readonly progress: (value: P) => void;
}

type Params<N extends keyof MemoryCalls> = MemoryCalls[N]['params'];
type Result<N extends keyof MemoryCalls> = Promise<MemoryCalls[N]['result']>;
type Progress<N extends keyof MemoryCalls> = MemoryCalls[N]['progress'];

export class MemoryHandlers {
  readonly #fs = nodeFileSystem;
  readonly #open = new Map<string, Promise<WorkspaceMemory>>();
  /** By workspace folder: bytes of what it holds out when that was last read. */
  readonly #heldOutBytes = new Map<string, number>();
  /** Memories whose problems were told. */
  readonly #told = new WeakSet<WorkspaceMemory>();
  #releasing: NodeJS.Timeout | undefined;

  async memoryQuery({ queries, limits, ...name }: Params<'memoryQuery'>, { signal }: Pick<Context<never>, 'signal'>): Result<'memoryQuery'> {
    const memory = await this.#memory(name);
    await this.#refreshHeldOut(name.root);
    const matches = queries.map((query) => {
      signal.throwIfAborted();
      return memory.query(query, limits);
    });
    const problems = this.#told.has(memory) ? [] : memory.problems.map((problem) => problem.toWire());
    this.#told.add(memory);
    return { matches, problems };
  }

  /** A memory that nobody has opened yet will read it from the journal. */
  async memoryPut({ place, unit, ...name }: Params<'memoryPut'>): Result<'memoryPut'> {
    (await this.#open.get(keyOf(name)))?.put(placeKey(place), unit);
    return null;
  }

  async memoryConcordance({ root, source, target, limit, ...query }: Params<'memoryConcordance'>, { signal, progress }: Context<Progress<'memoryConcordance'>>): Result<'memoryConcordance'> {
    const memory = await this.#memory({ root, source, target });
    clearTimeout(this.#releasing);
    try {
      return await concordance(memory, query, { limit, signal, onProgress: progress });
    } finally {
      clearTimeout(this.#releasing);
      this.#releasing = setTimeout(() => { void this.#release(); }, keptFolded).unref();
    }
  }

  async memoryPairs({ root }: Params<'memoryPairs'>): Result<'memoryPairs'> {
    const files = this.#files(root);
    const pairs = [...await judgedPairs(openWorkspaceStore(root, nodeStoreParts()))];
    for (const path of await files.list()) {
      const head = await files.head(path).catch(() => undefined); // a file that is none of ours is told of when its memory is opened
      if (head !== undefined) pairs.push({ source: head.source, target: head.target });
    }
    return pairs.filter((pair, index) => pairs.findIndex((other) => sameLanguage(other.source, pair.source) && sameLanguage(other.target, pair.target)) === index);
  }

  async memoryImport({ root, file, only }: Params<'memoryImport'>, { signal, progress }: Context<Progress<'memoryImport'>>): Result<'memoryImport'> {
    const result = await importTmx(this.#fs, this.#files(root), { file, ...(only !== undefined && { only }) }, { signal, onProgress: progress });
    await this.#forget(root);
    for (const { source, target } of result.pairs) await this.#memory({ root, source, target });
    return result;
  }

  async memoryExport({ file, version, ...name }: Params<'memoryExport'>, { signal, progress }: Context<Progress<'memoryExport'>>): Result<'memoryExport'> {
    const { source, target } = name;
    return { units: await exportTmx(await this.#memory(name), { file, languages: { source, target }, version }, { signal, onProgress: progress }) };
  }

  /** Documents come in while memories are open. Looked at for each query: the file only grows. */
  async #refreshHeldOut(root: string): Promise<void> {
    const bytes = (await this.#fs.stat(join(root, '.interlinear', 'heldout.jsonl')))?.bytes ?? 0;
    if ((this.#heldOutBytes.get(root) ?? 0) === bytes) return;
    const heldOut = await heldOutSources(this.#fs, root);
    this.#heldOutBytes.set(root, bytes);
    for (const [key, memory] of this.#open) if (key.startsWith(`${root}\n`)) (await memory).holdOut(heldOut);
  }

  #memory(name: MemoryName): Promise<WorkspaceMemory> {
    const key = keyOf(name);
    const known = this.#open.get(key) ?? this.#load(name);
    this.#open.set(key, known);
    known.catch(() => { this.#open.delete(key); });
    return known;
  }

  async #load({ root, source, target }: MemoryName): Promise<WorkspaceMemory> {
    const store = openWorkspaceStore(root, nodeStoreParts());
    return WorkspaceMemory.open({ store, files: this.#files(root), languages: { source, target }, heldOut: await heldOutSources(this.#fs, root) });
  }

  /** Its files are other ones now. */
  async #forget(root: string): Promise<void> {
    for (const [key, memory] of [...this.#open]) {
      if (!key.startsWith(`${root}\n`)) continue;
      this.#open.delete(key);
      (await memory).close();
    }
  }

  async #release(): Promise<void> {
    for (const memory of this.#open.values()) (await memory).releaseFolded();
  }

  #files(root: string): MemoryFiles {
    return new MemoryFiles(new StoreFolder(root, this.#fs));
  }
}

function keyOf({ root, source, target }: MemoryName): string {
  return `${root}\n${source}\n${target}`;
}
