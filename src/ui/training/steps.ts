import * as vscode from 'vscode';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface StepOptions<T> {
  readonly title: string;
  readonly step: number;
  readonly total: number;
  readonly placeholder: string;
  readonly items: readonly Choice<T>[];
}

export type StepOutcome<T> = { readonly kind: 'picked'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'cancelled' };

/** One question of several: with its number, and a way back from the second on. */
export function askStep<T>({ title, step, total, placeholder, items }: StepOptions<T>): Promise<StepOutcome<T>> {
  const picker = vscode.window.createQuickPick<Choice<T>>();
  Object.assign(picker, { title, step, totalSteps: total, placeholder, items, ignoreFocusOut: true, buttons: step > 1 ? [vscode.QuickInputButtons.Back] : [] });
  return new Promise((resolve) => {
    const settle = (outcome: StepOutcome<T>): void => {
      resolve(outcome);
      picker.dispose();
    };
    picker.onDidTriggerButton(() => { settle({ kind: 'back' }); });
    picker.onDidHide(() => { settle({ kind: 'cancelled' }); });
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item !== undefined) settle({ kind: 'picked', value: item.value });
    });
    picker.show();
  });
}

/** Asks one question after the other; going back asks the one before again. False: cancelled. */
export async function askAll(questions: readonly ((step: number) => Promise<StepOutcome<unknown>>)[]): Promise<boolean> {
  let step = 0;
  while (step < questions.length) {
    const outcome = await questions[step]?.(step + 1);
    if (outcome === undefined || outcome.kind === 'cancelled') return false;
    step = Math.max(0, step + (outcome.kind === 'back' ? -1 : 1));
  }
  return true;
}
