import { join } from 'node:path';
import * as vscode from 'vscode';
import { judgmentDataInThread } from '../../app/documents/documentThread.ts';
import { trainsOnJudgments } from '../../app/training/judgmentData.ts';
import { readJobData, rowsFile, trainingStages, type TrainingStage } from '../../app/training/jobData.ts';
import { prepareJob } from '../../app/training/prepareJob.ts';
import { presetsFor, presetText, shapeOf, withJudge, type Preset, type Shape } from '../../app/training/presets.ts';
import { preflight } from '../../app/training/preflight.ts';
import { AppError, fromWire } from '../../core/errors.ts';
import { runPreflight } from '../../jobs/preflight.ts';
import { checkPython } from '../../jobs/python.ts';
import { runCommand } from '../../jobs/runCommand.ts';
import { surveyMachine } from '../../jobs/trainerSurvey.ts';
import { sentenceFor } from '../../messages.ts';
import type { JudgmentData } from '../../protocol/documents.ts';
import type { PreflightReport } from '../../protocol/preflightReport.ts';
import { trustedProfile } from '../backendPool.ts';
import { trainerSentence } from '../localised.ts';
import { readFolderSettings, readMachineSettings } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { whenSlow } from '../whenSlow.ts';
import { basesIn } from './bases.ts';
import { compareBase, type PreparedJob } from './compareBase.ts';
import { rehearseOnBackend } from './hosts.ts';
import { preflightText } from './preflightText.ts';
import { presetItem, stageItem } from './retrainItems.ts';
import { askAll, askStep, type Choice, type StepOutcome } from './steps.ts';
import { needTrust, type TrainingWorld } from './trainingWorld.ts';

interface Answers {
  stage: TrainingStage;
  base: string;
  /** Absolute folder with the stage's rows. */
  data: string;
  /** A preset, or the path of a YAML file. */
  preset: Preset | string;
}

const questions = 4;

export interface RetrainParts {
  readonly python: string;
  /** Starts the job or lets it wait; false: not wanted after all. */
  readonly begin: (job: string) => Promise<boolean>;
}

/** *Retrain...*: asks four questions, tells what it will be, and begins the job. @returns its folder; undefined: cancelled */
export async function retrain(world: TrainingWorld, folder: vscode.WorkspaceFolder, { python, begin }: RetrainParts): Promise<string | undefined> {
  needTrust();
  const draft = new Draft(world, folder);
  try {
    const answers = await draft.ask();
    if (answers === undefined) return undefined;
    const out = await draft.prepare(answers);
    if (!await confirmed(world, answers, { python, out })) return undefined;
    if (!await begin(out)) return undefined;
    draft.keep();
    return out;
  } finally {
    await draft.dispose();
  }
}

/** The answers so far, and the data folders that were written to count what is in them. */
class Draft {
  readonly #world: TrainingWorld;
  readonly #folder: vscode.WorkspaceFolder;
  readonly #time = new Date().toISOString().replace(/[-:]/gu, '').replace('T', '-').slice(0, 15);
  readonly #answers: Partial<Answers> = {};
  readonly #written = new Set<string>();

  constructor(world: TrainingWorld, folder: vscode.WorkspaceFolder) {
    this.#world = world;
    this.#folder = folder;
  }

