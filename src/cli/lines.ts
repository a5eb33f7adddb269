import { AppError } from '../core/errors.ts';
import { decodeBytes } from '../core/document/encoding.ts';
import type { FileSystem } from '../store/fileSystem.ts';

/** Lines of a UTF-8 file without their ends; a newline at the end makes no empty last line. */
export async function readLines(fs: FileSystem, path: string, label: string): Promise<readonly string[]> {
  const bytes = await fs.read(path);
  if (bytes === undefined) throw new AppError('document.notFound', { path: label });
  const lines = decodeBytes(bytes, label).text.split(/\r?\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
