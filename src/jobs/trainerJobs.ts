/** Training jobs: started detached, followed by their files, cancelled, found again after a reload. */
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import type { Said } from '../protocol/said.ts';
import { parseTrainerEvent, type TrainerEvent } from '../protocol/trainerEvents.ts';
import { parseLines, readText, writeText, type JobFiles } from './files.ts';
import type { Processes } from './process.ts';

/** How a trainer is called: `python -m interlinear_trainer`, or through `accelerate launch`. */
export interface TrainerProgram {
  readonly command: string;
  /** Before `train --job DIR`. */
  readonly args: readonly string[];
  /** Folder of the Python package. */
  readonly package: string;
  /** The GPU to train on, by CUDA's number; undefined: whatever PyTorch sees. */
  readonly gpu?: string;
}

export type JobState =
  | { readonly kind: 'new' }
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'finished'; readonly event: Extract<TrainerEvent, { kind: 'finished' }> }
  | { readonly kind: 'cancelled'; readonly step: number }
  | { readonly kind: 'failed'; readonly code: string; readonly text: string; readonly said?: Said }
  /** The process is gone and said nothing: killed, or the machine went down. */
  | { readonly kind: 'lost' };

export interface TrainerJobsParts {
  readonly files: JobFiles;
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const pollMs = 200;
/** How long a trainer may take to save and leave. */
const graceMs = 4500;
/** A heartbeat comes every two seconds; loading PyTorch comes before the first. */
const silentMs = 60_000;

/** What is written for a trainer that was ended. */
export const endedInStep = 'it was in the middle of a step and was ended';

const runSchema = v.object({ pid: v.number(), startedAt: v.number(), eventsBefore: v.number() });
type RunRecord = v.InferOutput<typeof runSchema>;

export class TrainerJobs {
  readonly #parts: TrainerJobsParts;

  constructor(parts: TrainerJobsParts) {
    this.#parts = parts;
  }

  /** Starts a prepared job, or resumes one from its last checkpoint. @throws AppError `trainer.running`, `trainer.unavailable` */
  async start(folder: string, program: TrainerProgram): Promise<void> {
    if ((await this.state(folder)).kind === 'running') throw new AppError('trainer.running', { job: folder });
    const { files, processes, env, now } = this.#parts;
    await files.remove(join(folder, 'cancel'));
    await files.remove(join(folder, 'heartbeat'));
    const eventsBefore = (await this.#rawEvents(folder)).length;
    const args = [...program.args, 'train', '--job', folder];
    try {
      const pid = await processes.start({ command: program.command, args, cwd: folder, env: { ...env, ...trainerEnvironment(program.package), ...(program.gpu !== undefined && { CUDA_VISIBLE_DEVICES: program.gpu }) }, log: join(folder, 'job.log') });
      const record: RunRecord = { pid, startedAt: now(), eventsBefore };
      await writeText(files, join(folder, 'run.json'), `${JSON.stringify(record)}\n`);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('trainer.unavailable', { python: program.command, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
    }
  }

  /** What the files and the process say now. Reads only. */
  async state(folder: string): Promise<JobState> {
    const run = await this.#run(folder);
    if (run === undefined) return { kind: 'new' };
    // before the events: a trainer that ends in between has written its last event by then
    const running = await this.#breathes(folder, run);
    const ended = outcomeOf((await this.events(folder)).slice(run.eventsBefore));
    if (ended !== undefined) return ended;
    return running ? { kind: 'running', pid: run.pid } : { kind: 'lost' };
  }

  /** Every event so far, of all runs of the job. */
  async events(folder: string): Promise<readonly TrainerEvent[]> {
    return (await this.#rawEvents(folder)).flatMap((value) => {
      const parsed = parseTrainerEvent(value);
      return parsed.ok ? [parsed.value] : [];
    });
  }

  /** Tells the events of the present run, those before the call first, until it ends; aborting stops the following, not the job. */
  async follow(folder: string, onEvent: (event: TrainerEvent) => void, signal: AbortSignal): Promise<JobState> {
    let told = (await this.#run(folder))?.eventsBefore ?? 0;
    for (;;) {
      const state = await this.state(folder);
      const events = await this.events(folder);
      for (const event of events.slice(told)) onEvent(event);
      told = Math.max(told, events.length);
      if (state.kind !== 'running' || signal.aborted) return state;
      await this.#parts.wait(pollMs);
    }
  }

  /** Asks the trainer to save and leave; ends it after 4.5 seconds. The last whole checkpoint stays usable either way. */
  async cancel(folder: string): Promise<JobState> {
    const state = await this.state(folder);
    if (state.kind !== 'running') return state;
    const { files, processes, now, wait } = this.#parts;
    await writeText(files, join(folder, 'cancel'), '');
    processes.signal(state.pid, 'SIGTERM');
    const deadline = now() + graceMs;
    while (processes.alive(state.pid) && now() < deadline) await wait(pollMs / 4);
    if (processes.alive(state.pid)) {
      processes.signal(state.pid, 'SIGKILL');
      await this.#noteKilled(folder);
    }
    return this.state(folder);
  }

  /** The trainer cannot write its last event itself any more. */
  async #noteKilled(folder: string): Promise<void> {
    const checkpoints = (await this.events(folder)).flatMap((event) => event.kind === 'checkpoint' ? [event.step] : []);
    const time = new Date(this.#parts.now()).toISOString();
    const event: TrainerEvent = { kind: 'stopped', time, reason: 'cancelled', step: checkpoints.at(-1) ?? 0, text: endedInStep, said: { pattern: endedInStep, values: {} } };
    await this.#parts.files.append(join(folder, 'events.jsonl'), new TextEncoder().encode(`${JSON.stringify(event)}\n`));
  }

  async #rawEvents(folder: string): Promise<readonly unknown[]> {
    return parseLines(await readText(this.#parts.files, join(folder, 'events.jsonl')) ?? '');
  }

  async #run(folder: string): Promise<RunRecord | undefined> {
    const [value] = parseLines(await readText(this.#parts.files, join(folder, 'run.json')) ?? '');
    const parsed = v.safeParse(runSchema, value);
    return parsed.success ? parsed.output : undefined;
  }

  /** Alive, and not another process that got the same id: its heartbeat is fresh. */
  async #breathes(folder: string, run: RunRecord): Promise<boolean> {
    if (!this.#parts.processes.alive(run.pid)) return false;
    const beat = await this.#parts.files.stat(join(folder, 'heartbeat'));
    return this.#parts.now() - Math.max(run.startedAt, beat?.modified ?? 0) < (beat === undefined ? 5 * silentMs : silentMs);
  }
}

/** Variables of every call of the trainer; `package` is the folder of the Python package. */
export function trainerEnvironment(packageFolder: string): Readonly<Record<string, string>> {
  return { PYTHONPATH: packageFolder, PYTHONUNBUFFERED: '1', HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false', TRL_EXPERIMENTAL_SILENCE: '1' };
}

function outcomeOf(events: readonly TrainerEvent[]): JobState | undefined {
  for (const event of [...events].reverse()) {
    if (event.kind === 'finished') return { kind: 'finished', event };
    if (event.kind === 'failed') return { kind: 'failed', code: event.code, text: event.text, ...(event.said !== undefined && { said: event.said }) };
    if (event.kind === 'stopped' && event.reason === 'cancelled') return { kind: 'cancelled', step: event.step };
  }
  return undefined;
}
