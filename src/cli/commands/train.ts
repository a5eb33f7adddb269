import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trainingStages, type TrainingStage } from '../../app/training/jobData.ts';
import { prepareJob } from '../../app/training/prepareJob.ts';
import { AppError } from '../../core/errors.ts';
import { nodeProcesses } from '../../jobs/process.ts';
import { checkPython } from '../../jobs/python.ts';
import { TrainerJobs, type JobState } from '../../jobs/trainerJobs.ts';
import type { TrainerEvent } from '../../protocol/trainerEvents.ts';
import { invalid, onePositional, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear train STAGE --data DIR --base DIR|NAME --out DIR [--config FILE]

Trains an adapter on judgments. The job runs on its own: closing the terminal does not end it; Ctrl+C does, with a checkpoint.
The same command again follows a job that runs, resumes one that was cancelled, failed or lost, and tells of one that is done.

  STAGE            sft, cpo or mrpo
  --data DIR       pairs.jsonl (cpo), sft.jsonl (sft) or pools.jsonl (mrpo), as "interlinear pairs" writes them; or one .jsonl
                   file. Optional beside it: replay.jsonl, references.jsonl, heldout.jsonl (docs/training.md)
  --base DIR|NAME  folder of the model to train, or "starter-en-ja"
  --out DIR        job directory: data, configuration, events, checkpoints, adapter, model
  --config FILE    YAML with what should differ from the stage's defaults
  --python PATH    Python with the trainer's packages (default: .venv beside the program, else python3)
  --accelerate FILE  run through "accelerate launch" with this configuration (several GPUs or machines)
  --detach         start and return
  --cancel         cancel the job in --out instead
  --json           one event a line

Example:
  interlinear train cpo --data build/pairs --base starter-en-ja --out .interlinear/jobs/polite`;

const options = {
  data: { type: 'string' }, base: { type: 'string' }, out: { type: 'string' }, config: { type: 'string' }, python: { type: 'string' },
  accelerate: { type: 'string' }, detach: { type: 'boolean' }, cancel: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

export const trainCommand: Command = {
  name: 'train',
  summary: 'train an adapter on judgments',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, options);
    const out = resolvePath(context.cwd, parsed.required('out'));
    const jobs = new TrainerJobs({
      files: context.fs, processes: nodeProcesses, env: context.env, now: Date.now, wait: async (milliseconds) => { await sleep(milliseconds); },
    });
    if (parsed.flag('cancel')) return report(await jobs.cancel(out), out, context);
    const stage = stageOf(onePositional(parsed, 'STAGE'));
    if ((await jobs.state(out)).kind !== 'running') await begin(jobs, stage, out, { parsed, context });
    if (parsed.flag('detach')) {
      context.note(`training in ${out}`);
      return 0;
    }
    return follow(jobs, out, { parsed, context });
  },
};

interface Invocation {
  readonly parsed: Arguments;
  readonly context: CommandContext;
}

function stageOf(name: string): TrainingStage {
  const stage = trainingStages.find((known) => known === name);
  if (stage === undefined) throw invalid(`STAGE ${name}`, `must be one of ${trainingStages.join(', ')}`);
  return stage;
}

async function begin(jobs: TrainerJobs, stage: TrainingStage, out: string, { parsed, context }: Invocation): Promise<void> {
  const python = pythonOf(parsed, context);
  await checkPython(python);
  const config = parsed.text('config');
  const { split, resumed } = await prepareJob(context.fs, {
    stage, out,
    data: resolvePath(context.cwd, parsed.required('data')),
    base: baseFolder(parsed.required('base'), context),
    ...(config !== undefined && { config: resolvePath(context.cwd, config) }),
  });
  context.note(`${resumed ? 'resuming: ' : ''}${split.training} rows to train on, ${split.heldOut} held out (${split.sources} sources, by ${split.unit}), ${split.droppedForHeldOut} dropped because their source is held out`);
  if ((await jobs.state(out)).kind === 'finished') return;
  const launch = parsed.text('accelerate');
  const launcher = launch === undefined ? [] : ['-m', 'accelerate.commands.launch', '--config_file', resolvePath(context.cwd, launch)];
  await jobs.start(out, { command: python, args: [...launcher, '-m', 'interlinear_trainer'], package: join(context.home, 'trainer') });
}

/** A model of the product by name, or a folder. */
function baseFolder(base: string, context: CommandContext): string {
  const own = join(context.home, 'media', base);
  return /^[\w.-]+$/u.test(base) && existsSync(join(own, 'config.json')) ? own : resolvePath(context.cwd, base);
}

function pythonOf(parsed: Arguments, context: CommandContext): string {
  const given = parsed.text('python') ?? context.env['INTERLINEAR_PYTHON'];
  if (given !== undefined) return /[/\\]/u.test(given) ? resolvePath(context.cwd, given) : given;
  const own = [join(context.home, '.venv', 'bin', 'python'), join(context.home, '.venv', 'Scripts', 'python.exe')];
  return own.find((path) => existsSync(path)) ?? 'python3';
}

async function follow(jobs: TrainerJobs, out: string, { parsed, context }: Invocation): Promise<ExitCode> {
  const tell = (event: TrainerEvent): void => {
    if (parsed.flag('json')) context.print(JSON.stringify(event));
    else tellEvent(event, context);
  };
  const state = await jobs.follow(out, tell, context.signal);
  if (state.kind !== 'running') return report(state, out, context);
  context.note('cancelling; the last checkpoint is kept');
  return report(await jobs.cancel(out), out, context);
}

function tellEvent(event: TrainerEvent, context: CommandContext): void {
  const percent = (share: number | undefined): string => share === undefined ? '' : ` accuracy ${(100 * share).toFixed(1)} %`;
  if (event.kind === 'plan') context.note(`${event.steps} steps of ${event.batch} rows, ${event.trainable} of ${event.total} weights`);
  else if (event.kind === 'step') context.note(`${event.step}/${event.steps} loss ${event.loss.toFixed(3)}${percent(event.accuracy)} ${event.secondsLeft?.toFixed(0) ?? '?'} s left`);
  else if (event.kind === 'evaluated') context.note(`validation after ${event.step}:${percent(event.accuracy)}${event.guardNll === undefined ? '' : `, guard ${event.guardNll.toFixed(3)} nats a token`}`);
  else if (event.kind === 'data') for (const [reason, count] of Object.entries(event.dropped)) context.note(`${count} rows left out: ${reason}`);
  else if (event.kind === 'warning') context.note(event.text);
  else if (event.kind === 'stopped') context.note(`stopped at step ${event.step}: ${event.text ?? event.reason}`);
}

function report(state: JobState, out: string, context: CommandContext): ExitCode {
  switch (state.kind) {
    case 'finished':
      context.note(`finished after ${state.event.step} steps and ${state.event.seconds.toFixed(0)} s: ${join(out, state.event.path)}`);
      return 0;
    case 'cancelled':
      context.note(`cancelled at step ${state.step}; the same command resumes it`);
      return 1;
    case 'failed': throw new AppError('trainer.failed', { job: out, code: state.code, reason: state.text });
    case 'lost': throw new AppError('trainer.lost', { job: out });
    case 'new':
    case 'running':
      context.note(`${out}: ${state.kind}`);
      return 0;
  }
}
