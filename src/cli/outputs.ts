/** Where results go, looked at before any work is done: a mistake must not cost the source, or the time. */
import { dirname } from 'node:path';
import { codecFor } from '../core/document/codecs.ts';
import { invalid, resolvePath, type Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { standardStream } from './standardInput.ts';

/**
 * Refuses an output that is the source (unless its format holds source and translation in one file), that is another output, or
 * that cannot be a file where it is named.
 * @param source absolute path of the document; undefined for standard input
 * @throws AppError `argument.invalid`
 */
export async function checkOutputs(source: string | undefined, parsed: Arguments, { fs, cwd }: CommandContext): Promise<void> {
  const taken = new Map<string, string>();
  for (const option of ['out', 'candidates']) {
    const file = parsed.text(option);
    if (file === undefined || (option === 'out' && file === standardStream)) continue;
    const path = resolvePath(cwd, file);
    const said = `--${option} ${file}`;
    if (path === source && (option !== 'out' || codecFor(source).bilingual !== true)) throw invalid(said, 'is the source itself, which would be lost; name another file');
    const other = taken.get(path);
    if (other !== undefined) throw invalid(said, `is the same file as --${other}; name another`);
    taken.set(path, option);
    if ((await fs.stat(path))?.kind === 'folder') throw invalid(said, 'is a folder; name a file');
    if ((await fs.stat(dirname(path)))?.kind !== 'folder') throw invalid(said, `${dirname(file)} is no folder; make it first`);
  }
}
