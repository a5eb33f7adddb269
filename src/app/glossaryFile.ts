/** The glossary of a workspace, read again when its file changes. */
import { isAbsolute, join } from 'node:path';
import { decodeBytes } from '../core/document/encoding.ts';
import { AppError } from '../core/errors.ts';
import { Glossary, type GlossaryTerm } from '../core/glossary/glossary.ts';
import { checkGlossaryPath, readGlossary, type GlossaryLanguages } from '../core/glossary/read.ts';
import type { FileSystem } from '../store/fileSystem.ts';

/** Where it is looked for when nobody says otherwise, from the workspace folder: the first that is there. */
export const usualGlossaries = ['.interlinear/glossary.csv', '.interlinear/glossary.tsv', '.interlinear/glossary.tbx'] as const;

/** The glossary of a folder, absolute: the one that is named, there or not, else a usual one that is there. */
export async function glossaryIn(fs: FileSystem, root: string, named: string | undefined): Promise<string | undefined> {
  if (named !== undefined) return isAbsolute(named) ? named : join(root, named);
  for (const usual of usualGlossaries) {
    const path = join(root, usual);
    if (await fs.stat(path) !== undefined) return path;
  }
  return undefined;
}

/** @throws AppError `document.notFound`, `document.syntax`, `document.encoding`, `input.invalid` for another ending */
export async function readGlossaryFile(fs: FileSystem, path: string, languages: GlossaryLanguages): Promise<readonly GlossaryTerm[]> {
  checkGlossaryPath(path);
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path });
  return readGlossary(decodeBytes(bytes, path).text, path, languages);
}

interface Read {
  readonly stamp: string;
  readonly glossary: Glossary;
}

export class Glossaries {
  readonly #fs: FileSystem;
  readonly #read = new Map<string, Read>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** @throws AppError as `readGlossaryFile` */
  async of(path: string, languages: GlossaryLanguages): Promise<Glossary> {
    const status = await this.#fs.stat(path);
    const key = `${path}\n${languages.source}\n${languages.target}`;
    const stamp = `${String(status?.bytes)} ${String(status?.modified)}`;
    const known = this.#read.get(key);
    if (known?.stamp === stamp) return known.glossary;
    const glossary = new Glossary(await readGlossaryFile(this.#fs, path, languages));
    this.#read.set(key, { stamp, glossary });
    return glossary;
  }
}
