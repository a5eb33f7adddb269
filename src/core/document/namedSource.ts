/** What a file says itself of the language of its sources. Pure. */
import { findLanguage, sourceLanguageOf } from '../text/languages.ts';
import type { Codec } from './segment.ts';

/** UTF-16 units of a file in which its codec looks for the language: headers stand at its beginning. */
export const headLength = 1 << 20;

export interface FileHead {
  readonly codec: Codec;
  /** As for `sourceLanguageOf`. */
  readonly path: string;
  /** The beginning of its text, `headLength` or less. */
  readonly head: string;
}

/**
 * The language of a file's sources: the one that a bilingual file names, else as `sourceLanguageOf` finds it. A language that
 * Interlinear does not know counts as none. `byDefault` is the folder's; what a person asks for this file wins over all of this.
 * @throws AppError `language.unknown` for a default that is none
 */
export function sourceLanguageIn({ codec, path, head }: FileHead, target: string, byDefault?: string): string {
  const named = codec.namedSource?.(head.slice(0, headLength), target);
  return findLanguage(named ?? '')?.tag ?? sourceLanguageOf(path, target, byDefault);
}
