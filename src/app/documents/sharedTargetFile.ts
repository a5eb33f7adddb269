import { AppError } from '../../core/errors.ts';
import { decodeBytes, workspaceEditSafety, type TextEncodingInfo } from '../../core/document/encoding.ts';
import type { TextRange } from '../../core/document/segment.ts';
import { spliceText } from '../../core/document/target.ts';
import type { DocumentClientContract, TargetParams, WriteOutcome } from '../../protocol/documents.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { BytesTargetFile } from '../bytesTargetFile.ts';
import type { TargetFile } from '../targetFile.ts';

type Calls = DocumentClientContract['calls'];

/** Who may have the file open: the editor, on the other side of the thread's channel. */
export interface FileHolder {
  held(): Promise<Calls['held']['result']>;
  edit(edit: Calls['edit']['params']): Promise<Calls['edit']['result']>;
}

/** Larger files go through an editor only where one has them open: it would have to load them for each accept. */
const editorOpensUpTo = 1_000_000;

/**
 * The target file of a thread. What an editor holds is edited there where that keeps every byte, so that undo works, and the
 * bytes on disk are spliced otherwise (decisions.md 7). A file with unsaved changes is left for its owner to save.
 */
export class SharedTargetFile implements TargetFile {
  readonly path: string;
  readonly #file: string;
  readonly #fs: FileSystem;
  readonly #holder: FileHolder;
  readonly #bytes: BytesTargetFile;

  /** @param encoding of a file that `create` makes */
  constructor(target: Pick<TargetParams, 'path' | 'label'>, encoding: TextEncodingInfo, fs: FileSystem, holder: FileHolder) {
    this.path = target.label;
    this.#file = target.path;
    this.#fs = fs;
    this.#holder = holder;
    this.#bytes = new BytesTargetFile(target.path, fs, target.label, encoding);
  }

  async read(): Promise<string | undefined> {
    return (await this.#holder.held()).unsaved ?? this.#bytes.read();
  }

  create(text: string): Promise<WriteOutcome> {
    return this.#bytes.create(text);
  }

  async restore(text: string): Promise<void> {
    await this.#mustBeSaved();
    await this.#bytes.restore(text);
  }

  async replace(before: string, range: TextRange, text: string): Promise<WriteOutcome> {
    if (!(await this.#throughEditor())) {
      await this.#mustBeSaved();
      return this.#bytes.replace(before, range, text);
    }
    if (await this.#holder.edit({ before, range, text }) === 'unsaved') return { kind: 'unsaved' };
    const expected = spliceText(before, range, text);
    const actual = (await this.#bytes.read()) ?? '';
    return actual === expected ? { kind: 'written' } : { kind: 'altered', expected, actual };
  }

  async settle(before: string): Promise<WriteOutcome> {
    if ((await this.#holder.held()).unsaved === undefined) return { kind: 'written' };
    const left = await this.#holder.edit({ before, range: { start: 0, end: 0 }, text: '' });
    return { kind: left === 'unsaved' ? 'unsaved' : 'written' };
  }

  async #throughEditor(): Promise<boolean> {
    const size = (await this.#fs.stat(this.#file))?.bytes ?? 0;
    if (size > editorOpensUpTo && !(await this.#holder.held()).open) return false;
    const bytes = await this.#fs.read(this.#file);
    if (bytes === undefined) return false;
    const decoded = decodeBytes(bytes, this.path);
    return decoded.encoding.label === 'utf-8' && workspaceEditSafety(bytes, decoded).safe;
  }

  async #mustBeSaved(): Promise<void> {
    if ((await this.#holder.held()).unsaved !== undefined) throw new AppError('document.dirty', { path: this.path });
  }
}
