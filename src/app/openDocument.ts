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

/**
 * Reads and parses a source file.
 * @throws AppError `document.*` naming the file and, where it is known, the place in it.
 */
export async function openDocument(fs: FileSystem, path: string, key: string, sourceLanguage: string): Promise<OpenedDocument> {
  const codec = codecFor(path);
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path: key });
  if (bytes.length > maxDocumentBytes) throw new AppError('document.tooLarge', { path: key, bytes: bytes.length, limit: maxDocumentBytes });
  const { text, encoding } = decodeBytes(bytes, key);
  return { path, key, encoding, codec, parsed: codec.parse(text, { path: key, sourceLanguage }) };
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
