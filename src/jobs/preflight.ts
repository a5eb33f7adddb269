/** Asks the trainer about a job before it runs. */
import { execFile } from 'node:child_process';
import { AppError } from '../core/errors.ts';
import { abortError } from '../protocol/channel.ts';
import { parsePreflight, type PreflightReport } from '../protocol/preflightReport.ts';
import { trainerEnvironment } from './trainerJobs.ts';

export interface PreflightCall {
  readonly python: string;
  /** Folder of the Python package. */
  readonly package: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly job: string;
  /** Also train, kill and resume the longest batch: at most five minutes, and loading the model three times. */
  readonly rehearse: boolean;
  /** Configuration of `accelerate launch` for the rehearsal. */
  readonly accelerate?: string;
}

/** Loading a large model is most of it. */
const limitMs = 20 * 60_000;

/** Problems of the job are in the report. @throws AppError `trainer.failed` when there is none; AbortError */
export function runPreflight(call: PreflightCall, signal: AbortSignal): Promise<PreflightReport> {
  const { python, job, rehearse, accelerate, env } = call;
  const args = ['-m', 'interlinear_trainer', 'preflight', '--job', job, ...(rehearse ? ['--rehearse'] : []), ...(accelerate === undefined ? [] : ['--accelerate', accelerate])];
  const options = { cwd: job, env: { ...env, ...trainerEnvironment(call.package) }, timeout: limitMs, maxBuffer: 64_000_000, signal };
  return new Promise((resolve, reject) => {
    execFile(python, args, options, (error, stdout, stderr) => {
      if (signal.aborted) {
        reject(abortError());
        return;
      }
      const parsed = parsePreflight(jsonOf(stdout));
      if (parsed.ok) resolve(parsed.value);
      else reject(new AppError('trainer.failed', { job, code: 'preflight', reason: lastLine(stderr) ?? parsed.reason }, error ?? undefined));
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1) || undefined;
}
