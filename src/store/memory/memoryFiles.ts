/** The memories of a workspace on disk: unit files under `.interlinear/memory/`, their indexes under `.interlinear/memory/index/`. */
import { basename, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { IndexBuilder } from '../../core/memory/indexBuilder.ts';
import { MemoryIndex } from '../../core/memory/memoryIndex.ts';
import { NumberList } from '../../core/memory/numbers.ts';
import type { MemoryUnit } from '../../core/memory/unit.ts';
import { safeName, type StoreFolder } from '../storeFolder.ts';
import { readIndex, writeIndex, type StoredIndex, type UnitFileStamp } from './indexFile.ts';
import { NewFile, OpenedFile } from './largeFile.ts';
import { headLine, linesOf, parseUnit, readHead, unitLine, type UnitFileHead } from './unitFile.ts';

/** What opening a memory had to do or leave out; nothing here stops the work. */
export type OnMemoryProblem = (problem: AppError) => void;

/** One imported memory, ready to be searched. */
export class ImportedMemory {
  readonly index: MemoryIndex;
  readonly #offsets: StoredIndex['offsets'];
  readonly #file: OpenedFile;

  constructor(readonly head: UnitFileHead, stored: StoredIndex, file: OpenedFile) {
    this.index = new MemoryIndex(stored.arrays);
    this.#offsets = stored.offsets;
    this.#file = file;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Reads a unit from the disk; undefined where its line is not there any more. */
  unit(number: number): MemoryUnit | undefined {
    const offset = (this.#offsets.high[number] ?? 0) * 2 ** 32 + (this.#offsets.low[number] ?? 0);
    for (let length = 1024; ; length *= 8) {
      const bytes = this.#file.read(offset, length);
      const end = bytes.indexOf(0x0a);
      if (end < 0 && bytes.length === length) continue;
      return parseUnit(new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)), this.head.origin);
    }
  }

  close(): void {
    this.#file.close();
  }
}

export class MemoryFiles {
  readonly #folder: StoreFolder;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** Absolute paths of the unit files, by name. */
  async list(): Promise<readonly string[]> {
    const entries = await this.#folder.fs.list(this.#folder.path('memory'));
    return entries.filter(({ name, kind }) => kind === 'file' && name.endsWith('.jsonl') && !name.startsWith('.')).map(({ name }) => this.#folder.path('memory', name)).sort();
  }

  /** @throws AppError `store.altered` for a file that is none of ours */
  head(path: string): Promise<UnitFileHead> {
    return readHead(path, this.#folder.shown(path));
  }

  /** A unit file to be filled, one an import and language pair: a second import of the same name takes its place. */
  async create(head: Omit<UnitFileHead, 'format' | 'version'>): Promise<UnitFileWriter> {
    await this.#folder.prepare('memory');
    const name = `${safeName(head.origin.replace(/\.tmx$/iu, ''))}.${safeName(head.source)}.${safeName(head.target)}.jsonl`;
    const file = await NewFile.create(this.#folder.path('memory', name));
    file.add(headLine(head));
    return new UnitFileWriter(file);
  }

  /** Opens a unit file with its index, which is made where it is missing, old or damaged. Lines that are no unit are told and left out. */
  async open(path: string, onProblem: OnMemoryProblem, signal?: AbortSignal): Promise<ImportedMemory> {
    const { fs } = this.#folder;
    const head = await this.head(path);
    const status = await fs.stat(path);
    const stamp = { bytes: status?.bytes ?? 0, modified: status?.modified ?? 0 };
    const at = this.#folder.path('memory', 'index', `${basename(path, '.jsonl')}.idx`);
    const found = await readIndex(fs, at, stamp);
    if (found.kind === 'index') return new ImportedMemory(head, found.index, new OpenedFile(path));
    if (found.kind === 'damaged') onProblem(new AppError('memory.rebuilt', { path: this.#folder.shown(at), reason: found.reason }));
    return new ImportedMemory(head, await this.#build({ path, at, stamp, onProblem }, signal), new OpenedFile(path));
  }

  /** A workspace of an earlier version does not tell git to leave them out. */
  async #prepareIndexes(): Promise<void> {
    const ignore = join(await this.#folder.prepare('memory', 'index'), '.gitignore');
    if (await this.#folder.fs.stat(ignore) === undefined) await this.#folder.fs.writeAtomic(ignore, new TextEncoder().encode('*\n'));
  }

  async #build({ path, at, stamp, onProblem }: Building, signal?: AbortSignal): Promise<StoredIndex> {
    const builder = new IndexBuilder();
    const [low, high] = [new NumberList(), new NumberList()];
    const bad: number[] = [];
    for await (const lines of linesOf(path, signal)) {
      for (const { line, offset, number } of lines) {
        if (number === 1) continue;
        const unit = parseUnit(line, '');
        if (unit === undefined) {
          if (line.trim() !== '') bad.push(number);
          continue;
        }
        builder.add(unit.source);
        low.push(offset % 2 ** 32);
        high.push(Math.floor(offset / 2 ** 32));
      }
    }
    if (bad.length > 0) onProblem(new AppError('memory.badLines', { path: this.#folder.shown(path), lines: bad.slice(0, 5).join(', '), count: bad.length }));
    const index = { arrays: builder.finish(), offsets: { low: low.view(), high: high.view() } };
    await this.#prepareIndexes();
    await writeIndex(this.#folder.fs, at, index, stamp);
    return index;
  }
}

interface Building {
  readonly path: string;
  readonly at: string;
  readonly stamp: UnitFileStamp;
  readonly onProblem: OnMemoryProblem;
}

export class UnitFileWriter {
  readonly #file: NewFile;
  #count = 0;

  constructor(file: NewFile) {
    this.#file = file;
  }

  get count(): number {
    return this.#count;
  }

  async add(unit: Omit<MemoryUnit, 'origin'>): Promise<void> {
    this.#count++;
    if (this.#file.add(unitLine(unit))) await this.#file.flush();
  }

  commit(): Promise<void> {
    return this.#file.commit();
  }

  abandon(): Promise<void> {
    return this.#file.abandon();
  }
}
