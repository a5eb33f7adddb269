import * as vscode from 'vscode';
import { AppError } from '../../core/errors.ts';
import { setUpTrainer } from './setUpTrainer.ts';
import type { TrainingWorld } from './trainingWorld.ts';

/** The trainer's Python; where there is none, the way to one is offered, with `why` it is needed. Undefined: not wanted. */
export async function pythonOrOffer(world: TrainingWorld, why: string): Promise<string | undefined> {
  try {
    return await world.python();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'trainer.notSetUp') throw thrown;
    const setUp = vscode.l10n.t('Set Up Trainer...');
    const choice = await vscode.window.showInformationMessage(vscode.l10n.t('The trainer is not set up yet.'), { modal: true, detail: why }, setUp);
    return choice === setUp ? setUpTrainer(world) : undefined;
  }
}
