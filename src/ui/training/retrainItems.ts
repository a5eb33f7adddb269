import * as vscode from 'vscode';
import type { TrainingStage } from '../../app/training/jobData.ts';
import type { Preset, Shape } from '../../app/training/presets.ts';
import type { Choice } from './steps.ts';

/** A stage as the first question shows it. */
export function stageItem(stage: TrainingStage): Choice<TrainingStage> {
  switch (stage) {
    case 'cpo': return { label: vscode.l10n.t('Preferences'), description: 'cpo', detail: vscode.l10n.t('Contrastive Preference Optimization on pairs: what was chosen over what was rejected'), value: stage };
    case 'sft': return { label: vscode.l10n.t('Translations'), description: 'sft', detail: vscode.l10n.t('Supervised training on accepted, edited or given translations'), value: stage };
    case 'cpt': return { label: vscode.l10n.t('Text of the languages'), description: 'cpt', detail: vscode.l10n.t('Continued pre-training of every weight; needs a folder with texts.jsonl'), value: stage };
    case 'grpo': return { label: vscode.l10n.t('Principles'), description: 'grpo', detail: vscode.l10n.t('Reinforcement by a judge model that scores principles: the backend of interlinear.critic.backend, or that of a YAML file; needs a folder with prompts.jsonl'), value: stage };
    case 'mrpo': return { label: vscode.l10n.t('Candidate pools with quality estimates'), description: 'mrpo', detail: vscode.l10n.t('Dynamic multi-reward preference optimisation; needs a folder with pools.jsonl'), value: stage };
  }
}

/** A preset as the last question shows it. */
export function presetItem(preset: Preset, { learningRate, batch, epochs, maxSteps }: Shape): Choice<Preset> {
  const figures = maxSteps === 0
    ? vscode.l10n.t('learning rate {0}, {1} rows a step, {2} epochs', learningRate.toExponential(0), batch, epochs)
    : vscode.l10n.t('learning rate {0}, {1} rows a step, at most {2} steps', learningRate.toExponential(0), batch, maxSteps);
  return { ...presetTexts(preset.id), description: figures, value: preset };
}

function presetTexts(id: Preset['id']): { readonly label: string; readonly detail: string } {
  switch (id) {
    case 'standard': return { label: vscode.l10n.t('Standard'), detail: vscode.l10n.t('For some hundred rows') };
    case 'replay': return { label: vscode.l10n.t('With replay'), detail: vscode.l10n.t('For some hundred pairs; replayed translations keep a small model from forgetting') };
    case 'large': return { label: vscode.l10n.t('Large set'), detail: vscode.l10n.t('The rates of the paper, for ten thousand pairs and more: they change nothing in a few steps') };
    case 'second': return { label: vscode.l10n.t('Second pass'), detail: vscode.l10n.t('Half the rate, on distilled data after a first pass') };
    case 'trial': return { label: vscode.l10n.t('Trial'), detail: vscode.l10n.t('A few steps, to see that everything works; it teaches next to nothing') };
  }
}
