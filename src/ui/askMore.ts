import * as vscode from 'vscode';
import { rewriteInstruction, type Wish } from '../app/translation/steering.ts';
import type { AskParams } from '../protocol/review.ts';

const recentKey = 'interlinear.recentInstructions';
const recentLimit = 12;

/** Asks what a request for more candidates still needs. Undefined: the user went back. */
export async function wishFor(params: AskParams, memory: vscode.Memento): Promise<Wish | undefined> {
  switch (params.kind) {
    case 'more': return {};
    case 'instruction': return instructionWish(memory);
    case 'rewrite': return rewriteWish(params, memory);
    case 'continue': return beginningWish(params);
  }
}

async function instructionWish(memory: vscode.Memento): Promise<Wish | undefined> {
  const instruction = await askInstruction(vscode.l10n.t('More candidates: how?'), memory);
  return instruction === undefined || instruction === '' ? undefined : { instruction };
}

async function rewriteWish({ candidate, selection }: AskParams, memory: vscode.Memento): Promise<Wish | undefined> {
  if (candidate === undefined) return undefined;
  const part = selection ?? (await vscode.window.showInputBox({
    title: vscode.l10n.t('Which part should be worded anew?'),
    prompt: vscode.l10n.t('Leave only that part here. A selection in the candidate is taken at once.'),
    value: candidate,
    validateInput: (text) => (text !== '' && candidate.includes(text) ? undefined : vscode.l10n.t('This is no part of the candidate.')),
  }));
  if (part === undefined) return undefined;
  const how = await askInstruction(vscode.l10n.t('How should "{0}" read? (empty: in other words)', part), memory);
  return how === undefined ? undefined : { instruction: rewriteInstruction(candidate, part, how) };
}

async function beginningWish({ candidate }: AskParams): Promise<Wish | undefined> {
  const prefix = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go on from this beginning'),
    prompt: vscode.l10n.t('Every new candidate begins with exactly this text.'),
    value: candidate ?? '',
    valueSelection: [candidate?.length ?? 0, candidate?.length ?? 0],
  });
  return prefix === undefined || prefix.trim() === '' ? undefined : { prefix };
}

/** A line of text, or one of the last ones. Undefined: escaped; may be empty. */
async function askInstruction(title: string, memory: vscode.Memento): Promise<string | undefined> {
  const recent = memory.get<readonly string[]>(recentKey, []);
  const picker = vscode.window.createQuickPick();
  picker.title = title;
  picker.placeholder = vscode.l10n.t('use 俺 · at most 20 characters · softer');
  const show = (): void => {
    const typed = picker.value.trim();
    const items = recent.filter((text) => text !== typed).map((label) => ({ label }));
    picker.items = typed === '' ? items : [{ label: typed, alwaysShow: true }, ...items];
  };
  picker.onDidChangeValue(show);
  show();
  // nothing is chosen before it is typed or gone to: Enter on an empty line means an empty line
  picker.activeItems = [];
  const chosen = await new Promise<string | undefined>((resolve) => {
    picker.onDidAccept(() => { resolve(picker.activeItems[0]?.label ?? picker.value.trim()); });
    picker.onDidHide(() => { resolve(undefined); });
    picker.show();
  });
  picker.dispose();
  if (chosen !== undefined && chosen !== '') await memory.update(recentKey, [chosen, ...recent.filter((text) => text !== chosen)].slice(0, recentLimit));
  return chosen;
}
