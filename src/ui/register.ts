import * as vscode from 'vscode';
import type { Notifier } from './notifier.ts';

export type Register = (name: string, work: (argument: unknown) => Promise<void> | void) => vscode.Disposable;

/** Registers `interlinear.NAME`; whatever its work throws reaches the user. */
export function registrar(notifier: Notifier): Register {
  return (name, work) => vscode.commands.registerCommand(`interlinear.${name}`, (argument: unknown) => notifier.guard(name, async () => { await work(argument); }));
}
