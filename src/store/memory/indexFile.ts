/**
 * The index of one unit file, beside it under `index/`: a cache that is made again when it is missing, old or damaged.
 * Layout: 8 bytes of magic, header length (uint32), JSON header, then the arrays, each from a multiple of 4 bytes, in the byte
 * order of the machine. The header names version, arrays, checksum, and the size and time of the unit file.
 */
import * as v from 'valibot';
import type { IndexArrays } from '../../core/memory/indexBuilder.ts';
import type { FileSystem } from '../fileSystem.ts';

/** What the unit file was when its index was made. */
export interface UnitFileStamp {
  readonly bytes: number;
  readonly modified: number;
}

export interface StoredIndex {
  readonly arrays: IndexArrays;
  /** Byte offset of each unit's line, low and high 32 bits. */
  readonly offsets: { readonly low: Uint32Array; readonly high: Uint32Array };
}

/** `stale`: the unit file is another one by now, or there is no index; `damaged`: the index cannot be read. */
export type IndexReading = { readonly kind: 'index'; readonly index: StoredIndex } | { readonly kind: 'stale' } | { readonly kind: 'damaged'; readonly reason: string };

const magic = 'ILTMIDX1';
const names = ['vocabulary', 'postingStarts', 'postings', 'tokenStarts', 'tokens', 'units', 'low', 'high'] as const;
const headerSchema = v.object({
  version: v.literal(1), bytes: v.number(), modified: v.number(), checksum: v.number(),
  /** Of each array, as `names`. */
  lengths: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.length(names.length)),
});

/** @throws AppError `store.*` */
export async function writeIndex(fs: FileSystem, path: string, { arrays, offsets }: StoredIndex, stamp: UnitFileStamp): Promise<void> {
  const all = { ...arrays, ...offsets };
  const lists = names.map((name) => all[name]);
  const lengths = lists.map((list) => list.length);
  const header = new TextEncoder().encode(JSON.stringify({ version: 1, ...stamp, checksum: checksum(lists), lengths }));
  const start = aligned(12 + header.length);
  const bytes = new Uint8Array(start + lists.reduce((sum, list) => sum + list.byteLength, 0));
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(header, 12);
  let at = start;
  for (const list of lists) {
    bytes.set(new Uint8Array(list.buffer, list.byteOffset, list.byteLength), at);
    at += list.byteLength;
  }
  await fs.writeAtomic(path, bytes);
}

/** @throws AppError `store.*` */
export async function readIndex(fs: FileSystem, path: string, stamp: UnitFileStamp): Promise<IndexReading> {
  const read = await fs.read(path);
  if (read === undefined) return { kind: 'stale' };
  const bytes = read.byteOffset % 4 === 0 ? read : read.slice();
  if (bytes.length < 12 || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) return { kind: 'damaged', reason: 'it is no index' };
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const header = v.safeParse(headerSchema, jsonOf(bytes.subarray(12, 12 + length)));
  if (!header.success) return { kind: 'damaged', reason: 'its header cannot be read' };
  if (header.output.bytes !== stamp.bytes || header.output.modified !== stamp.modified) return { kind: 'stale' };
  return arraysIn(bytes, aligned(12 + length), header.output);
}

function arraysIn(bytes: Uint8Array, start: number, { lengths, checksum: expected }: v.InferOutput<typeof headerSchema>): IndexReading {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (bytes.length !== start + total * 4) return { kind: 'damaged', reason: `it has ${String(bytes.length)} bytes instead of ${String(start + total * 4)}` };
  let at = bytes.byteOffset + start;
  const lists = lengths.map((length) => {
    const list = new Uint32Array(bytes.buffer, at, length);
    at += list.byteLength;
    return list;
  });
  if (checksum(lists) !== expected) return { kind: 'damaged', reason: 'its checksum is wrong' };
  const list = (name: (typeof names)[number]): Uint32Array => lists[names.indexOf(name)] ?? new Uint32Array();
  const arrays = {
    vocabulary: list('vocabulary'), postingStarts: list('postingStarts'), postings: list('postings'),
    tokenStarts: list('tokenStarts'), tokens: list('tokens'), units: list('units'),
  };
  return { kind: 'index', index: { arrays, offsets: { low: list('low'), high: list('high') } } };
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}

/** FNV-1a over 32-bit words. */
function checksum(lists: readonly Uint32Array[]): number {
  let hash = 0x811c9dc5;
  for (const list of lists) for (let i = 0; i < list.length; i++) hash = Math.imul(hash ^ (list[i] ?? 0), 0x01000193);
  return hash >>> 0;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