  job(stage: TrainingStage): string {
    return join(this.#folder.uri.fsPath, '.interlinear', 'jobs', `${stage}-${this.#time}`);
  }

  /** Writes the job that the answers ask for. @returns its folder. @throws AppError `trainer.tooFewRows`, `input.invalid` and others of the data */
  async prepare({ stage, base, data, preset }: Answers): Promise<string> {
    const { fs } = this.#world.services;
    const out = this.job(stage);
    preflight(await readJobData(fs, stage, data, await this.#world.storeOf(out).heldOut.read()), typeof preset === 'string' ? anyRows(stage) : shapeOf(stage, preset));
    this.#written.add(out);
    await fs.makeFolder(out);
    const config = typeof preset === 'string' ? preset : join(out, 'preset.yaml');
    if (typeof preset !== 'string') await fs.writeAtomic(config, new TextEncoder().encode(presetText(stage === 'grpo' ? await this.#judged(preset) : preset)));
    await prepareJob(fs, { stage, data, base, out, config });
    return out;
  }

  /** With the folder's critic as the judge, if it has one; the trainer's preflight says when none is named. @throws AppError `backend.*` */
  async #judged(preset: Preset): Promise<Preset> {
    const { backend, principles } = readFolderSettings(this.#folder.uri).critic;
    if (backend === undefined) return preset;
    const { urls: [url = ''], model = '' } = await this.#world.services.backends.server(backend);
    return withJudge(preset, { url, model, apiKeyEnv: trustedProfile(backend).apiKeyEnv, principles });
  }

  /** The job has started: its folder stays. */
  keep(): void {
    this.#written.clear();
  }

  async dispose(): Promise<void> {
    for (const folder of this.#written) await this.#world.services.fs.remove(folder);
  }

  async ask(): Promise<Answers | undefined> {
    const done = await askAll([(step) => this.#askStage(step), (step) => this.#askBase(step), (step) => this.#askData(step), (step) => this.#askPreset(step)]);
    const { stage, base, data, preset } = this.#answers;
    return !done || stage === undefined || base === undefined || data === undefined || preset === undefined ? undefined : { stage, base, data, preset };
  }

  #question<T>(step: number, placeholder: string, items: readonly Choice<T>[]): Promise<StepOutcome<T>> {
    return askStep({ title: vscode.l10n.t('Interlinear: Retrain'), step, total: questions, placeholder, items });
  }

  async #askStage(step: number): Promise<StepOutcome<unknown>> {
    // what people judge most becomes pairs
    const stages: readonly TrainingStage[] = ['cpo', ...trainingStages.filter((stage) => stage !== 'cpo')];
    const outcome = await this.#question(step, vscode.l10n.t('What to train on'), stages.map(stageItem));
    if (outcome.kind === 'picked') this.#answers.stage = outcome.value;
    return outcome;
  }

  async #askBase(step: number): Promise<StepOutcome<unknown>> {
    const items = await basesIn(this.#world, readMachineSettings().modelFolder);
    const outcome = await this.#question<string | undefined>(step, vscode.l10n.t('The model to start from'), [...items, { label: vscode.l10n.t('A folder...'), detail: vscode.l10n.t('A model in the form of Hugging Face: config.json, weights, tokenizer'), value: undefined }]);
    if (outcome.kind !== 'picked') return outcome;
    const base = outcome.value ?? await pickFolder(vscode.l10n.t('Base Model'));
    if (base === undefined) return { kind: 'cancelled' };
    this.#answers.base = base;
    return outcome;
  }

  async #askData(step: number): Promise<StepOutcome<unknown>> {
    const stage = this.#answers.stage ?? 'cpo';
    const own = trainsOnJudgments(stage) ? await this.#judgments(stage) : [];
    const other: Choice<string | undefined> = { label: vscode.l10n.t('A folder...'), detail: vscode.l10n.t('With {0}, and beside it replay.jsonl, references.jsonl and heldout.jsonl if you have them', rowsFile[stage]), value: undefined };
    const outcome = await this.#question(step, vscode.l10n.t('The data'), [...own, other]);
    if (outcome.kind !== 'picked') return outcome;
    const data = outcome.value ?? await pickFolder(vscode.l10n.t('Training Data'));
    if (data === undefined) return { kind: 'cancelled' };
    this.#answers.data = data;
    return outcome;
  }

  /** The judgments of the folder in both readings, written so that they can be counted. */
  async #judgments(stage: TrainingStage): Promise<readonly Choice<string | undefined>[]> {
    const { services } = this.#world;
    this.#written.add(this.job(stage));
    const read = async (name: string, acceptedOverSeen: boolean): Promise<{ readonly path: string; readonly data: JudgmentData }> => {
      const path = join(this.job(stage), name);
      await services.fs.makeFolder(path);
      const params = { root: this.#folder.uri.fsPath, folder: path, version: services.version, supervised: stage === 'sft', acceptedOverSeen };
      const { data, problems } = await whenSlow(vscode.l10n.t('Reading the judgments'), (watch) => judgmentDataInThread(services.documentScript, params, watch));
      for (const problem of problems) services.notifier.warn(sentenceFor(fromWire(problem)));
      return { path, data };
    };
    const [strict, seen] = [await read('data', false), await read('data-with-seen', true)];
    const count = ({ pairs, supervised, sources, documents }: JudgmentData): string => stage === 'sft'
      ? vscode.l10n.t('{0} accepted or edited texts of {1} segments in {2} files', supervised, sources, documents)
      : vscode.l10n.t('{0} pairs of {1} segments in {2} files', pairs, sources, documents);
    const own = { label: vscode.l10n.t('Judgments of {0}', this.#folder.name), description: count(strict.data), detail: vscode.l10n.t('Accepted over rejected, edits over what they started from, preferences'), value: strict.path };
    const more = { label: vscode.l10n.t('Judgments of {0}, with texts that were only seen', this.#folder.name), description: count(seen.data), detail: vscode.l10n.t('Also accepted over at most two candidates that were on screen: weaker evidence, a sixth of such pairs is wrong'), value: seen.path };
    return seen.data.pairs > strict.data.pairs ? [own, more] : [own];
  }

  async #askPreset(step: number): Promise<StepOutcome<unknown>> {
    const { stage = 'cpo', data = '' } = this.#answers;
    const replay = await this.#world.services.fs.stat(join(data, 'replay.jsonl')) !== undefined;
    const presets = presetsFor(stage, replay).map((preset): Choice<Preset | undefined> => presetItem(preset, shapeOf(stage, preset)));
    const file = { label: vscode.l10n.t('A YAML file...'), detail: vscode.l10n.t('Every key is described in docs/training.md'), value: undefined };
    const outcome = await this.#question(step, vscode.l10n.t('How to train'), [...presets, file]);
    if (outcome.kind !== 'picked') return outcome;
    const preset = outcome.value ?? await pickYaml();
    if (preset === undefined) return { kind: 'cancelled' };
    this.#answers.preset = preset;
    return outcome;
  }
}

async function pickFolder(title: string): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false, canSelectMany: false });
  return picked?.[0]?.fsPath;
}

async function pickYaml(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({ title: vscode.l10n.t('Configuration'), canSelectMany: false, filters: { YAML: ['yaml', 'yml'] } });
  return picked?.[0]?.fsPath;
}

/** A YAML file says itself how many rows it needs. */
function anyRows(stage: TrainingStage): Shape {
  return { ...shapeOf(stage, { id: 'standard', config: {} }), minimumRows: 1 };
}

interface Prepared {
  readonly python: string;
  readonly out: string;
}

/** The preflight: what the trainer itself says of the job before it starts, and a rehearsal for whoever wants one. */
async function confirmed(world: TrainingWorld, answers: Answers, prepared: Prepared): Promise<boolean> {
  const [begin, rehearse] = [vscode.l10n.t('Start Training'), vscode.l10n.t('Rehearse First')];
  let report = await ask(world, prepared, false);
  const serving = await compared(world, { job: prepared.out, base: answers.base, report });
  for (;;) {
    const { gpu } = await surveyMachine(runCommand, prepared.out);
    const data = preflight(await readJobData(world.services.fs, answers.stage, answers.data, await world.storeOf(prepared.out).heldOut.read()), anyRows(answers.stage));
    const detail = preflightText({ stage: answers.stage, base: answers.base, python: prepared.python, data, report, gpu: gpu?.name, serving });
    const buttons = report.rehearsal === undefined ? [begin, rehearse] : [begin];
    const choice = await vscode.window.showInformationMessage(vscode.l10n.t('Train on {0} rows?', report.rows === undefined ? data.training : report.rows.kept - report.rows.validation), { modal: true, detail }, ...buttons);
    if (choice !== rehearse) return choice === begin;
    report = await ask(world, prepared, true);
  }
}

/** The rows whole into the log, and what the model that serves makes of them. @throws an AbortError */
async function compared(world: TrainingWorld, job: PreparedJob): Promise<readonly string[]> {
  for (const { role, prompt, learned, endTokens } of job.report.examples ?? []) world.services.log.info(`${job.job}: ${role}: ${JSON.stringify(prompt)} -> ${JSON.stringify(learned)}, ${endTokens} end token(s)`);
  const title = vscode.l10n.t('Comparing the trainer with the model that serves');
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => compareBase(world, job, signalOf(token)));
}

/** @throws AppError `trainer.unavailable`, and `trainer.failed` with the first problem that the trainer sees; AbortError */
async function ask(world: TrainingWorld, { python, out }: Prepared, rehearse: boolean): Promise<PreflightReport> {
  const title = rehearse ? vscode.l10n.t('Rehearsing: the longest batch, saved, killed, resumed and used') : vscode.l10n.t('Asking the trainer what it would do');
  const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) => {
    await checkPython(python);
    return runPreflight({ python, package: world.package, env: process.env, job: out, rehearse }, signalOf(token));
  });
  const [problem] = report.problems;
  if (problem !== undefined) throw new AppError('trainer.failed', { job: out, code: problem.code, reason: trainerSentence(problem) });
  if (report.rehearsal !== undefined) await rehearseOnBackend(world, out);
  return report;
}
