/** Reading JSON Lines that a crash, a merge or a hand may have damaged. */
import type { Parsed } from '../core/validation.ts';

export interface BadLine {
  /** `torn`: the last line, without its line end, as a crash leaves it. */
  readonly kind: 'torn' | 'garbage';
  /** From 1. */
  readonly line: number;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

export interface ReadLines<T> {
  readonly values: readonly T[];
  readonly bad: readonly BadLine[];
  /** Bytes up to the end of the last line that has a line end. */
  readonly endedAt: number;
}

const newline = 0x0a;

/** Reads every line that can be read. Blank lines are nothing. A last line without its end counts when it is whole. */
export function readJsonLines<T>(bytes: Uint8Array, check: (value: unknown) => Parsed<T>): ReadLines<T> {
  const values: T[] = [];
  const bad: BadLine[] = [];
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const found = bytes.indexOf(newline, start);
    const end = found === -1 ? bytes.length : found;
    const slice = bytes.subarray(start, end);
    const parsed = parseLine(slice, check);
    if (parsed?.ok === true) values.push(parsed.value);
    else if (parsed !== undefined) bad.push({ kind: found === -1 ? 'torn' : 'garbage', line, reason: parsed.reason, bytes: slice });
    start = end + 1;
  }
  return { values, bad, endedAt: bytes.lastIndexOf(newline) + 1 };
}

function parseLine<T>(bytes: Uint8Array, check: (value: unknown) => Parsed<T>): Parsed<T> | undefined {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    if (text === '') return undefined;
    value = JSON.parse(text);
  } catch (thrown) {
    return { ok: false, reason: thrown instanceof SyntaxError ? 'not JSON' : 'not UTF-8' };
  }
  return check(value);
}

/** One line of JSON Lines as bytes, with its line end. */
export function lineBytes(json: string): Uint8Array {
  return new TextEncoder().encode(`${json}\n`);
}
