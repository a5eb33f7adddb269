import * as v from 'valibot';
import type * as vscode from 'vscode';

const contributed = v.object({
  contributes: v.object({ keybindings: v.array(v.object({ command: v.string(), key: v.string() })) }),
});

const prefix = 'interlinear.review.';

/** Keys of the review commands by command id, as package.json contributes them: for help and for telling keys apart. */
export function reviewKeys(extension: vscode.Extension<unknown>): Readonly<Record<string, readonly string[]>> {
  const { contributes } = v.parse(contributed, extension.packageJSON);
  const keys: Record<string, string[]> = {};
  for (const { command, key } of contributes.keybindings) {
    if (command.startsWith(prefix)) (keys[command] ??= []).push(key);
  }
  return keys;
}
