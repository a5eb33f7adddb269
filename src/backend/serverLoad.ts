/** How busy a server is and what memory its GPUs have left, where it tells. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Fetch } from './openai/http.ts';

/** From `/metrics`; what a server does not count is left out. */
export interface ServerLoad {
  /** Requests that it works on, and that wait. */
  readonly running?: number;
  readonly waiting?: number;
  /** Share of its cache for keys and values that is in use, 0 to 1. */
  readonly cacheUsed?: number;
}

export interface GpuMemory {
  readonly name: string;
  /** MiB. */
  readonly used: number;
  readonly total: number;
}

/** Standard output of a program. Rejects when it is not there or fails. */
export type ReadProgram = (program: string, args: readonly string[]) => Promise<string>;

const ASK_MS = 3_000;

export const readProgram: ReadProgram = async (program, args) =>
  (await promisify(execFile)(program, [...args], { timeout: ASK_MS, windowsHide: true })).stdout;

/** vLLM, older vLLM, SGLang and llama-server, each by its own names. */
const gauges: Readonly<Record<keyof ServerLoad, readonly string[]>> = {
  running: ['vllm:num_requests_running', 'sglang:num_running_reqs', 'llamacpp:requests_processing'],
  waiting: ['vllm:num_requests_waiting', 'sglang:num_queue_reqs', 'llamacpp:requests_deferred'],
  cacheUsed: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc', 'sglang:token_usage', 'llamacpp:kv_cache_usage_ratio'],
};

/** Undefined where the server has no `/metrics`. @param root address without `/v1` */
export async function serverLoad(root: string, fetch: Fetch, signal: AbortSignal): Promise<ServerLoad | undefined> {
  const reply = await fetch(`${root}/metrics`, { signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]) }).catch(() => undefined);
  if (reply?.ok !== true) return undefined;
  const load = parseMetrics(await reply.text());
  return Object.keys(load).length === 0 ? undefined : load;
}

/** Prometheus' text format: `name{labels} value`. Counts of several engines are added, shares are averaged. */
export function parseMetrics(text: string): ServerLoad {
  const values = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    const { name, value } = /^(?<name>[\w:]+)(?:\{[^}]*\})?\s+(?<value>[\d.eE+-]+)/u.exec(line)?.groups ?? {};
    if (name !== undefined) values.set(name, [...(values.get(name) ?? []), Number(value)]);
  }
  const of = (key: keyof ServerLoad): readonly number[] => gauges[key].map((name) => values.get(name) ?? []).find((found) => found.length > 0) ?? [];
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const [running, waiting, cache] = [of('running'), of('waiting'), of('cacheUsed')];
  return {
    ...(running.length > 0 && { running: sum(running) }),
    ...(waiting.length > 0 && { waiting: sum(waiting) }),
    ...(cache.length > 0 && { cacheUsed: sum(cache) / cache.length }),
  };
}

/** NVIDIA GPUs of the machine that this runs on: a server elsewhere is not asked. Undefined without `nvidia-smi`. */
export async function gpuMemory(read: ReadProgram): Promise<readonly GpuMemory[] | undefined> {
  const printed = await read('nvidia-smi', ['--query-gpu=name,memory.used,memory.total', '--format=csv,noheader,nounits']).catch(() => undefined);
  const found = (printed ?? '').split('\n').flatMap((line): GpuMemory[] => {
    const [name = '', used = '', total = ''] = line.split(',').map((part) => part.trim());
    return name !== '' && /^\d+$/u.test(used) && /^\d+$/u.test(total) ? [{ name, used: Number(used), total: Number(total) }] : [];
  });
  return found.length === 0 ? undefined : found;
}
