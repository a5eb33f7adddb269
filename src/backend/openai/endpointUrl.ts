import { AppError } from '../../core/errors.ts';

export interface EndpointUrl {
  /** Where `/health`, `/props`, `/version` live; no slash at the end. */
  readonly root: string;
  /** Where `/models`, `/completions` live: usually `root/v1`. */
  readonly api: string;
}

/** Accepts `http://host:8000`, with or without `/v1` and a slash at the end. @throws AppError `input.invalid` */
export function parseEndpoint(text: string): EndpointUrl {
  if (!URL.canParse(text) || !/^https?:$/u.test(new URL(text).protocol)) {
    throw new AppError('input.invalid', { where: 'backend URL', reason: `"${text}" is not an http or https address such as http://127.0.0.1:8000` });
  }
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/u, '');
  const base = `${url.origin}${path}`;
  return /\/v\d+$/u.test(path) ? { root: base.replace(/\/v\d+$/u, ''), api: base } : { root: base, api: `${base}/v1` };
}

/** True when text sent there stays on this machine. */
export function isLoopback(text: string): boolean {
  const host = new URL(text).hostname.replace(/^\[|\]$/gu, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/u.test(host);
}
