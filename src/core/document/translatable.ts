/** Which files of a folder a person may want to translate. Pure. */
import { sourceLanguageOf } from '../text/languages.ts';
import { allCodecs, codecFor } from './codecs.ts';
import { translatedPath } from './targetPaths.ts';

export interface TranslatableRequest {
  /** Undefined: not chosen yet, so no file is known to be a translation. */
  readonly target: string | undefined;
  /** What the settings say; undefined: told by the file's name. */
  readonly source: string | undefined;
  readonly patterns: Readonly<Record<string, string>>;
}

/** A glob of all known formats; it takes in a little more than `codecFor` knows. */
export function translatableGlob(): string {
  const extensions = allCodecs().flatMap((codec) => codec.extensions);
  const endings = extensions.filter((extension) => extension.startsWith('.')).map((extension) => `**/*${extension}`);
  return `{${[...endings, '**/strings*.xml', '**/values*/*.xml'].join(',')}}`;
}

/**
 * Paths in the order of their folders and names, without those of unknown formats and without the translations of others.
 * Linear but for the sorting.
 */
export function translatableFiles(paths: readonly string[], { target, source, patterns }: TranslatableRequest): readonly string[] {
  const known = paths.filter(isKnown);
  const translations = new Set(target === undefined ? [] : known.flatMap((path) => {
    const to = translatedPath(path, { source: sourceLanguageOf(path, target, source), target, patterns });
    return to === path ? [] : [to];
  }));
  return known.filter((path) => !translations.has(path)).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

function depth(path: string): number {
  return path.split('/').length;
}

function isKnown(path: string): boolean {
  try {
    codecFor(path);
    return true;
  } catch {
    return false;
  }
}
