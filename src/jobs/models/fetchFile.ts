/** One file of a hub onto the disk: resumed where it was left, compared with its digest, there whole or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, isAbort } from '../../core/errors.ts';
import { readFileOfHub, unreachable, type Hub, type HubFile } from './hub.ts';

export interface FetchOptions {
  readonly hub: Hub;
  readonly signal: AbortSignal;
  /** Bytes of the file that are here. */
  readonly onBytes: (bytes: number) => void;
  /** Milliseconds without a byte after which a connection is given up; 60,000 unless told. */
  readonly stallMs?: number;
}

const defaultStallMs = 60_000;
/** How often a connection may break in a row without a byte in between. */
const barren = 3;

/** Where a file lies while it is incomplete. */
export function partOf(path: string): string {
  return `${path}.part`;
}

/** Bytes of a file that are here already, whole or in part. */
export async function bytesHere(path: string): Promise<number> {
  return await sizeOf(path) ?? await sizeOf(partOf(path)) ?? 0;
}

/**
 * @throws AppError `model.damaged` (the bytes are not those that the host named; they are removed), `model.unreachable` (what is
 * here stays), `model.gated`, `model.refused`, `store.diskFull`; the signal's AbortError, and what is here stays
 */
export async function fetchFile(file: HubFile, to: string, options: FetchOptions): Promise<void> {
  const part = partOf(to);
  if (await sizeOf(to) === file.bytes) {
    options.onBytes(file.bytes);
    return;
  }
  await mkdir(dirname(to), { recursive: true });
  if ((await sizeOf(part) ?? 0) > file.bytes) await rm(part);
  await fill(file, part, options);
  if (!await isWhole(file, part)) {
    await rm(part, { force: true });
    throw new AppError('model.damaged', { path: to, url: file.url });
  }
  await rename(part, to);
}

async function fill(file: HubFile, part: string, options: FetchOptions): Promise<void> {
  let failures = 0;
  for (let have = await sizeOf(part) ?? 0; have < file.bytes;) {
    const before = have;
    const fault = await append(file, part, have, options).then(() => undefined, (thrown: unknown) => thrown ?? new Error('no reason'));
    options.signal.throwIfAborted();
    have = await sizeOf(part) ?? 0;
    failures = have > before ? 0 : failures + 1;
    if (fault instanceof AppError && fault.code !== 'model.unreachable') throw fault;
    if (failures >= barren) throw fault instanceof AppError ? fault : unreachable(file.url, fault ?? new Error('the connection ends early'));
  }
  // an empty file has no bytes to wait for
  if (file.bytes === 0) await (await open(part, 'a')).close();
}

/** Adds what one connection gives. */
async function append(file: HubFile, part: string, have: number, { hub, signal, onBytes, stallMs = defaultStallMs }: FetchOptions): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => { stalled.abort(); }, stallMs);
  let handle: FileHandle | undefined;
  try {
    const response = await readFileOfHub(hub, file, have, AbortSignal.any([signal, stalled.signal]));
    // 200: the host gives no parts and begins anew
    let at = response.status === 206 ? have : 0;
    handle = await open(part, at === 0 ? 'w' : 'a');
    const body: AsyncIterable<Uint8Array> | null = response.body;
    if (body === null) return;
    for await (const chunk of body) {
      timer.refresh();
      at += chunk.length;
      if (at > file.bytes) throw new AppError('model.damaged', { path: part, url: file.url });
      await handle.writeFile(chunk);
      onBytes(at);
    }
  } catch (thrown) {
    if (stalled.signal.aborted && isAbort(thrown)) throw unreachable(file.url, new Error(`no byte for ${Math.round(stallMs / 1000)} seconds`));
    throw outcome(thrown, file, part);
  } finally {
    clearTimeout(timer);
    await handle?.close();
  }
}

function outcome(thrown: unknown, { url }: HubFile, path: string): unknown {
  if (thrown instanceof AppError || isAbort(thrown)) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('store.diskFull', { path }, thrown);
  if (['EACCES', 'EPERM', 'EROFS', 'EISDIR'].includes(code)) return new AppError('store.unwritable', { path, reason: code }, thrown);
  return unreachable(url, thrown);
}

/** Of the right size and, where the host told one, of the right digest. */
async function isWhole({ bytes, digest }: HubFile, path: string): Promise<boolean> {
  if (await sizeOf(path) !== bytes) return false;
  if (digest === undefined) return true;
  const hash = digest.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`);
  const stream: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex') === digest.hex;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(({ size }) => size, () => undefined);
}
