import { isAbsolute, join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '../core/errors.ts';

export type OptionSpec = NonNullable<ParseArgsConfig['options']>;

export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  /** Of an option that may be given several times. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** @throws AppError `input.invalid` naming the option, its value and the range. */
  integer(name: string, range: { readonly min: number; readonly max: number; readonly fallback: number }): number;
  number(name: string, range: { readonly min: number; readonly max: number }): number | undefined;
  required(name: string): string;
}

/** @throws AppError `input.invalid` for an unknown option or a missing value. */
export function readArguments(args: readonly string[], options: OptionSpec): Arguments {
  const { values, positionals } = parse(args, options);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const numeric = (name: string, range: { readonly min: number; readonly max: number }): number | undefined => {
    const raw = text(name);
    if (raw === undefined) return undefined;
    const value = Number(raw);
    if (raw.trim() === '' || !Number.isFinite(value) || value < range.min || value > range.max) throw invalid(`--${name} ${raw}`, `must be a number from ${range.min} to ${range.max}`);
    return value;
  };
  return {
    positionals,
    text,
    texts: (name) => [values[name]].flat().filter((value) => typeof value === 'string'),
    flag: (name) => values[name] === true,
    integer: (name, range) => {
      const value = numeric(name, range) ?? range.fallback;
      if (!Number.isInteger(value)) throw invalid(`--${name} ${value}`, 'must be a whole number');
      return value;
    },
    number: numeric,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw invalid(`--${name}`, 'is required; see --help');
      return value;
    },
  };
}

function parse(args: readonly string[], options: OptionSpec): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    // Node's second sentence is about arguments that begin with a dash.
    const [reason] = (thrown instanceof Error ? thrown.message : String(thrown)).split('. ');
    throw invalid('arguments', `${reason ?? ''}; see --help`);
  }
}

export function onePositional(args: Arguments, name: string): string {
  const [first, ...rest] = args.positionals;
  if (first === undefined) throw invalid(name, 'is missing; see --help');
  if (rest.length > 0) throw invalid(rest.join(' '), `was not expected after ${name}`);
  return first;
}

/** @throws AppError `input.invalid` naming the option, its value and what is allowed */
export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(`--${name} ${value}`, `must be one of ${allowed.join(', ')}`);
  return found;
}

export function resolvePath(cwd: string, path: string): string {
  return isAbsolute(path) ? path : join(cwd, path);
}

export function invalid(where: string, reason: string): AppError<'input.invalid'> {
  return new AppError('input.invalid', { where, reason });
}
