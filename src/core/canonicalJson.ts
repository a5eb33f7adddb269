/** JSON with one form for one value, so that equal values give equal bytes on every machine. Pure. */
import { AppError } from './errors.ts';

/**
 * `value` as JSON on one line, keys sorted by code unit, absent (`undefined`) properties left out.
 * @throws AppError `input.invalid` naming the path of a value that JSON has no form for: NaN, an infinity, a function,
 * a symbol, a bigint, or `undefined` inside an array.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  // JSON.stringify escapes lone surrogates, so the result can always be written as UTF-8.
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value, path);
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${path}[${String(index)}]`)).join(',')}]`;
  }
  if (typeof value === 'object') return writeObject(value, path);
  throw refuse(path, typeof value);
}

function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw refuse(path, String(value));
  return JSON.stringify(value);
}

function writeObject(value: object, path: string): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, `${path}.${key}`)}`);
  return `{${members.join(',')}}`;
}

function refuse(path: string, what: string): AppError {
  return new AppError('input.invalid', { where: path, reason: `${what} has no form in JSON` });
}

/** Order of two strings by UTF-16 code unit: the same on every machine, unlike an order by locale. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
