/** What the training commands have in common: where Python, models and servers are. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerChoice } from '../app/backends.ts';
import type { PathMapping } from '../backend/openai/adapters.ts';
import { invalid, resolvePath, type Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { apiKeyFrom, urlsOf } from './serverOptions.ts';

export interface Invocation {
  readonly parsed: Arguments;
  readonly context: CommandContext;
}

export const serverOptions = { backend: { type: 'string' }, model: { type: 'string' }, 'api-key-env': { type: 'string' } } as const;

/** The server of `--backend`; undefined: none was named. */
export function serverOf({ parsed, context }: Invocation): ServerChoice | undefined {
  const url = parsed.text('backend');
  if (url === undefined) return undefined;
  return { kind: 'server', urls: urlsOf(url), model: parsed.text('model'), apiKey: apiKeyFrom(parsed, context), paths: mappingsOf(parsed) };
}

/** `--map HERE=THERE`, as often as it was given. @throws AppError `input.invalid` */
function mappingsOf(parsed: Arguments): readonly PathMapping[] {
  return parsed.texts('map').map((given) => {
    const at = given.indexOf('=');
    if (at < 1) throw invalid(`--map ${given}`, 'must be HERE=THERE, two folders');
    return { here: given.slice(0, at), there: given.slice(at + 1) };
  });
}

export function accelerateFile({ parsed, context }: Invocation): string | undefined {
  const given = parsed.text('accelerate');
  return given === undefined ? undefined : resolvePath(context.cwd, given);
}

/** A model of the product by name, or a folder. */
export function baseFolder(base: string, context: CommandContext): string {
  const own = join(context.home, 'media', base);
  return /^[\w.-]+$/u.test(base) && existsSync(join(own, 'config.json')) ? own : resolvePath(context.cwd, base);
}

export function pythonOf({ parsed, context }: Invocation): string {
  const given = parsed.text('python') ?? context.env['INTERLINEAR_PYTHON'];
  if (given !== undefined) return /[/\\]/u.test(given) ? resolvePath(context.cwd, given) : given;
  const own = [join(context.home, '.venv', 'bin', 'python'), join(context.home, '.venv', 'Scripts', 'python.exe')];
  return own.find((path) => existsSync(path)) ?? 'python3';
}
