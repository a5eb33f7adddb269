/**
 * LoRA adapters on a running server: vLLM (`/v1/load_lora_adapter`) and SGLang (`/load_lora_adapter`). Give every version
 * a name of its own: reloading under the same name can serve blocks of the old one from the prefix cache (vllm #42125).
 */
import { AppError } from '../../core/errors.ts';
import type { ServerKind } from '../probe.ts';
import { parseEndpoint, type EndpointUrl } from './endpointUrl.ts';
import { RequestFailure } from './failure.ts';
import type { HttpClient } from './http.ts';
import { errorMessage } from './schemas.ts';

/** A folder here is another folder there: container mounts, Remote-SSH, WSL. */
export interface PathMapping {
  readonly here: string;
  readonly there: string;
}

/** The path as the server sees it: by the longest mapping that fits. Slashes follow the server's side. */
export function serverPath(path: string, mappings: readonly PathMapping[]): string {
  return moved(path, mappings.map(({ here, there }) => ({ from: here, to: there })));
}

/** A path of the server as it is here: what it says of its adapters can be looked up. The way back of `serverPath`. */
export function localPath(path: string, mappings: readonly PathMapping[]): string {
  return moved(path, mappings.map(({ here, there }) => ({ from: there, to: here })));
}

function moved(path: string, mappings: readonly { readonly from: string; readonly to: string }[]): string {
  const fitting = mappings
    .filter(({ from }) => path === from || path.startsWith(/[/\\]$/u.test(from) ? from : `${from}/`) || path.startsWith(`${from}\\`))
    .sort((a, b) => b.from.length - a.from.length)[0];
  if (fitting === undefined) return path;
  const rest = path.slice(fitting.from.length);
  return fitting.to + (fitting.to.includes('\\') ? rest.replaceAll('/', '\\') : rest.replaceAll('\\', '/'));
}

export interface AdapterCall {
  readonly http: HttpClient;
  readonly url: string;
  readonly kind: ServerKind;
}

/** After this, `model: name` uses the adapter. @throws AppError `backend.cannot`, `backend.notVisible`, `backend.refused` */
export async function loadAdapter(call: AdapterCall, adapter: { readonly name: string; readonly path: string }, signal: AbortSignal): Promise<void> {
  const body = { lora_name: adapter.name, lora_path: adapter.path };
  await post(call, 'load_lora_adapter', body, signal).catch((thrown: unknown) => { throw explain(call, adapter.path, thrown); });
}

/** @throws AppError `backend.cannot`, `backend.refused` */
export async function unloadAdapter(call: AdapterCall, name: string, signal: AbortSignal): Promise<void> {
  await post(call, 'unload_lora_adapter', { lora_name: name }, signal).catch((thrown: unknown) => { throw explain(call, name, thrown); });
}

async function post({ http, url, kind }: AdapterCall, verb: string, body: object, signal: AbortSignal): Promise<void> {
  await http.text({ method: 'POST', url: addressOf(parseEndpoint(url), kind, verb), body }, signal);
}

function addressOf(endpoint: EndpointUrl, kind: ServerKind, verb: string): string {
  if (kind === 'vllm') return `${endpoint.api}/${verb}`;
  if (kind === 'sglang') return `${endpoint.root}/${verb}`;
  throw new AppError('backend.cannot', { url: endpoint.root, what: 'load adapters while it runs', needs: 'vLLM or SGLang' });
}

function explain({ url }: AdapterCall, path: string, thrown: unknown): unknown {
  if (!(thrown instanceof RequestFailure)) return thrown;
  const message = errorMessage(thrown.detail.body ?? '');
  // vLLM without the variable has no such route; an adapter that is not there is a 404 with a sentence about it
  if (thrown.detail.status === 404 && /^\s*not found\s*$/iu.test(message)) {
    return new AppError('backend.cannot', { url, what: 'load adapters while it runs', needs: 'VLLM_ALLOW_RUNTIME_LORA_UPDATING=True and --enable-lora' }, thrown);
  }
  if (/no such file|does not exist|not found|no adapter|cannot find|adapter_config/iu.test(message)) {
    return new AppError('backend.notVisible', { url, path }, thrown);
  }
  return thrown.error;
}
