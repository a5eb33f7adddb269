/**
 * Training on a Ray cluster through its Jobs API (HTTP, no Ray here): submit, ask, stop. The job directory must lie on a
 * file system that the cluster shares; events, checkpoints and the adapter are read from there as for a job on this machine.
 * https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
 */
import * as v from 'valibot';
import { AppError } from '../core/errors.ts';

export type RayStatus = 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';

export interface RaySubmission {
  /** Seen by the cluster's machines. */
  readonly job: string;
  readonly package: string;
  /** Program on the cluster: `python`, or a path. */
  readonly python: string;
  /** Before `-m interlinear_trainer`: nothing, or `-m accelerate.commands.launch --config_file FILE`. */
  readonly launcher: readonly string[];
  readonly gpus: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface RayParts {
  readonly address: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

const submitted = v.object({ submission_id: v.string() });
const details = v.object({ status: v.picklist(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']), message: v.nullish(v.string()) });

export class RayJobs {
  readonly #parts: RayParts;

  constructor(parts: RayParts) {
    this.#parts = parts;
  }

  /** The job's id on the cluster. @throws AppError `ray.failed` */
  async submit({ job, package: folder, python, launcher, gpus, env }: RaySubmission, signal: AbortSignal): Promise<string> {
    const words = [python, ...launcher, '-m', 'interlinear_trainer', 'train', '--job', job];
    const body = {
      entrypoint: words.map(quoted).join(' '),
      runtime_env: { env_vars: { ...env, PYTHONPATH: folder } },
      metadata: { job_submission_origin: 'interlinear', job },
      ...(gpus > 0 && { entrypoint_num_gpus: gpus }),
    };
    return (await this.#ask(submitted, { method: 'POST', path: '/api/jobs/', body }, signal)).submission_id;
  }

  /** @throws AppError `ray.failed` */
  async status(id: string, signal: AbortSignal): Promise<{ readonly status: RayStatus; readonly message: string }> {
    const { status, message } = await this.#ask(details, { method: 'GET', path: `/api/jobs/${encodeURIComponent(id)}` }, signal);
    return { status, message: message ?? '' };
  }

  /** Ends the trainer on the cluster; its last whole checkpoint stays. @throws AppError `ray.failed` */
  async stop(id: string, signal: AbortSignal): Promise<void> {
    await this.#ask(v.object({ stopped: v.boolean() }), { method: 'POST', path: `/api/jobs/${encodeURIComponent(id)}/stop` }, signal);
  }

  async #ask<S extends v.GenericSchema>(schema: S, { method, path, body }: { readonly method: string; readonly path: string; readonly body?: object }, signal: AbortSignal): Promise<v.InferOutput<S>> {
    const { address, fetch } = this.#parts;
    const failed = (reason: string, cause?: unknown): AppError => new AppError('ray.failed', { address, reason }, cause);
    const url = address.replace(/\/+$/u, '') + path;
    const init = { method, signal, headers: { 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(url, init).catch((thrown: unknown) => {
      if (signal.aborted) throw thrown;
      throw failed(thrown instanceof Error ? thrown.message : String(thrown), thrown);
    });
    const text = await response.text();
    if (!response.ok) throw failed(`${response.status.toString()} ${text.slice(0, 300)}`.trim());
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (parsed.success) return parsed.output;
    throw failed(`it answered ${text.slice(0, 80)}`);
  }
}

/** For the shell in which Ray runs an entry point. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
