/**
 * The loop of the product on a CPU: the starter model translates, a rule that stands for a reviewer judges 200 sentences, CPO
 * trains an adapter, the gate compares on held-out sentences, the adapter is adopted, translates, and is rolled back.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRun } from '../../src/app/settings.ts';
import { adoptAdapter } from '../../src/app/training/adoptAdapter.ts';
import { gateJob, type StoredGate } from '../../src/app/training/gateJob.ts';
import { prepareJob } from '../../src/app/training/prepareJob.ts';
import { servedModelFolder } from '../../src/app/training/servedModel.ts';
import { defaultThresholds } from '../../src/core/evaluation/gate.ts';
import { AdapterRegistry } from '../../src/jobs/adapterRegistry.ts';
import { nodeProcesses } from '../../src/jobs/process.ts';
import { TrainerJobs } from '../../src/jobs/trainerJobs.ts';
import { nodeFileSystem } from '../../src/store/fileSystem.ts';
import { inRoot } from '../support/root.ts';
import { heldOutSentences, judgeHeldOut, judgeTraining, languages, writeData, type Sentence } from './data.ts';
import { openModel } from './models.ts';
import { politeJudge } from './politeRule.ts';

export interface LearnOptions {
  /** Scratch folder, absolute; a workspace with its `.interlinear` is made in it. */
  readonly folder: string;
  readonly python: string;
  readonly config: string;
  /** Candidates a sentence. */
  readonly candidates: number;
  /** Held-out sentences, at most 1,000. */
  readonly heldOut: number;
  /** Seeds over which chrF is taken. */
  readonly draws: number;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Learned {
  readonly gate: StoredGate;
  readonly trainSeconds: number;
  readonly judgments: number;
  readonly changed: number;
  /** Sentences that were compared before adoption and after the roll back. */
  readonly compared: number;
  readonly rolledBackEqual: boolean;
}

const base = inRoot('media', 'starter-en-ja');
const probes = 40;

export async function learn(options: LearnOptions): Promise<Learned> {
  const { folder, note, signal } = options;
  const held = heldOutSentences().slice(0, options.heldOut);
  const settings = { ...defaultRun, candidates: options.candidates };
  const before = openModel(base, settings);
  try {
    const judgments = await prepare(options, before.serving, held);
    const trainSeconds = await train(options);
    const after = openModel(join(jobOf(folder), 'model'), settings);
    try {
      note('gate: translating what was held out');
      const gate = await gateJob({
        fs: nodeFileSystem, workspace: folder, job: jobOf(folder), before: before.serving, after: after.serving, judge: politeJudge, settings: { thresholds: defaultThresholds, draws: options.draws }, at: new Date().toISOString(),
        onProgress: (done, total) => { if (done % 200 === 0) note(`${done}/${total}`); },
      }, signal);
      return { gate, trainSeconds, judgments, ...await adoptAndRollBack(options, gate, held.slice(0, probes)) };
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

function jobOf(folder: string): string {
  return join(folder, '.interlinear', 'jobs', 'polite');
}

async function prepare({ folder, config, note, signal }: LearnOptions, serving: ReturnType<typeof openModel>['serving'], held: readonly Sentence[]): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  note('judging the model\'s candidates by the rule');
  const training = await judgeTraining(serving, note, signal);
  const pairs = await judgeHeldOut(serving, held, signal);
  note(`${training.length} judgments; held out: ${held.length} sentences, ${pairs.length} pairs`);
  await writeData(join(folder, 'data'), training, pairs, held);
  await prepareJob(nodeFileSystem, { stage: 'cpo', data: join(folder, 'data'), base, out: jobOf(folder), config });
  return training.length;
}

/** Seconds from start to the exported model. */
async function train({ folder, python, note, signal }: LearnOptions): Promise<number> {
  const jobs = new TrainerJobs({
    files: nodeFileSystem, processes: nodeProcesses, env: process.env, now: Date.now, wait: async (milliseconds) => { await sleep(milliseconds); },
  });
  const started = performance.now();
  await jobs.start(jobOf(folder), { command: python, args: ['-m', 'interlinear_trainer'], package: inRoot('trainer') });
  const state = await jobs.follow(jobOf(folder), (event) => {
    if (event.kind === 'evaluated') note(`step ${event.step}: validation accuracy ${(100 * (event.accuracy ?? 0)).toFixed(1)} %, guard ${event.guardNll?.toFixed(3) ?? '-'} nats a token`);
  }, signal);
  if (state.kind === 'running') await jobs.cancel(jobOf(folder));
  if (state.kind !== 'finished') throw new Error(`training ended as ${JSON.stringify(state)}; see ${join(jobOf(folder), 'job.log')}`);
  return (performance.now() - started) / 1000;
}

async function adoptAndRollBack(options: LearnOptions, gate: StoredGate, texts: readonly Sentence[]): Promise<Pick<Learned, 'changed' | 'compared' | 'rolledBackEqual'>> {
  const { folder } = options;
  const first = await translateServed(options, texts);
  await adoptAdapter({
    fs: nodeFileSystem, workspace: folder, job: jobOf(folder), at: new Date().toISOString(), id: randomUUID(),
    ...(gate.decision.outcome !== 'passed' && { because: 'to show the roll back although the gate did not pass' }),
  });
  const adopted = await translateServed(options, texts);
  await new AdapterRegistry(folder, nodeFileSystem).rollBack(randomUUID(), new Date().toISOString());
  const last = await translateServed(options, texts);
  return { changed: adopted.filter((line, index) => line !== first[index]).length, compared: texts.length, rolledBackEqual: last.every((line, index) => line === first[index]) };
}

/** Every candidate of each sentence by a fresh process of the model that serves in the workspace. */
async function translateServed({ folder, candidates, signal }: LearnOptions, texts: readonly Sentence[]): Promise<readonly string[]> {
  const model = openModel(await servedModelFolder(nodeFileSystem, folder, base), { ...defaultRun, candidates });
  try {
    const lines: string[] = [];
    for (const { source } of texts) {
      const served = await model.serving.translate({ source, ...languages }, signal);
      lines.push(served.candidates.map(({ text, count }) => `${text} ${count}`).join('\n'));
    }
    return lines;
  } finally {
    await model.close();
  }
}
