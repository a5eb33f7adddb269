import { isAbsolute, sep } from 'node:path';
import { AppError } from '../core/errors.ts';
import { codecFor } from '../core/document/codecs.ts';
import { sourceLanguageOfFile } from '../app/sourceLanguage.ts';
import { parseLanguage } from '../core/text/languages.ts';
import { resolvePath, type Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** A path in two parts, one after the other: the current folder where the path is absolute and below it, and the part that may name a language. */
export function partsOfPath(cwd: string, path: string): { readonly folder: string; readonly named: string } {
  const folder = `${cwd}${sep}`;
  return isAbsolute(path) && path.startsWith(folder) ? { folder, named: path.slice(folder.length) } : { folder: '', named: path };
}

/** The language of a file's sources: `--from`, else as the file names it. @throws AppError `document.noCodec`, `language.unknown` */
export function sourceLanguageFrom(args: Arguments, path: string, { cwd, fs }: CommandContext): Promise<string> {
  const [asked, target] = [args.text('from'), args.required('to')];
  return asked === undefined ? sourceLanguageOfFile(fs, { file: resolvePath(cwd, path), named: partsOfPath(cwd, path).named, target }) : Promise.resolve(parseLanguage(asked).tag);
}

/** Files as they were named; a folder stands for all files under it whose format is known, by name. */
export async function* filesIn(names: readonly string[], context: CommandContext): AsyncGenerator<string> {
  for (const name of names) {
    context.signal.throwIfAborted();
    const status = await context.fs.stat(resolvePath(context.cwd, name));
    if (status?.kind === 'folder') yield* inFolder(name, context);
    else yield name;
  }
}

async function* inFolder(folder: string, context: CommandContext): AsyncGenerator<string> {
  const entries = [...await context.fs.list(resolvePath(context.cwd, folder))].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, kind } of entries) {
    const path = `${folder.replace(/\/+$/u, '')}/${name}`;
    if (name === 'node_modules' || name.startsWith('.')) continue;
    if (kind === 'folder') yield* inFolder(path, context);
    else if (kind === 'file' && hasCodec(path)) yield path;
  }
}

function hasCodec(path: string): boolean {
  try {
    codecFor(path);
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'document.noCodec') return false;
    throw thrown;
  }
}
