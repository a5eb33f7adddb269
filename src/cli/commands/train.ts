import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trainingStages, type TrainingStage } from '../../app/training/jobData.ts';
import { prepareJob } from '../../app/training/prepareJob.ts';
import { AppError } from '../../core/errors.ts';
import { nodeProcesses } from '../../jobs/process.ts';
import { checkPython } from '../../jobs/python.ts';
import { TrainerJobs, type JobState } from '../../jobs/trainerJobs.ts';
import type { TrainerEvent } from '../../protocol/trainerEvents.ts';
import { invalid, onePositional, readArguments, resolvePath } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { llamaHelp, llamaOptions } from '../llamaServer.ts';
import { preflight } from '../preflight.ts';
import { trainOnRay } from '../ray.ts';
import { accelerateFile, baseFolder, pythonOf, serverOptions, type Invocation } from '../training.ts';

const help = `Usage: interlinear train STAGE --data DIR --base DIR|NAME --out DIR [--config FILE]

Trains an adapter on judgments. The job runs on its own: closing the terminal does not end it; Ctrl+C does, with a checkpoint.
The same command again follows a job that runs, resumes one that was cancelled, failed or lost, and tells of one that is done.

  STAGE            cpt, sft, cpo, mrpo or grpo
  --data DIR       pairs.jsonl (cpo; as "interlinear pairs" writes them), sft.jsonl, pools.jsonl (mrpo), prompts.jsonl (grpo) or
                   texts.jsonl (cpt); or one .jsonl file. Optional beside it: replay.jsonl, references.jsonl, heldout.jsonl (docs/training.md)
  --base DIR|NAME  folder of the model to train, or "starter-en-ja"
  --out DIR        job directory: data, configuration, events, checkpoints, adapter, model
  --config FILE    YAML with what should differ from the stage's defaults
  --python PATH    Python with the trainer's packages (default: .venv beside the program, else python3)
  --accelerate FILE  run through "accelerate launch" with this configuration (several GPUs or machines)
  --preflight      look before training: which rows fit, three of them as the loss sees them, cost, and whether the model
                   that serves reads and scores texts as the trainer does; exit code 1 if there is a problem
  --rehearse       with --preflight: train, kill, resume and use the longest batch, at most five minutes
  --backend URL, --model NAME, --api-key-env VAR  with --preflight: the server to compare with (default: the embedded engine)
${llamaHelp}
  --ray URL        run on a Ray cluster (address of its dashboard); the job directory must be on a file system that it shares
  --ray-gpus N, --ray-python PATH  GPUs of the job (default 1) and Python on the cluster (default python3)
  --detach         start and return
  --cancel         cancel the job in --out instead
  --json           one event a line

Example:
  interlinear train cpo --data build/pairs --base starter-en-ja --out .interlinear/jobs/polite`;

const options = {
  data: { type: 'string' }, base: { type: 'string' }, out: { type: 'string' }, config: { type: 'string' }, python: { type: 'string' },
  accelerate: { type: 'string' }, preflight: { type: 'boolean' }, rehearse: { type: 'boolean' }, ...serverOptions, ...llamaOptions,
  ray: { type: 'string' }, 'ray-gpus': { type: 'string' }, 'ray-python': { type: 'string' }, detach: { type: 'boolean' }, cancel: { type: 'boolean' }, json: { type: 'boolean' },
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
    if (parsed.flag('preflight')) return preflight(await prepare(stage, out, { parsed, context }), { parsed, context });
    if (parsed.text('ray') !== undefined) {
      await prepare(stage, out, { parsed, context });
      return trainOnRay(jobs, out, { parsed, context, tell: teller({ parsed, context }) });
    }
    if ((await jobs.state(out)).kind !== 'running') await begin(jobs, stage, out, { parsed, context });
    if (parsed.flag('detach')) {
      context.note(`training in ${out}`);
      return 0;
    }
    return follow(jobs, out, { parsed, context });
  },
};

function stageOf(name: string): TrainingStage {
  const stage = trainingStages.find((known) => known === name);
  if (stage === undefined) throw invalid(`STAGE ${name}`, `must be one of ${trainingStages.join(', ')}`);
  return stage;
}

async function begin(jobs: TrainerJobs, stage: TrainingStage, out: string, { parsed, context }: Invocation): Promise<void> {
  const { python } = await prepare(stage, out, { parsed, context });
  if ((await jobs.state(out)).kind === 'finished') return;
  const launch = accelerateFile({ parsed, context });
  const launcher = launch === undefined ? [] : ['-m', 'accelerate.commands.launch', '--config_file', launch];
  await jobs.start(out, { command: python, args: [...launcher, '-m', 'interlinear_trainer'], package: join(context.home, 'trainer') });
}

/** Writes the job directory, and says what is in it. */
async function prepare(stage: TrainingStage, out: string, { parsed, context }: Invocation): Promise<{ readonly out: string; readonly base: string; readonly python: string }> {
  const python = pythonOf({ parsed, context });
  await checkPython(python);
  const config = parsed.text('config');
  const base = baseFolder(parsed.required('base'), context);
  const { split, resumed } = await prepareJob(context.fs, {
    stage, out, base, data: resolvePath(context.cwd, parsed.required('data')), ...(config !== undefined && { config: resolvePath(context.cwd, config) }),
  });
  context.note(`${resumed ? 'resuming: ' : ''}${split.training} rows to train on, ${split.heldOut} held out (${split.sources} sources, by ${split.unit}), ${split.droppedForHeldOut} dropped because their source is held out`);
  return { out, base, python };
}

function teller({ parsed, context }: Invocation): (event: TrainerEvent) => void {
  return (event) => {
    if (parsed.flag('json')) context.print(JSON.stringify(event));
    else tellEvent(event, context);
  };
}

async function follow(jobs: TrainerJobs, out: string, { parsed, context }: Invocation): Promise<ExitCode> {
  const state = await jobs.follow(out, teller({ parsed, context }), context.signal);
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
