import * as vscode from 'vscode';
import type { Preflight } from '../../app/training/preflight.ts';
import { visibleControls } from '../../core/text/display.ts';
import { localisedTexts } from '../../protocol/texts.ts';
import { droppedText, trainingStrings } from '../../protocol/trainingStrings.ts';
import { localised, trainerSentence } from '../localised.ts';
import type { PreflightReport } from '../../protocol/preflightReport.ts';

export interface PreflightFacts {
  readonly stage: string;
  readonly base: string;
  readonly python: string;
  readonly data: Preflight;
  readonly report: PreflightReport;
  readonly gpu: string | undefined;
  /** What the comparison with the model that serves said. */
  readonly serving: readonly string[];
}

/** Characters of a row's text in the question. */
const longestShown = 60;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

/** What a person reads before anything starts. */
export function preflightText({ stage, base, python, data, report, gpu, serving }: PreflightFacts): string {
  return [
    vscode.l10n.t('Stage: {0}, from {1}', stage, base),
    ...dataLines(data),
    ...reportLines(report),
    ...serving,
    vscode.l10n.t('On: {0}, with {1}', gpu ?? vscode.l10n.t('the CPU'), python),
    ...report.warnings.map(trainerSentence),
    vscode.l10n.t('It goes on when the window is closed, and can be cancelled at any time.'),
    ...exampleLines(report),
  ].join('\n');
}

function dataLines({ heldOut, heldOutSources, heldOutUnit, droppedForHeldOut, replay, references }: Preflight): readonly string[] {
  const unit = heldOutUnit === 'document' ? vscode.l10n.t('whole documents') : heldOutUnit === 'cluster' ? vscode.l10n.t('similar segments together') : vscode.l10n.t('as the data says');
  return [
    heldOutSources === 0 && references === 0
      ? vscode.l10n.t('Held out: nothing, so the gate cannot judge the result')
      : vscode.l10n.t('Held out for the gate: {0} rows of {1} segments ({2}); {3} rows dropped because their segment is held out', heldOut, heldOutSources, unit, droppedForHeldOut),
    ...(heldOutSources + references < 30 ? [vscode.l10n.t('Fewer than 30 segments are held out: a blind comparison will not be able to decide')] : []),
    ...(replay + references === 0 ? [] : [vscode.l10n.t('Beside them: {0} rows to replay, {1} references', replay, references)]),
  ];
}

/** Rows as the loss sees them: what is read, what is learnt, and how many end tokens are among it. The log has them whole. */
function exampleLines({ examples = [] }: PreflightReport): readonly string[] {
  const byPrompt = new Map<string, string[]>();
  for (const { role, prompt, learned, endTokens } of examples) byPrompt.set(prompt, [...byPrompt.get(prompt) ?? [], vscode.l10n.t('"{0}" ({1}, end tokens: {2})', clipped(learned), role, endTokens)]);
  return [...byPrompt].map(([prompt, texts]) => vscode.l10n.t('Reads "{0}", learns {1}', clipped(prompt), texts.join(', ')));
}

function clipped(text: string): string {
  const characters = [...visibleControls(text)];
  return characters.length > longestShown ? `${characters.slice(0, longestShown / 2).join('')}…${characters.slice(-longestShown / 2).join('')}` : characters.join('');
}

/** What the trainer could not find out is left out. */
function reportLines({ rows, plan, cost, rehearsal }: PreflightReport): readonly string[] {
  const dropped = Object.values(rows?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
  const reasons = droppedText(rows?.dropped ?? {}, localisedTexts(trainingStrings, localised(trainingStrings)));
  return [
    ...(rows === undefined ? [] : [vscode.l10n.t('Rows: {0} to train on, {1} to stop by, {2} left out', rows.kept - rows.validation, rows.validation, dropped) + (reasons === '' ? '' : ` (${reasons})`)]),
    ...(plan === undefined ? [] : [vscode.l10n.t('Steps: {0}, of {1} rows each; the longest row has {2} of {3} tokens', plan.steps, plan.batch, plan.longest, plan.maxLength)]),
    ...(cost === undefined ? [] : [vscode.l10n.t('Needs: {0} MB of memory before activations ({1} MB free), {2} MB of disk ({3} MB free)', megabytes(cost.memoryFixed), megabytes(cost.memoryFree), megabytes(cost.diskNeeded), megabytes(cost.diskFree))]),
    ...(rehearsal === undefined ? [] : [rehearsalLine(rehearsal)]),
  ];
}

function rehearsalLine({ seconds, trainingSeconds, peakMemory, peakGpuMemory, checkpointBytes, line }: NonNullable<PreflightReport['rehearsal']>): string {
  const figures = [Math.round(seconds), Math.round(trainingSeconds), endsAt(trainingSeconds), megabytes(Math.max(peakMemory, peakGpuMemory)), megabytes(checkpointBytes), line];
  return vscode.l10n.t('Rehearsed in {0} s: at most {1} s of training, so until {2} if it starts now, {3} MB of memory, {4} MB a checkpoint; it wrote "{5}"', ...figures);
}

/** The time of day, with the date where it is another day. */
function endsAt(seconds: number): string {
  const [now, end] = [new Date(), new Date(Date.now() + 1000 * seconds)];
  return now.toDateString() === end.toDateString() ? end.toLocaleTimeString(vscode.env.language, { timeStyle: 'short' }) : end.toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
}
