import * as vscode from 'vscode';
import type { Preflight } from '../../app/training/preflight.ts';
import type { Shape } from '../../app/training/presets.ts';

export interface PreflightFacts {
  readonly stage: string;
  readonly base: string;
  readonly python: string;
  readonly counts: Preflight;
  /** Undefined: a YAML file says. */
  readonly shape: Shape | undefined;
  readonly gpu: string | undefined;
  readonly freeBytes: number;
}

/** What a person reads before anything starts. */
export function preflightText({ stage, base, python, counts, shape, gpu, freeBytes }: PreflightFacts): string {
  const { training, validation, heldOut, heldOutSources, heldOutUnit, droppedForHeldOut, replay, references, steps, fewSteps } = counts;
  const unit = heldOutUnit === 'document' ? vscode.l10n.t('whole documents') : heldOutUnit === 'cluster' ? vscode.l10n.t('similar segments together') : vscode.l10n.t('as the data says');
  return [
    vscode.l10n.t('Stage: {0}, from {1}', stage, base),
    vscode.l10n.t('Rows: {0} to train on, {1} to stop by', training, validation),
    heldOutSources === 0 && references === 0
      ? vscode.l10n.t('Held out: nothing, so the gate cannot judge the result')
      : vscode.l10n.t('Held out for the gate: {0} rows of {1} segments ({2}); {3} rows dropped because their segment is held out', heldOut, heldOutSources, unit, droppedForHeldOut),
    ...(heldOutSources + references < 30 ? [vscode.l10n.t('Fewer than 30 segments are held out: a blind comparison will not be able to decide')] : []),
    ...(replay + references === 0 ? [] : [vscode.l10n.t('Beside them: {0} rows to replay, {1} references', replay, references)]),
    shape === undefined ? vscode.l10n.t('Steps: as the file says') : vscode.l10n.t('Steps: {0}, of {1} rows each, learning rate {2}', steps, shape.batch, shape.learningRate.toExponential(1)),
    ...(shape !== undefined && fewSteps ? [vscode.l10n.t('So few steps change little: judge more, or take it as a trial')] : []),
    vscode.l10n.t('On: {0}, with {1}', gpu ?? vscode.l10n.t('the CPU'), python),
    vscode.l10n.t('Room: {0} GB are free; the job says what it needs before its first step', (freeBytes / 1e9).toFixed(1)),
    vscode.l10n.t('It goes on when the window is closed, and can be cancelled at any time.'),
  ].join('\n');
}
