import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { registerCommands } from './ui/commands.ts';
import { registerMemoryCommands } from './ui/memory/memoryCommands.ts';
import { registerModelCommands } from './ui/models/downloadModel.ts';
import { Notifier } from './ui/notifier.ts';
import { reviewViewType } from './ui/reviewPanel.ts';
import { Quality } from './ui/quality/qualityCommands.ts';
import { Reviews } from './ui/reviews.ts';
import { Services } from './ui/services.ts';
import { StatusBar } from './ui/statusBar.ts';
import { Trainings } from './ui/training/trainingCommands.ts';
import { TrainingWorld } from './ui/training/trainingWorld.ts';

/** Composition root: builds the objects and wires them. Nothing is loaded before a command asks for it; only the states of trainings are read. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel('Interlinear', { log: true });
  const notifier = new Notifier(log);
  const services = new Services(context, log, notifier);
  const status = new StatusBar();
  const reviews = new Reviews(services, status);
  const world = new TrainingWorld(services, context.globalStorageUri);
  context.subscriptions.push(
    log, services, status, reviews,
    registerCommands(services, reviews),
    registerMemoryCommands(services, reviews),
    new Quality(services, reviews),
    new Trainings(world),
    registerModelCommands(world, context.secrets),
    vscode.window.registerWebviewPanelSerializer(reviewViewType, reviews),
  );
}
