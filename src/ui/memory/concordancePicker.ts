import * as vscode from 'vscode';
import { isAbort } from '../../core/errors.ts';
import type { ConcordanceHit, MemoryName } from '../../protocol/memory.ts';
import type { Services } from '../services.ts';

const mostHits = 100;
/** Typing is over when nothing was typed for so long. Milliseconds. */
const pause = 200;

interface HitItem extends vscode.QuickPickItem {
  readonly hit: ConcordanceHit;
}

/**
 * Every unit that holds a text, source above translation with the hits in bold, as it is typed. Enter copies the translation,
 * and the picker stays where it is for the next. The selection of the editor is asked for first.
 */
export async function showConcordance(services: Services, name: MemoryName): Promise<void> {
  const picker = vscode.window.createQuickPick<HitItem>();
  picker.title = vscode.l10n.t('Concordance, {0} > {1}', name.source, name.target);
  picker.placeholder = vscode.l10n.t('Text in the source or the translation; Enter copies a translation');
  picker.matchOnDetail = true;
  picker.value = selectedText();
  let search = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    search.abort();
    search = new AbortController();
    const { signal } = search;
    picker.busy = true;
    try {
      const hits = await services.translationMemory.concordance({ ...name, text: picker.value, limit: mostHits }, signal);
      picker.items = hits.map(itemOf);
      picker.busy = false;
    } catch (thrown) {
      if (isAbort(thrown)) return;
      picker.busy = false;
      throw thrown;
    }
  };
  const begin = (): void => { void services.notifier.guard('concordance', look); };
  picker.onDidChangeValue(() => {
    clearTimeout(timer);
    timer = setTimeout(begin, pause);
  });
  picker.onDidAccept(() => { void services.notifier.guard('concordance', () => copy(picker.activeItems[0])); });
  begin();
  picker.show();
  await new Promise<void>((resolve) => { picker.onDidHide(() => { resolve(); }); });
  clearTimeout(timer);
  search.abort();
  picker.dispose();
}

/** Always shown: a hit of another width is none to the picker's own filter. */
function itemOf(hit: ConcordanceHit): HitItem {
  const { source, target, origin } = hit.unit;
  return { label: oneLine(source), detail: oneLine(target), description: origin, alwaysShow: true, hit };
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ');
}

async function copy(item: HitItem | undefined): Promise<void> {
  if (item === undefined) return;
  await vscode.env.clipboard.writeText(item.hit.unit.target);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The translation is in the clipboard.'), 3000);
}

function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? '' : editor.document.getText(editor.selection).trim().slice(0, 200);
}
