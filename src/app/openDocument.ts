import { AppError } from '../core/errors.ts';
import { codecFor } from '../core/document/codecs.ts';
import { inShapeOf } from '../core/document/messageShape.ts';
import { decodeBytes, maxDocumentBytes, type TextEncodingInfo } from '../core/document/encoding.ts';
import type { Codec, ParsedDocument, ParseOptions, SegmentText } from '../core/document/segment.ts';
import type { SegmentRef } from '../core/candidate.ts';
import type { DocumentLanguages } from '../protocol/documents.ts';
import type { LanguagePair } from '../protocol/worker.ts';
import type { FileSystem } from '../store/fileSystem.ts';

/** A document as a review knows it, wherever its text is held. */
export interface SourceDocument {
  /** Absolute. */
  readonly path: string;
  /** Relative to the workspace folder, with `/`: the name in journals and sets. */
  readonly key: string;
  readonly encoding: TextEncodingInfo;
  readonly codec: Codec;
  readonly segments: readonly SegmentText[];
}

export interface OpenedDocument extends Omit<SourceDocument, 'segments'> {
  readonly parsed: ParsedDocument;
}

/** What a file's bytes are read as; `path` and `key` as in `SourceDocument`. */
export interface BytesOf {
  readonly path: string;
  readonly key: string;
  readonly codec: Codec;
  readonly languages: DocumentLanguages;
}

interface ReadDocument extends Omit<OpenedDocument, 'parsed'> {
  readonly text: string;
}

/**
 * Reads and parses a source file. Where the format names its language, the text is the skeleton of the target file.
 * @throws AppError `document.*` naming the file and, where it is known, the place in it.
 */
export async function openDocument(fs: FileSystem, path: string, key: string, languages: DocumentLanguages): Promise<OpenedDocument> {
  const { text, ...about } = await readDocument(fs, path, key, languages);
  return { ...about, parsed: parseAs(about.codec, text, { path: key, languages }) };
}

/** Parses bytes that come from anywhere as `openDocument` parses a file. @throws as it */
export function openBytes(bytes: Uint8Array, about: BytesOf): OpenedDocument {
  const { text, ...document } = decodeDocument(bytes, about);
  return { ...document, parsed: parseAs(about.codec, text, { path: about.key, languages: about.languages }) };
}

/** The text that `openDocument` parses. @throws as it */
export async function readDocument(fs: FileSystem, path: string, key: string, languages: DocumentLanguages): Promise<ReadDocument> {
  const codec = codecFor(path);
  const size = (await fs.stat(path))?.bytes ?? 0;
  if (size > maxDocumentBytes) throw new AppError('document.tooLarge', { path: key, bytes: size, limit: maxDocumentBytes });
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path: key });
  return decodeDocument(bytes, { path, key, codec, languages });
}

function decodeDocument(bytes: Uint8Array, { path, key, codec, languages }: BytesOf): ReadDocument {
  const { text, encoding } = decodeBytes(bytes, key);
  return { path, key, encoding, codec, text: skeletonOf(codec, text, { path: key, languages }) };
}

/** Parses a source text as `openDocument` does. @throws as `parseAs` */
export function parseSource(codec: Codec, text: string, about: { readonly path: string; readonly languages: DocumentLanguages }): ParsedDocument {
  return parseAs(codec, skeletonOf(codec, text, about), about);
}

/** Where the format names its language, the text of the target file before anything is translated. */
function skeletonOf(codec: Codec, text: string, { path, languages: { target } }: ParsedAs): string {
  return target === undefined ? text : (codec.retarget?.(text, target, path) ?? text);
}

/** Parses a text of a document's format. @throws AppError `document.syntax`, `document.empty` */
export function parseAs(codec: Codec, text: string, about: ParsedAs): ParsedDocument {
  return codec.parse(text, optionsOf(about));
}

interface ParsedAs {
  readonly path: string;
  readonly languages: DocumentLanguages;
}

function optionsOf({ path, languages: { source, target, columns } }: ParsedAs): ParseOptions {
  return { path, sourceLanguage: source, ...(target === undefined ? {} : { targetLanguage: target }), ...(columns === undefined ? {} : { columns }) };
}

/**
 * The same for a translated file of a document, which may hold nothing yet; its messages are read as the document's are cut.
 * @throws AppError `document.syntax`
 */
export function parseTarget({ codec, parsed: source }: Pick<OpenedDocument, 'codec' | 'parsed'>, text: string, about: ParsedAs): ParsedDocument {
  try {
    const target = codec.parse(text, { ...optionsOf(about), isTranslation: codec.bilingual !== true });
    return inShapeOf(target, { source, codec, language: about.languages.target ?? about.languages.source });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'document.empty') return { codec: codec.id, text, segments: [] };
    throw thrown;
  }
}

/** Whether a new reading of a document has the same sources: our own writes into a bilingual file change none. */
export function sameSources({ parsed, codec }: OpenedDocument, { text, segments }: ParsedDocument): boolean {
  if (codec.bilingual !== true) return parsed.text === text;
  return parsed.segments.length === segments.length && parsed.segments.every(({ id, unit }, index) => id === segments[index]?.id && unit?.key === segments[index].unit?.key);
}

/** The segment as sets and journals name it. */
export function segmentRef(document: Pick<SourceDocument, 'key'>, segment: SegmentText, languages: LanguagePair): SegmentRef {
  return {
    id: segment.id,
    source: segment.source,
    sourceLanguage: languages.source,
    targetLanguage: languages.target,
    document: document.key,
  };
}
