/** What can go wrong with one request, and whether trying again can help. */
import { AppError } from '../../core/errors.ts';
import { errorMessage } from './schemas.ts';

/**
 * `connection`: no server, or it went away. `busy`: 429 or 503. `server`: another 5xx. `reply`: not the protocol.
 * `stall`: nothing came in time. `refused`: asking again would give the same answer.
 */
export type FailureKind = 'connection' | 'busy' | 'server' | 'reply' | 'stall' | 'refused';

export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(
    readonly kind: FailureKind,
    readonly error: AppError,
    readonly detail: { readonly status?: number; readonly body?: string; readonly retryAfterMs?: number } = {},
  ) {
    super(error.message, { cause: error });
  }
}

/** An HTTP status that is not 2xx. `body` is at most some kilobytes. */
export function statusFailure(url: string, status: number, body: string, retryAfterMs: number | undefined): RequestFailure {
  const detail = { status, body, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 401 || status === 403) return new RequestFailure('refused', new AppError('backend.unauthorized', { url, status }), detail);
  const refused = new AppError('backend.refused', { url, status, body: looksLikeHtml(body) ? htmlTitle(body) : errorMessage(body) });
  if (status === 429 || status === 503) return new RequestFailure('busy', refused, detail);
  return new RequestFailure(status >= 500 || status === 408 ? 'server' : 'refused', refused, detail);
}

export function badReply(url: string, reason: string): RequestFailure {
  return new RequestFailure('reply', new AppError('backend.badReply', { url, reason }));
}

/** What `fetch` or a body stream rejected with, when nobody aborted it. Nothing was sent to a server whose certificate is no good. */
export function connectionFailure(url: string, thrown: unknown): RequestFailure {
  const certificate = certificates[innermost(thrown).code ?? ''];
  if (certificate !== undefined) return new RequestFailure('refused', new AppError('backend.untrusted', { url, reason: certificate }, thrown));
  return new RequestFailure('connection', new AppError('backend.unreachable', { url, reason: connectionReason(thrown) }, thrown));
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'unknown host name',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection was closed',
  ETIMEDOUT: 'connecting timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connecting timed out',
  EHOSTUNREACH: 'no route to that host',
  ENETUNREACH: 'no network',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS: the URL may have to begin with http:',
};

const unknownAuthority = 'its certificate is of an authority that is not known here';

/** What Node's TLS says of a certificate (OpenSSL's `X509_V_ERR_*`, without the prefix). */
const certificates: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_UNTRUSTED: unknownAuthority,
  INVALID_CA: 'its certificate was issued by one that is no authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** True when a connection was there and was closed by the other side. */
export function wasDropped(thrown: unknown): boolean {
  const { code } = innermost(thrown);
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function connectionReason(thrown: unknown): string {
  const { code, message } = innermost(thrown);
  return code === undefined ? message : (reasons[code] ?? `${code} ${message}`.trim());
}

/** Node wraps the reason: `TypeError: fetch failed` has a cause with a code, sometimes inside an AggregateError. */
function innermost(thrown: unknown): { readonly code?: string; readonly message: string } {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return { code: error.code, message: error.message };
    if (error.cause === undefined) return { message: error.message };
  }
  return { message: String(thrown) };
}

export function looksLikeHtml(body: string): boolean {
  return /^\s*(?:<!doctype html|<html)/iu.test(body);
}

function htmlTitle(body: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/iu.exec(body)?.[1]?.trim();
  return title === undefined || title === '' ? 'a web page' : `a web page, "${title}"`;
}

/** A web page where JSON was expected: usually a proxy's or another service's address. */
export function htmlReply(url: string, body: string): RequestFailure {
  return badReply(url, `${htmlTitle(body)}, not JSON`);
}
