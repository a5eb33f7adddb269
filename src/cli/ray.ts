/** `interlinear train STAGE --ray URL`: the job runs on a cluster, its directory is followed here. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RayJobs, type RayStatus } from '../jobs/rayJobs.ts';
import { trainerEnvironment, type TrainerJobs } from '../jobs/trainerJobs.ts';
import type { TrainerEvent } from '../protocol/trainerEvents.ts';
import type { ExitCode } from './command.ts';
import { accelerateFile, type Invocation } from './training.ts';

const pollMs = 2000;
const over: readonly RayStatus[] = ['SUCCEEDED', 'FAILED', 'STOPPED'];

/** Exit code 1: it failed or was stopped. @throws AppError `ray.failed` */
export async function trainOnRay(jobs: TrainerJobs, job: string, invocation: Invocation & { readonly tell: (event: TrainerEvent) => void }): Promise<ExitCode> {
  const { parsed, context, tell } = invocation;
  const ray = new RayJobs({ address: parsed.required('ray'), fetch: globalThis.fetch });
  const launch = accelerateFile(invocation);
  const id = await ray.submit({
    job, package: join(context.home, 'trainer'), python: parsed.text('ray-python') ?? 'python3',
    launcher: launch === undefined ? [] : ['-m', 'accelerate.commands.launch', '--config_file', launch],
    gpus: parsed.integer('ray-gpus', { min: 0, max: 1024, fallback: 1 }), env: trainerEnvironment(join(context.home, 'trainer')),
  }, context.signal);
  context.note(`submitted as ${id}`);
  if (parsed.flag('detach')) return 0;
  let told = 0;
  for (;;) {
    const { status, message } = await ray.status(id, new AbortController().signal);
    const events = await jobs.events(job);
    for (const event of events.slice(told)) tell(event);
    told = events.length;
    if (over.includes(status)) {
      context.note(`${id}: ${status}${message === '' ? '' : `: ${message}`}`);
      return status === 'SUCCEEDED' && events.at(-1)?.kind === 'finished' ? 0 : 1;
    }
    await sleep(pollMs, undefined, { signal: context.signal }).catch(() => ray.stop(id, new AbortController().signal));
  }
}
