import { dirname, join } from 'node:path';
import { codecFor } from '../../core/document/codecs.ts';
import type { Codec } from '../../core/document/segment.ts';
import { translatedPath } from '../../core/document/targetPaths.ts';
import { sourceLanguageOf } from '../../core/text/languages.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { sourceLanguageOfFile } from '../sourceLanguage.ts';
import type { FileSystem } from '../../store/fileSystem.ts';

export interface PairQuestion {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Relative to it, with `/`: a source, a translation, or a bilingual file. */
  readonly path: string;
  readonly target: string;
  /** The folder's default, for files that do not name their own. */
  readonly source?: string;
  readonly patterns?: Readonly<Record<string, string>>;
}

/** Paths relative to the workspace folder; the same one twice for a bilingual file. */
export interface TranslationPair {
  readonly source: string;
  readonly target: string;
  readonly languages: LanguagePair;
}

/**
 * The source and the translation that a file belongs to. A translation's source is looked for beside it and, under its own
 * name, in the folders beside its folder (`values`, `en.lproj`). Undefined: a format that is not known, or no partner.
 */
export async function translationPair(fs: FileSystem, question: PairQuestion): Promise<TranslationPair | undefined> {
  const { root, path } = question;
  const codec = knownCodec(path);
  if (codec === undefined) return undefined;
  const self = pairOf(question, path);
  if (codec.bilingual === true && self.target === path) return inNamedLanguage(fs, question, self);
  for (const candidate of await neighbours(fs, root, path)) {
    const pair = pairOf(question, candidate);
    if (pair.target === path && (await fs.stat(join(root, candidate)))?.kind === 'file') return inNamedLanguage(fs, question, pair);
  }
  const isSource = self.target !== path && await fs.stat(join(root, self.target)) !== undefined;
  return isSource ? inNamedLanguage(fs, question, self) : undefined;
}

/** The pair in the language that its source names, where its format can. */
async function inNamedLanguage(fs: FileSystem, { root, target, source }: PairQuestion, pair: TranslationPair): Promise<TranslationPair> {
  const from = await sourceLanguageOfFile(fs, { file: join(root, pair.source), named: pair.source, target, byDefault: source });
  return { ...pair, languages: { ...pair.languages, source: from } };
}

function pairOf({ target, source, patterns }: PairQuestion, path: string): TranslationPair {
  const languages = { source: sourceLanguageOf(path, target, source), target };
  return { source: path, target: translatedPath(path, patterns === undefined ? languages : { ...languages, patterns }), languages };
}

/** Where the source of a translation may be; not each of them exists. */
async function neighbours(fs: FileSystem, root: string, path: string): Promise<readonly string[]> {
  const [folder, name] = [dirname(path), path.slice(path.lastIndexOf('/') + 1)];
  const here = await fs.list(join(root, folder));
  const beside = here.filter((entry) => entry.kind === 'file').map((entry) => joined(folder, entry.name));
  const parents = folder === '.' ? [] : await fs.list(join(root, dirname(folder)));
  const elsewhere = parents.filter((entry) => entry.kind === 'folder').map((entry) => joined(joined(dirname(folder), entry.name), name));
  return [...beside, ...elsewhere].filter((candidate) => candidate !== path && knownCodec(candidate) !== undefined);
}

function joined(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

function knownCodec(path: string): Codec | undefined {
  try {
    return codecFor(path);
  } catch {
    return undefined;
  }
}
