import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { codecFor } from '../../core/document/codecs.ts';
import { decodeBytes } from '../../core/document/encoding.ts';
import { AppError } from '../../core/errors.ts';
import type { Dismissal } from '../../core/judgment/events.ts';
import { foldStandings } from '../../core/judgment/fold.ts';
import type { CheckedDocument, CheckFiles, CheckTexts, NamedFile } from '../../protocol/checking.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { openWorkspaceStore, type StoreParts, type WorkspaceStore } from '../../store/workspaceStore.ts';
import { parseAs, parseSource } from '../openDocument.ts';
import { checkDocument } from './checkDocument.ts';

/** Parses and checks; what the compute worker does for a file in the editor. @throws AppError `document.*` of either file */
export function checkTexts({ source, target, languages, terms = [], dismissed = new Map() }: CheckTexts, breathe?: () => Promise<void> | undefined): Promise<CheckedDocument> {
  const codec = codecFor(source.path);
  const parsed = parseSource(codec, source.text, { path: source.path, languages });
  const translated = target === undefined ? parsed : parseAs(codec, target.text, { path: target.path, languages: { ...languages, source: languages.target } });
  return checkDocument({ document: { codec, parsed }, target: translated, languages, terms, dismissed, ...(breathe === undefined ? {} : { breathe }) });
}

/** What reviewers dismissed in a document, by segment. */
export async function dismissedIn(store: WorkspaceStore, document: string, targetLanguage: string): Promise<ReadonlyMap<string, readonly Dismissal[]>> {
  const events = await store.events();
  const here = events.filter((event) => event.document === document && event.targetLanguage === targetLanguage && (event.act === 'dismiss' || event.act === 'undo'));
  const standings = foldStandings(here);
  return new Map([...standings].flatMap(([segment, { dismissed }]) => (dismissed.size === 0 ? [] : [[segment, [...dismissed.values()]] as const])));
}

/** Checks files of workspace folders, whose journals it reads once and then as they grow. */
export class FileChecker {
  readonly #parts: StoreParts;
  readonly #stores = new Map<string, WorkspaceStore>();

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** @throws AppError `document.*` of either file */
  async check({ root, source, target, languages, terms = [] }: CheckFiles, breathe?: () => Promise<void> | undefined): Promise<CheckedDocument> {
    const store = this.#stores.get(root) ?? openWorkspaceStore(root, this.#parts);
    this.#stores.set(root, store);
    const text = async ({ path, name, unsaved }: NamedFile): Promise<CheckTexts['source']> => ({ path: name, text: unsaved ?? await readText(this.#parts.fs, path, name) });
    const [from, to] = [await text(source), target === undefined ? undefined : await text(target)];
    const dismissed = await dismissedIn(store, source.name, languages.target);
    return checkTexts({ source: from, languages, terms, dismissed, ...(to === undefined ? {} : { target: to }) }, breathe);
  }
}

/** A text file as it is on disk. @throws AppError `document.notFound`, `document.encoding`, `document.binary` */
export async function readText(fs: FileSystem, path: string, label: string): Promise<string> {
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path: label });
  return decodeBytes(bytes, label).text;
}

/** The folder whose judgments a file belongs to: the nearest one upwards that has any. */
export async function judgedRoot(fs: FileSystem, file: string): Promise<string | undefined> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (await fs.stat(join(folder, '.interlinear', 'judgments')) !== undefined) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Milliseconds of checking after which others get their turn. */
const turn = 20;

/** Lets long work be cancelled, and rankings that wait behind it go first. */
export function breather(signal: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < turn) return undefined;
    return setImmediate().then(() => {
      signal.throwIfAborted();
      since = performance.now();
    });
  };
}
