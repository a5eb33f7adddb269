/** A model hub, as huggingface.co and its mirrors speak: what a file is, asked by HEAD, and its bytes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, isAbort } from '../../core/errors.ts';
import type { PublishedFile } from '../../core/models/catalogue.ts';

export const defaultHost = 'https://huggingface.co';

export interface Hub {
  /** Without a slash at the end. */
  readonly host: string;
  /** Goes to `host` alone, never to where that redirects to. */
  readonly token?: string;
  readonly fetch: typeof fetch;
  /** Milliseconds before a server that is busy or broken is asked again; a test has none. */
  readonly pauses?: readonly number[];
}

/** Large files have a SHA-256 there, small ones git's own digest (SHA-1 over "blob SIZE\0" and the bytes). */
export interface Digest {
  readonly kind: 'sha256' | 'git';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

export interface HubFile extends PublishedFile {
  /** Of the revision that was asked about, so that a later request gets the same bytes. */
  readonly url: string;
  /** Undefined: the host does not tell. */
  readonly commit: string | undefined;
  readonly bytes: number;
  readonly digest: Digest | undefined;
}

const redirects = 6;
const defaultPauses = [500, 2_000, 8_000];

/**
 * What the host says of a file; nothing of it is fetched. Undefined: the repository has no such file.
 * @throws AppError `model.gated`, `model.refused`, `model.unreachable`
 */
export async function askFile(hub: Hub, { repository, path }: PublishedFile, signal: AbortSignal): Promise<HubFile | undefined> {
  const url = urlOf(hub, { repository, path }, 'main');
  const { response, told } = await send(hub, { url, method: 'HEAD', signal });
  if (response.status === 404 && response.headers.get('x-error-code') !== 'RepoNotFound') return undefined;
  check(response, url, { hub, repository });
  const commit = told('x-repo-commit');
  const size = told('x-linked-size') ?? response.headers.get('content-length');
  if (size === null || !/^\d+$/u.test(size)) throw new AppError('model.refused', { url, status: response.status, reason: 'it does not tell the size' });
  const etag = (told('x-linked-etag') ?? response.headers.get('etag') ?? '').replace(/^W\//u, '').replaceAll('"', '');
  return { repository, path, commit, url: urlOf(hub, { repository, path }, commit ?? 'main'), bytes: Number(size), digest: digestOf(etag) };
}

/** The bytes from `from` on. A host that cannot give a part gives all: look at the status. @throws as `askFile`; also for a file that is gone */
export async function readFileOfHub(hub: Hub, { url, repository }: HubFile, from: number, signal: AbortSignal): Promise<Response> {
  const { response } = await send(hub, { url, method: 'GET', signal, ...(from > 0 && { range: `bytes=${from}-` }) });
  check(response, url, { hub, repository });
  return response;
}

function urlOf({ host }: Hub, { repository, path }: PublishedFile, revision: string): string {
  return `${host}/${repository}/resolve/${encodeURIComponent(revision)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function digestOf(etag: string): Digest | undefined {
  if (/^[0-9a-f]{64}$/u.test(etag)) return { kind: 'sha256', hex: etag };
  return /^[0-9a-f]{40}$/u.test(etag) ? { kind: 'git', hex: etag } : undefined;
}

interface Request {
  readonly url: string;
  readonly method: 'HEAD' | 'GET';
  readonly range?: string;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly response: Response;
  /** A header as the first answer on the way had it: what a hub says of a file stands there, not where the bytes lie. */
  readonly told: (name: string) => string | undefined;
}

/** A server that is busy or broken for a moment is asked again. */
async function send(hub: Hub, request: Request): Promise<Answer> {
  const pauses = hub.pauses ?? defaultPauses;
  for (let attempt = 0; ; attempt++) {
    const answer = await follow(hub, request);
    const pause = pauses[attempt];
    if (pause === undefined || !(answer.response.status === 429 || answer.response.status >= 500)) return answer;
    await answer.response.body?.cancel();
    await sleep(pause, undefined, { signal: request.signal });
  }
}

/** Redirects are followed by hand: the token stays with the host, and what was told on the way is kept. */
async function follow(hub: Hub, { url, method, range, signal }: Request): Promise<Answer> {
  const seen = new Map<string, string>();
  let at = url;
  for (let hop = 0; hop <= redirects; hop++) {
    const headers: Record<string, string> = { 'accept-encoding': 'identity', ...(range !== undefined && { range }) };
    if (hub.token !== undefined && new URL(at).origin === new URL(hub.host).origin) headers['authorization'] = `Bearer ${hub.token}`;
    const response = await ask(hub, at, { method, headers, redirect: 'manual', signal });
    for (const name of ['x-repo-commit', 'x-linked-size', 'x-linked-etag']) {
      const value = response.headers.get(name);
      if (value !== null && !seen.has(name)) seen.set(name, value);
    }
    const told = (name: string): string | undefined => seen.get(name);
    const place = response.headers.get('location');
    const enough = method === 'HEAD' && seen.has('x-linked-size') && seen.has('x-linked-etag');
    if (response.status < 300 || response.status >= 400 || place === null || enough) return { response, told };
    await response.body?.cancel();
    at = new URL(place, at).href;
  }
  throw new AppError('model.refused', { url, status: 310, reason: `more than ${redirects} redirects` });
}

async function ask({ fetch }: Hub, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    throw unreachable(url, thrown);
  }
}

/** The error for a connection that failed or broke. */
export function unreachable(url: string, thrown: unknown): AppError<'model.unreachable'> {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new AppError('model.unreachable', { url, reason }, thrown);
}

function check(response: Response, url: string, { hub, repository }: { readonly hub: Hub; readonly repository: string }): void {
  const { status, headers, ok } = response;
  const code = headers.get('x-error-code') ?? '';
  if (ok || (status >= 300 && status < 400)) return;
  const missing = code === 'RepoNotFound';
  if (code === 'GatedRepo' || ((status === 401 || status === 403) && !missing)) {
    throw new AppError('model.gated', { repository, page: `${hub.host}/${repository}`, token: hub.token !== undefined });
  }
  throw new AppError('model.refused', { url, status, reason: headers.get('x-error-message') ?? (missing ? 'no such repository' : response.statusText) });
}
