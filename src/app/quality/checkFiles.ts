import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { codecFor } from '../../core/document/codecs.ts';
import { decodeBytes } from '../../core/document/encoding.ts';
import { inShapeOf } from '../../core/document/messageShape.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { CheckedDocument, CheckFiles, CheckTexts, NamedFile } from '../../protocol/checking.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { openWorkspaceStore, type StoreParts, type WorkspaceStore } from '../../store/workspaceStore.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { Glossaries } from '../glossaryFile.ts';
import { parseAs, parseSource } from '../openDocument.ts';
import { checkDocument } from './checkDocument.ts';
import { judgedIn } from './judgedIn.ts';

/** Parses and checks; what the compute worker does for a file in the editor. @throws AppError `document.*` of either file */
export function checkTexts({ source, target, languages, glossary, dismissed = new Map(), acceptances = new Map() }: CheckTexts, breathe?: () => Promise<void> | undefined): Promise<CheckedDocument> {
  const codec = codecFor(source.path);
  const parsed = parseSource(codec, source.text, { path: source.path, languages });
  const inTarget = { ...languages, source: languages.target };
  const translated = target === undefined ? parsed : inShapeOf(parseAs(codec, target.text, { path: target.path, languages: inTarget }), { source: parsed, codec, language: languages.target });
  return checkDocument({ document: { codec, parsed }, target: translated, languages, dismissed, acceptances, ...(glossary === undefined ? {} : { glossary }), ...(breathe === undefined ? {} : { breathe }) });
}

/** Checks files of workspace folders, whose journals it reads once and then as they grow. */
export class FileChecker {
  readonly #parts: StoreParts;
  readonly #stores = new Map<string, WorkspaceStore>();
  readonly #glossaries: Glossaries;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#glossaries = new Glossaries(parts.fs);
  }

  /** @throws AppError `document.*` of either file */
  async check({ root, source, target, languages, glossary }: CheckFiles, breathe?: () => Promise<void> | undefined): Promise<CheckedDocument> {
    const store = this.#stores.get(root) ?? openWorkspaceStore(root, this.#parts);
    this.#stores.set(root, store);
    const text = async ({ path, name, unsaved }: NamedFile): Promise<CheckTexts['source']> => ({ path: name, text: unsaved ?? await readText(this.#parts.fs, path, name) });
    const [from, to] = [await text(source), target === undefined ? undefined : await text(target)];
    const judged = await judgedIn(store, source.name, languages.target);
    const terms = await this.#terms(glossary, languages);
    const checked = await checkTexts({ source: from, languages, ...judged, ...(to === undefined ? {} : { target: to }), ...('glossary' in terms ? terms : {}) }, breathe);
    return 'problem' in terms ? { ...checked, ...terms } : checked;
  }

  /** A glossary that cannot be read takes nothing from the other checks. */
  async #terms(path: string | undefined, languages: LanguagePair): Promise<Pick<CheckTexts, 'glossary'> | Required<Pick<CheckedDocument, 'problem'>>> {
    if (path === undefined) return {};
    try {
      return { glossary: await this.#glossaries.of(path, languages) };
    } catch (thrown) {
      return { problem: toAppError(thrown, path).toWire() };
    }
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
