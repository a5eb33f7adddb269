/** What there is to know of a job: from its files, its process, its gate and the registry. Reads only. */
import { join } from 'node:path';
import { humanVerdict, type HumanVerdict } from '../../core/evaluation/blindSession.ts';
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import type { JobState, TrainerJobs } from '../../jobs/trainerJobs.ts';
import type { JobStateName, TrainingAction } from '../../protocol/training.ts';
import type { TrainerEvent } from '../../protocol/trainerEvents.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { readJob, type JobRecord } from './prepareJob.ts';
import { comparisonOf, readGate, type GateRecord } from './storedGate.ts';

export interface JobFacts {
  readonly folder: string;
  readonly record: JobRecord;
  readonly state: JobState;
  readonly name: JobStateName;
  readonly events: readonly TrainerEvent[];
  readonly log: readonly string[];
  readonly gate: GateRecord | undefined;
  readonly verdict: HumanVerdict | undefined;
  /** The job's model serves in the workspace. */
  readonly serving: boolean;
  /** Its place in the queue, from 1; undefined: it does not wait. */
  readonly place: number | undefined;
  readonly actions: readonly TrainingAction[];
}

export interface JobWorld {
  readonly fs: FileSystem;
  readonly store: WorkspaceStore;
  readonly jobs: TrainerJobs;
  /** Folders of the jobs that wait, in their order. */
  readonly waiting: readonly string[];
}

const logLines = 200;
/** Enough for the lines above, however long the log is. */
const logBytes = 40_000;
const discarded = 'discarded.json';

/** @throws AppError `document.notFound`, `input.invalid`, `gate.missing` */
export async function readJobFacts({ fs, store, jobs, waiting }: JobWorld, folder: string): Promise<JobFacts> {
  const record = await readJob(fs, folder);
  const state = await jobs.state(folder);
  const place = waiting.includes(folder) ? waiting.indexOf(folder) + 1 : undefined;
  const name: JobStateName = await fs.stat(join(folder, discarded)) !== undefined ? 'discarded' : place !== undefined ? 'waiting' : state.kind;
  const gate = await readGate(fs, folder);
  const verdict = gate === undefined ? undefined : humanVerdict(await store.verdicts.read(comparisonOf(gate)), gate.outputs);
  const serving = (await new AdapterRegistry(store.root, fs).current())?.job === record.id;
  const made = await Promise.all([join('model', 'manifest.json'), join('adapter', 'adapter_config.json')].map((file) => fs.stat(join(folder, file))));
  const hasModel = made.some((file) => file !== undefined);
  const facts = { name, place, hasModel, gated: gate !== undefined, comparable: (verdict?.changed ?? 0) > 0, serving };
  return { folder, record, state, name, events: await jobs.events(folder), log: await logTail(fs, folder), gate, verdict, serving, place, actions: actionsFor(facts) };
}

interface ActionFacts {
  readonly name: JobStateName;
  readonly place: number | undefined;
  readonly hasModel: boolean;
  readonly gated: boolean;
  readonly comparable: boolean;
  readonly serving: boolean;
}

function actionsFor({ name, place, hasModel, gated, comparable, serving }: ActionFacts): readonly TrainingAction[] {
  const finished = name === 'finished' && hasModel;
  const possible: Readonly<Record<TrainingAction, boolean>> = {
    cancel: name === 'running' || name === 'waiting',
    moveUp: (place ?? 1) > 1,
    resume: name === 'cancelled' || name === 'failed' || name === 'lost' || name === 'new',
    gate: finished && !serving,
    openGate: gated,
    // before the gate it runs the gate first: the outputs are made there
    compare: finished && (gated ? comparable : !serving),
    adopt: finished && !serving,
    rollBack: serving,
    discard: name !== 'running' && name !== 'waiting' && name !== 'discarded' && !serving,
    openLog: true,
  };
  return (Object.keys(possible) as TrainingAction[]).filter((action) => possible[action]); // the record has every action
}

/** Folders of the jobs of a workspace, newest first. Names begin with the stage and end with the time. */
export async function listJobs(fs: FileSystem, workspace: string): Promise<readonly string[]> {
  const root = join(workspace, '.interlinear', 'jobs');
  const found = (await fs.list(root)).filter(({ kind }) => kind === 'folder').map(({ name }) => join(root, name));
  const dated = await Promise.all(found.map(async (folder) => ({ folder, modified: (await fs.stat(join(folder, 'job.json')))?.modified })));
  return dated.flatMap(({ folder, modified }) => modified === undefined ? [] : [{ folder, modified }]).sort((a, b) => b.modified - a.modified).map(({ folder }) => folder);
}

/** Deletes the weights of a job and keeps what it says of itself. What was adopted from it lies elsewhere and stays. */
export async function discardJob(fs: FileSystem, folder: string, at: string): Promise<void> {
  await fs.writeAtomic(join(folder, discarded), new TextEncoder().encode(`${JSON.stringify({ at })}\n`));
  for (const name of ['checkpoints', 'adapter', 'model']) await fs.remove(join(folder, name));
}

async function logTail(fs: FileSystem, folder: string): Promise<readonly string[]> {
  const bytes = await fs.read(join(folder, 'job.log')) ?? new Uint8Array();
  const text = new TextDecoder().decode(bytes.subarray(Math.max(0, bytes.length - logBytes)));
  // a progress bar rewrites its line
  return text.split('\n').map((line) => line.split('\r').at(-1) ?? '').filter((line) => line.trim() !== '').slice(-logLines);
}
