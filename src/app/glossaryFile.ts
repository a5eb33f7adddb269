/** The glossary of a workspace, read again when its file changes. */
import { decodeBytes } from '../core/document/encoding.ts';
import { AppError } from '../core/errors.ts';
import { Glossary, type GlossaryTerm } from '../core/glossary/glossary.ts';
import { checkGlossaryPath, readGlossary, type GlossaryLanguages } from '../core/glossary/read.ts';
import type { FileSystem } from '../store/fileSystem.ts';

/** Where it is looked for when nobody says otherwise, from the workspace folder. */
export const usualGlossary = '.interlinear/glossary.csv';

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

  /** Empty where there is no file and `optional`. @throws AppError as `readGlossaryFile` */
  async of(path: string, languages: GlossaryLanguages, optional: boolean): Promise<Glossary> {
    const status = await this.#fs.stat(path);
    if (status === undefined && optional) return new Glossary([]);
    const key = `${path}\n${languages.source}\n${languages.target}`;
    const stamp = `${String(status?.bytes)} ${String(status?.modified)}`;
    const known = this.#read.get(key);
    if (known?.stamp === stamp) return known.glossary;
    const glossary = new Glossary(await readGlossaryFile(this.#fs, path, languages));
    this.#read.set(key, { stamp, glossary });
    return glossary;
  }
}
