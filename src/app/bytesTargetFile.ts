import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { decodeBytes, encodeText, type TextEncodingInfo } from '../core/document/encoding.ts';
import { spliceText } from '../core/document/target.ts';
import type { TextRange } from '../core/document/segment.ts';
import type { WriteOutcome } from '../protocol/documents.ts';
import type { FileSystem } from '../store/fileSystem.ts';
import type { TargetFile } from './targetFile.ts';

const newFile: TextEncodingInfo = { label: 'utf-8', bom: false };

/** The target file as bytes on disk: decoded, spliced, encoded as it was, replaced atomically. */
export class BytesTargetFile implements TargetFile {
  readonly path: string;
  readonly #file: string;
  readonly #fs: FileSystem;
  readonly #encoding: TextEncodingInfo;

  /** @param encoding of a file that `create` makes: that of the source document. */
  constructor(file: string, fs: FileSystem, label: string, encoding: TextEncodingInfo = newFile) {
    this.#file = file;
    this.#fs = fs;
    this.path = label;
    this.#encoding = encoding;
  }

  async read(): Promise<string | undefined> {
    const bytes = await this.#fs.read(this.#file);
    return bytes === undefined ? undefined : decodeBytes(bytes, this.path).text;
  }

  async create(text: string): Promise<WriteOutcome> {
    if ((await this.#fs.read(this.#file)) !== undefined) throw new AppError('document.targetExists', { path: this.path });
    // `values-ja/strings.xml` may be the first file of its folder
    await this.#fs.makeFolder(dirname(this.#file));
    await this.#fs.writeAtomic(this.#file, encodeText(text, this.#encoding));
    return { kind: 'written' };
  }

  async restore(text: string): Promise<void> {
    const bytes = await this.#fs.read(this.#file);
    const encoding = bytes === undefined ? this.#encoding : decodeBytes(bytes, this.path).encoding;
    await this.#fs.writeAtomic(this.#file, encodeText(text, encoding));
  }

  settle(): Promise<WriteOutcome> {
    return Promise.resolve({ kind: 'written' });
  }

  async replace(before: string, range: TextRange, text: string): Promise<WriteOutcome> {
    const bytes = await this.#fs.read(this.#file);
    if (bytes === undefined) throw new AppError('document.changed', { path: this.path });
    const decoded = decodeBytes(bytes, this.path);
    if (decoded.text !== before) throw new AppError('document.changed', { path: this.path });
    await this.#fs.writeAtomic(this.#file, encodeText(spliceText(before, range, text), decoded.encoding));
    return { kind: 'written' };
  }
}
