import { join } from 'node:path';
import * as vscode from 'vscode';
import { createBackend, type BackendChoice } from '../../app/backends.ts';
import { compareServing, type ServingComparison } from '../../app/training/compareServing.ts';
import { readSources } from '../../app/training/jobData.ts';
import { toAppError } from '../../core/errors.ts';
import { sentenceFor } from '../../messages.ts';
import type { PreflightReport } from '../../protocol/preflightReport.ts';
import { embeddedName } from '../chooseTarget.ts';
import { readFolderSettings } from '../settings.ts';
import { workspaceOf, type TrainingWorld } from './trainingWorld.ts';

/** A training is prepared in `job` from `base`, both absolute. */
export interface PreparedJob {
  readonly job: string;
  readonly base: string;
  readonly report: PreflightReport;
}

/**
 * Does what serves in the folder read and score texts as the trainer does? A line for people; none where there is nothing to compare with.
 * A server that does not run is not started for it. @throws an AbortError
 */
export async function compareBase(world: TrainingWorld, { job, base, report }: PreparedJob, signal: AbortSignal): Promise<readonly string[]> {
  if (report.scored === undefined) return [];
  const { backend: name = embeddedName } = readFolderSettings(workspaceOf(job).uri);
  try {
    const choice = await choiceOf(world, name, base);
    if (choice === undefined) return [];
    const backend = createBackend(choice, { engineScript: world.extensionFile('dist', 'engine.cjs') });
    try {
      return [comparisonLine(await compareServing(report, backend, await readSources(world.services.fs, join(job, 'rows.jsonl')), signal))];
    } finally {
      await backend.dispose();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    return [vscode.l10n.t('Not compared with {0}: {1}', name, sentenceFor(toAppError(thrown, name)))];
  }
}

/** Only models with a manifest run in the engine. */
async function choiceOf({ services }: TrainingWorld, name: string, base: string): Promise<BackendChoice | undefined> {
  if (name !== embeddedName) return services.backends.runningServer(name);
  return await services.fs.stat(join(base, 'manifest.json')) === undefined ? undefined : { kind: 'embedded', modelFolder: base };
}

function comparisonLine({ server, model, texts, state, otherPrompts, otherTokens, largestGap }: ServingComparison): string {
  if (state === 'unknown') return vscode.l10n.t('{0} on {1} tells neither token ids nor scores: not compared with the trainer', model, server);
  const found = [
    ...(otherPrompts === undefined ? [] : [vscode.l10n.t('prompts with other token ids: {0}', otherPrompts)]),
    ...(otherTokens === undefined ? [] : [vscode.l10n.t('texts with another number of tokens: {0}', otherTokens)]),
    ...(largestGap === undefined ? [] : [vscode.l10n.t('log P apart by at most {0} nats a token', largestGap.toFixed(3))]),
  ].join(', ');
  return state === 'same'
    ? vscode.l10n.t('{0} on {1} reads {2} texts as the trainer does ({3})', model, server, texts, found)
    : vscode.l10n.t('Attention: {0} on {1} does not read {2} texts as the trainer does ({3}). What is trained is not what will serve.', model, server, texts, found);
}
