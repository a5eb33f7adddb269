/** The language of a file's sources, as the file names it. */
import { codecFor } from '../core/document/codecs.ts';
import { decodeHead } from '../core/document/encoding.ts';
import { headLength, sourceLanguageIn } from '../core/document/namedSource.ts';
import type { FileSystem } from '../store/fileSystem.ts';

export interface SourceQuestion {
  /** Absolute. */
  readonly file: string;
  /** The part of its path that may name a language, as for `sourceLanguageOf`. */
  readonly named: string;
  readonly target: string;
  /** The folder's language for files that say nothing. */
  readonly byDefault?: string | undefined;
}

/**
 * As `sourceLanguageIn`; reads the file only where its format can name a language. A file that is missing says nothing.
 * @throws AppError `document.noCodec`, and as `sourceLanguageIn` and `FileSystem` do
 */
export async function sourceLanguageOfFile(fs: FileSystem, { file, named, target, byDefault }: SourceQuestion): Promise<string> {
  const codec = codecFor(file);
  const bytes = codec.namedSource === undefined ? undefined : await fs.read(file);
  const head = bytes === undefined ? '' : decodeHead(bytes.subarray(0, headLength));
  return sourceLanguageIn({ codec, path: named, head }, target, byDefault);
}
