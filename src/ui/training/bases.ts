import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Choice } from './steps.ts';
import type { TrainingWorld } from './trainingWorld.ts';

/** The models that can be trained without looking for one: with weights beside what the engine runs. */
export async function basesIn(world: TrainingWorld, modelFolder: string | undefined): Promise<readonly Choice<string>[]> {
  const starter = { label: vscode.l10n.t('Embedded starter model'), description: vscode.l10n.t('English to Japanese; trains on a CPU'), value: world.extensionFile('media', 'starter-en-ja') };
  const own = modelFolder === undefined ? [] : [{ label: vscode.l10n.t('The model of the settings'), description: modelFolder, value: modelFolder }];
  const trainable = await Promise.all([starter, ...own].map(async (item) => await world.services.fs.stat(join(item.value, 'config.json')) !== undefined));
  return [starter, ...own].filter((_, index) => trainable[index] === true);
}
