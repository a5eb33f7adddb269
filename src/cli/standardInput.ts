/** A document that comes on standard input: `-` in place of a file's name. */
import { addAbortSignal, type Readable } from 'node:stream';
import { AppError } from '../core/errors.ts';
import { codecFor } from '../core/document/codecs.ts';
import { maxDocumentBytes } from '../core/document/encoding.ts';
import type { Codec } from '../core/document/segment.ts';

/** In place of a file's name: standard input, standard output. */
export const standardStream = '-';

/** What errors and candidate sets call a document that has no name. */
export const inputName = 'stdin';

/**
 * All bytes up to the end of the stream.
 * @throws AbortError when the signal fires; AppError `document.tooLarge` as soon as there is more than a document may have
 */
export async function readStandardInput(stream: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of addAbortSignal(signal, stream) as AsyncIterable<Buffer>) { // no encoding is set: it gives buffers
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxDocumentBytes) throw new AppError('document.tooLarge', { path: inputName, bytes, limit: maxDocumentBytes });
  }
  return Buffer.concat(chunks);
}

/**
 * The codec of a format that a person names: an extension (`md`, `.md`), or a file's name where that decides (`strings.xml`).
 * @throws AppError `document.noCodec` with the extensions that are known
 */
export function codecOfFormat(format: string): Codec {
  return codecFor(format.includes('.') ? format : `${inputName}.${format}`);
}
