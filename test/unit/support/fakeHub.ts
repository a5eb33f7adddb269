/**
 * A fake of a model hub, over real HTTP: small files by a relative redirect, large ones by a redirect to another origin with what
 * the hub says of them, revisions, parts, gated repositories. It can break a connection, keep a file back, or send other bytes.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const commit = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
/** Files of this size and more are large. */
const largeBytes = 1000;

export class FakeHub {
  /** "owner/name" -> path -> bytes. */
  readonly repositories: Record<string, Record<string, Uint8Array>> = {};
  readonly gated = new Set<string>();
  readonly token = 'hf_fake';
  /** Every request, as "METHOD path range authorization" of what was there. */
  readonly seen: string[] = [];
  /** Bytes after which a connection for a large file breaks, once each. */
  readonly breakAfter: number[] = [];
  /** Answers that are given before any other: statuses. */
  readonly statuses: number[] = [];
  /** While true, bytes of large files are held after the first half. */
  held = false;
  /** Gives other bytes than it says. */
  lies = false;
  /** Gives no parts. */
  whole = false;
  waiting = 0;
  readonly #front = createServer((request, response) => { this.#answer(request, response); });
  readonly #store = createServer((request, response) => { this.#bytes(request, response); });

  async start(): Promise<this> {
    await Promise.all([listen(this.#front), listen(this.#store)]);
    return this;
  }

  get host(): string {
    return `http://127.0.0.1:${portOf(this.#front)}`;
  }

  close(): void {
    for (const server of [this.#front, this.#store]) {
      server.closeAllConnections();
      server.close();
    }
  }

  #note(where: string, { method = '', url = '', headers }: IncomingMessage): void {
    this.seen.push([where, method, url, headers.range ?? '', headers.authorization ?? ''].join(' ').trimEnd());
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#note('hub', request);
    const status = this.statuses.shift();
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const [, repository = '', path = ''] = /^\/(?:cache\/)?([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/u.exec(request.url ?? '') ?? [];
    const files = this.repositories[repository];
    const authorised = request.headers.authorization === `Bearer ${this.token}`;
    if (files === undefined) response.writeHead(authorised ? 404 : 401, { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' }).end();
    else if (this.gated.has(repository) && !authorised) response.writeHead(401, { 'x-error-code': 'GatedRepo' }).end();
    else this.#file(request, response, files[path]);
  }

  #file(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array | undefined): void {
    const { url = '' } = request;
    if (bytes === undefined) response.writeHead(404, { 'x-error-code': 'EntryNotFound', 'x-repo-commit': commit }).end();
    else if (bytes.length >= largeBytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const location = `http://127.0.0.1:${portOf(this.#store)}/store${url}`;
      response.writeHead(302, { location, 'x-repo-commit': commit, 'x-linked-size': bytes.length, 'x-linked-etag': `"${sha256}"` }).end();
    } else if (url.startsWith('/cache/')) send(request, response, bytes, { etag: `"${createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')}"` });
    else response.writeHead(307, { location: `/cache${url}`, 'x-repo-commit': commit }).end();
  }

  #bytes(request: IncomingMessage, response: ServerResponse): void {
    this.#note('store', request);
    const [, repository = '', path = ''] = /^\/store\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/u.exec(request.url ?? '') ?? [];
    const given = this.repositories[repository]?.[path] ?? new Uint8Array(0);
    const bytes = this.lies ? given.map((byte) => byte ^ 1) : given;
    const cut = this.breakAfter.shift();
    if (this.whole) delete request.headers.range;
    if (cut !== undefined) {
      send(request, response, bytes, { limit: cut });
      setTimeout(() => { response.destroy(); }, 50);
    } else if (this.held) {
      send(request, response, bytes, { limit: Math.max(0, (bytes.length >> 1) - startOf(request)) });
      this.waiting++;
    } else send(request, response, bytes, {});
  }
}

/** What is asked for of the bytes; `limit`: no more than so many of them, and the answer stays open. */
function send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, { etag, limit }: { readonly etag?: string; readonly limit?: number }): void {
  const from = startOf(request);
  const part = bytes.subarray(from);
  const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { ...(etag !== undefined && { etag }), ...range, 'content-length': part.length });
  if (request.method === 'HEAD') response.end();
  else if (limit === undefined) response.end(part);
  else {
    response.flushHeaders();
    response.write(part.subarray(0, limit));
  }
}

function startOf({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/u.exec(headers.range ?? '')?.[1] ?? 0);
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // it listens on a port
}
