/**
 * Imported units: one JSON Lines file an import and language pair, committed with the project. The first line says what the
 * file is, every other line is a unit.
 */
import * as v from 'valibot';
import type { MemoryUnit } from '../../core/memory/unit.ts';
import { AppError } from '../../core/errors.ts';
import { piecesOf } from './largeFile.ts';

const headSchema = v.object({ format: v.literal('interlinear-memory'), version: v.literal(1), source: v.string(), target: v.string(), origin: v.string() });
export type UnitFileHead = v.InferOutput<typeof headSchema>;

const contextSchema = v.object({ key: v.exactOptional(v.string()), previous: v.exactOptional(v.string()), next: v.exactOptional(v.string()) });

export function headLine(head: Omit<UnitFileHead, 'format' | 'version'>): string {
  return `${JSON.stringify({ format: 'interlinear-memory', version: 1, ...head })}\n`;
}

export function unitLine({ source, target, context, by, at }: Omit<MemoryUnit, 'origin'>): string {
  return `${JSON.stringify({ source, target, ...(context !== undefined && { context }), ...(by !== undefined && { by }), ...(at !== undefined && { at }) })}\n`;
}

/** Undefined for a line that is no unit. */
export function parseUnit(line: string, origin: string): MemoryUnit | undefined {
  // looked at by hand: a memory has a million lines, and a schema takes five times as long
  const value = jsonOf(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, target, by, at, context } = value as Readonly<Record<string, unknown>>; // each is looked at below
  if (typeof source !== 'string' || typeof target !== 'string' || !isText(by) || !isText(at)) return undefined;
  const place = context === undefined ? undefined : v.safeParse(contextSchema, context);
  if (place?.success === false) return undefined;
  return { source, target, ...(place !== undefined && { context: place.output }), ...(by !== undefined && { by }), ...(at !== undefined && { at }), origin };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

export interface UnitLine {
  /** In bytes. */
  readonly offset: number;
  readonly line: string;
  /** From 1; the head is line 1. */
  readonly number: number;
}

const newline = 0x0a;

/** All lines of a file, with where they begin. The last may lack its end. */
export async function* linesOf(path: string, signal?: AbortSignal): AsyncGenerator<readonly UnitLine[]> {
  const decoder = new TextDecoder();
  let rest = new Uint8Array();
  let offset = 0;
  let number = 1;
  for await (const piece of piecesOf(path, signal)) {
    const bytes = rest.length === 0 ? piece : joined(rest, piece);
    const lines: UnitLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      lines.push({ offset: offset + start, line: decoder.decode(bytes.subarray(start, end)), number: number++ });
      start = end + 1;
    }
    rest = bytes.slice(start);
    offset += start;
    yield lines;
  }
  if (rest.length > 0) yield [{ offset, line: decoder.decode(rest), number }];
}

/** @throws AppError `store.altered` for a file that is none of ours */
export async function readHead(path: string, shown: string): Promise<UnitFileHead> {
  for await (const [first] of linesOf(path)) {
    const result = v.safeParse(headSchema, first === undefined ? undefined : jsonOf(first.line));
    if (result.success) return result.output;
    break;
  }
  throw new AppError('store.altered', { path: shown, reason: 'its first line is not that of a memory of this version' });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
