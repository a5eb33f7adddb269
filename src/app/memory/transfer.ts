/** TMX in and out of a workspace's memory, in pieces: such files are larger than any document. */
import { basename } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { contextHash } from '../../core/memory/context.ts';
import { tmxHead, tmxTail, tmxUnit } from '../../core/memory/tmxExport.ts';
import { TmxImport, type TmxRow } from '../../core/memory/tmxImport.ts';
import type { MemoryUnit, UnitContext } from '../../core/memory/unit.ts';
import { parseLanguage, sameLanguage } from '../../core/text/languages.ts';
import type { ImportResult } from '../../protocol/memory.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { NewFile, piecesOf } from '../../store/memory/largeFile.ts';
import type { MemoryFiles, UnitFileWriter } from '../../store/memory/memoryFiles.ts';
import { linesOf, parseUnit } from '../../store/memory/unitFile.ts';
import type { WorkspaceMemory } from './workspaceMemory.ts';

export interface ImportRequest {
  /** Absolute path of the TMX file. */
  readonly file: string;
  /** One direction; absent: from the header's source language into every other. */
  readonly only?: LanguagePair;
}

export interface Transfer<P> {
  readonly onProgress?: (progress: P) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads a TMX file into one unit file a direction. Cancelled or failed, it leaves what was there before.
 * @throws AppError `document.syntax` with line and column, `document.encoding`, `document.notFound`, `document.empty`, `store.*`
 */
export async function importTmx(fs: FileSystem, files: MemoryFiles, request: ImportRequest, { onProgress, signal }: Transfer<{ done: number; total: number }>): Promise<ImportResult> {
  const sorting = new Sorting(files, request);
  const total = (await fs.stat(request.file))?.bytes ?? 0;
  const reader = new TmxImport(request.file, (row) => { sorting.take(row, reader.sourceLanguage); });
  try {
    let decoder: TextDecoder | undefined;
    let done = 0;
    for await (const piece of piecesOf(request.file, signal)) {
      decoder ??= decoderFor(piece);
      reader.write(decoded(request.file, decoder, { piece, done }));
      await sorting.write();
      done += piece.length;
      onProgress?.({ done, total });
    }
    reader.end();
    await sorting.write();
    return await sorting.commit(request.file);
  } catch (thrown) {
    await sorting.abandon();
    throw thrown;
  }
}

function decoderFor(start: Uint8Array): TextDecoder {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
}

function decoded(path: string, decoder: TextDecoder, { piece, done }: { readonly piece: Uint8Array; readonly done: number }): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch (thrown) {
    throw new AppError('document.encoding', { path, offset: done }, thrown);
  }
}

/** Units by direction, each into its own file. */
class Sorting {
  readonly #files: MemoryFiles;
  readonly #request: ImportRequest;
  readonly #writers: { readonly languages: LanguagePair; readonly writer: UnitFileWriter }[] = [];
  #waiting: { readonly languages: LanguagePair; readonly unit: Omit<MemoryUnit, 'origin'> }[] = [];
  #skipped = 0;

  constructor(files: MemoryFiles, request: ImportRequest) {
    this.#files = files;
    this.#request = request;
  }

  take(row: TmxRow, sourceLanguage: string | undefined): void {
    const { only } = this.#request;
    const from = only?.source ?? sourceLanguage ?? row.variants[0]?.language ?? '';
    const source = row.variants.find(({ language }) => sameLanguage(language, from));
    const targets = row.variants.filter((variant) => variant !== source && variant.text.trim() !== '' && (only === undefined || sameLanguage(variant.language, only.target)));
    if (source === undefined || source.text.trim() === '' || targets.length === 0) {
      this.#skipped++;
      return;
    }
    const context = contextOf(row);
    for (const { language, text, by, at } of targets) {
      const languages = { source: parseLanguage(source.language).tag, target: parseLanguage(language).tag };
      this.#waiting.push({ languages, unit: { source: source.text.trim(), target: text.trim(), ...(context !== undefined && { context }), ...(by !== undefined && { by }), ...(at !== undefined && { at }) } });
    }
  }

  async write(): Promise<void> {
    const units = this.#waiting;
    this.#waiting = [];
    for (const { languages, unit } of units) await (await this.#writer(languages)).add(unit);
  }

  /** @throws AppError `document.empty` where nothing of use was found */
  async commit(path: string): Promise<ImportResult> {
    if (this.#writers.length === 0) throw new AppError('document.empty', { path });
    for (const { writer } of this.#writers) await writer.commit();
    return { pairs: this.#writers.map(({ languages, writer }) => ({ ...languages, units: writer.count })), skipped: this.#skipped };
  }

  async abandon(): Promise<void> {
    for (const { writer } of this.#writers) await writer.abandon();
  }

  /** Regions share a file, which is named by the first that was met. */
  async #writer(languages: LanguagePair): Promise<UnitFileWriter> {
    const known = this.#writers.find((other) => sameLanguage(other.languages.source, languages.source) && sameLanguage(other.languages.target, languages.target));
    if (known !== undefined) return known.writer;
    const writer = await this.#files.create({ ...languages, origin: basename(this.#request.file) });
    this.#writers.push({ languages, writer });
    return writer;
  }
}

function contextOf({ place }: TmxRow): UnitContext | undefined {
  const named = (text: string | undefined): string | undefined => (text === undefined || text.trim() === '' ? undefined : contextHash(text));
  const { key } = place;
  const previous = place.previousHash ?? named(place.previous);
  const next = place.nextHash ?? named(place.next);
  if (key === undefined && previous === undefined && next === undefined) return undefined;
  return { ...(key !== undefined && { key }), ...(previous !== undefined && { previous }), ...(next !== undefined && { next }) };
}

export interface ExportRequest {
  /** Absolute. */
  readonly file: string;
  readonly languages: LanguagePair;
  readonly version: string;
}

/** Judged and imported units of one direction as one TMX file, which is there as a whole or not at all. */
export async function exportTmx(memory: WorkspaceMemory, { file, languages, version }: ExportRequest, { onProgress, signal }: Transfer<{ done: number }>): Promise<number> {
  const head = { ...languages, version };
  const out = await NewFile.create(file);
  let count = 0;
  const add = async (unit: MemoryUnit): Promise<void> => {
    count++;
    if (!out.add(tmxUnit(unit, head))) return;
    await out.flush();
    onProgress?.({ done: count });
  };
  try {
    out.add(tmxHead(head));
    for (const unit of memory.judged()) await add(unit);
    for (const { path, head: { origin } } of memory.imported) {
      for await (const lines of linesOf(path, signal)) {
        for (const { line, number } of lines) {
          const unit = number === 1 ? undefined : parseUnit(line, origin);
          if (unit !== undefined) await add(unit);
        }
      }
    }
    out.add(tmxTail);
    await out.commit();
  } catch (thrown) {
    await out.abandon();
    throw thrown;
  }
  return count;
}
