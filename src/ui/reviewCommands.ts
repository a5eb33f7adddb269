import * as vscode from 'vscode';
import { reviewCommands, type ReviewCommand } from '../protocol/review.ts';

/** An argument that no keybinding and no other extension can give. */
const firstUse = Symbol('first use');

export function registerReviewCommands(run: (command: ReviewCommand) => void): vscode.Disposable {
  const register = (command: ReviewCommand): vscode.Disposable => vscode.commands.registerCommand(idOf(command), (argument: unknown) => {
    if (argument !== firstUse) run(command);
  });
  return vscode.Disposable.from(...reviewCommands.map(register));
}

/**
 * Keeps keys in their order. Before VS Code runs a contributed command for the first time it asks the extensions (`onCommand:`)
 * and waits for the answer; a command that has run before does not wait and overtakes it: `e` for the first time and `1` after it
 * would accept the segment and edit the next one. So every command is used once, to no effect, before a key can be pressed; that
 * it asks for a call from an extension as well is VS Code's own rule (ExtHostCommands).
 */
export async function useReviewCommands(): Promise<void> {
  await Promise.all(reviewCommands.map((command) => vscode.commands.executeCommand(idOf(command), firstUse)));
}

function idOf(command: ReviewCommand): string {
  return `interlinear.review.${command}`;
}
