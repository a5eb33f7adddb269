import { AppError } from '../core/errors.ts';
import { codecFor } from '../core/document/codecs.ts';
import { decodeBytes, maxDocumentBytes, type TextEncodingInfo } from '../core/document/encoding.ts';
import type { Codec, ParsedDocument, Segment } from '../core/document/segment.ts';
import type { SegmentRef } from '../core/candidate.ts';
import type { LanguagePair } from '../protocol/worker.ts';
import type { FileSystem } from '../store/fileSystem.ts';

export interface OpenedDocument {
  /** Absolute. */
  readonly path: string;
  /** Relative to the workspace folder, with `/`: the name in journals and sets. */
  readonly key: string;
  readonly encoding: TextEncodingInfo;
  readonly codec: Codec;
  readonly parsed: ParsedDocument;
}

/** Without a target language a document is only read, never written: bilingual files are then not held to one language. */
export interface DocumentLanguages {
  readonly source: string;
  readonly target?: string;
}

/**
 * Reads and parses a source file. Where the format names its language, the text is the skeleton of the target file.
 * @throws AppError `document.*` naming the file and, where it is known, the place in it.
 */
export async function openDocument(fs: FileSystem, path: string, key: string, languages: DocumentLanguages): Promise<OpenedDocument> {
  const codec = codecFor(path);
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path: key });
  if (bytes.length > maxDocumentBytes) throw new AppError('document.tooLarge', { path: key, bytes: bytes.length, limit: maxDocumentBytes });
  const { text, encoding } = decodeBytes(bytes, key);
  const { target } = languages;
  const skeleton = target === undefined ? text : (codec.retarget?.(text, target) ?? text);
  return { path, key, encoding, codec, parsed: parseAs(codec, skeleton, { path: key, languages }) };
}

/** Parses a text of a document's format. @throws AppError `document.syntax`, `document.empty` */
export function parseAs(codec: Codec, text: string, { path, languages: { source, target } }: { readonly path: string; readonly languages: DocumentLanguages }): ParsedDocument {
  return codec.parse(text, { path, sourceLanguage: source, ...(target === undefined ? {} : { targetLanguage: target }) });
}

/** Whether a new reading of a document has the same sources: our own writes into a bilingual file change none. */
export function sameSources({ parsed, codec }: OpenedDocument, { text, segments }: ParsedDocument): boolean {
  if (codec.bilingual !== true) return parsed.text === text;
  return parsed.segments.length === segments.length && parsed.segments.every(({ id, unit }, index) => id === segments[index]?.id && unit?.key === segments[index].unit?.key);
}

/** The segment as sets and journals name it. */
export function segmentRef(document: Pick<OpenedDocument, 'key'>, segment: Segment, languages: LanguagePair): SegmentRef {
  return {
    id: segment.id,
    source: segment.source,
    sourceLanguage: languages.source,
    targetLanguage: languages.target,
    document: document.key,
  };
}
