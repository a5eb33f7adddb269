import { AppError } from '../core/errors.ts';
import { decodeBytes } from '../core/document/encoding.ts';
import { resolvePath } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { inputName, standardStream } from './standardInput.ts';

/** Lines of a UTF-8 file, or (`-`) of standard input, without their ends; a newline at the end makes no empty last line. */
export async function readLines(file: string, context: Pick<CommandContext, 'fs' | 'cwd' | 'readInput'>): Promise<readonly string[]> {
  const bytes = file === standardStream ? await context.readInput() : await context.fs.read(resolvePath(context.cwd, file));
  if (bytes === undefined) throw new AppError('document.notFound', { path: file });
  const lines = decodeBytes(bytes, file === standardStream ? inputName : file).text.split(/\r?\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
