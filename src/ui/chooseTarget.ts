import * as vscode from 'vscode';
import { allLanguages, parseLanguage } from '../core/text/languages.ts';
import type { BackendProfile } from '../app/backendProfile.ts';
import { readFolderSettings, readMachineSettings, saveFolderChoice } from './settings.ts';

export const embeddedName = 'embedded';

export interface TargetChoice {
  /** BCP 47. */
  readonly language: string;
  /** `embedded` or a profile's name. */
  readonly backend: string;
}

/** The folder's language and backend; asked for when they are not set, or when `again` says so. Undefined: cancelled. */
export async function chooseTarget(resource: vscode.Uri, again = false): Promise<TargetChoice | undefined> {
  const settings = readFolderSettings(resource);
  if (!again && settings.targetLanguage !== undefined && settings.backend !== undefined) {
    return { language: parseLanguage(settings.targetLanguage).tag, backend: settings.backend };
  }
  const language = await chooseLanguage(settings.targetLanguage);
  if (language === undefined) return undefined;
  const backend = await pickBackend(readMachineSettings().backends);
  if (backend === undefined) return undefined;
  await saveFolderChoice(resource, { targetLanguage: language, backend });
  return { language, backend };
}

/** A target language, the folder's first. Undefined: cancelled. */
export async function chooseLanguage(current?: string): Promise<string | undefined> {
  const items = allLanguages().map((language) => ({ label: language.name, description: language.tag, tag: language.tag }));
  const starter = items.filter((item) => item.tag === (current ?? 'ja'));
  const rest = items.filter((item) => item.tag !== (current ?? 'ja'));
  const picked = await vscode.window.showQuickPick([...starter, ...rest], {
    title: vscode.l10n.t('Interlinear: Translate into'),
    placeHolder: vscode.l10n.t('Target language (kept for this folder)'),
    matchOnDescription: true,
  });
  return picked?.tag;
}

/** Where it runs and what it serves, in a line. */
export function placeOf({ urls, command, model }: BackendProfile): string {
  return [urls.length > 0 ? urls.join(', ') : command, model].filter((part) => part !== undefined && part !== '').join(' · ');
}

/** The engine with the model that ships, or with the one that the settings name. */
function embeddedItem(modelFolder: string | undefined): { readonly label: string; readonly description: string; readonly name: string } {
  if (modelFolder !== undefined) return { label: vscode.l10n.t('Embedded model'), description: modelFolder, name: embeddedName };
  return {
    label: vscode.l10n.t('Embedded starter model'),
    description: vscode.l10n.t('works offline; English to Japanese, short everyday sentences'),
    name: embeddedName,
  };
}

async function pickBackend(profiles: readonly BackendProfile[]): Promise<string | undefined> {
  const trusted = vscode.workspace.isTrusted;
  const embedded = embeddedItem(trusted ? readMachineSettings().modelFolder : undefined);
  const servers = trusted ? profiles.map((profile) => ({ label: profile.name, description: placeOf(profile), name: profile.name })) : [];
  const picked = await vscode.window.showQuickPick([embedded, ...servers], {
    title: vscode.l10n.t('Interlinear: Translate with'),
    placeHolder: vscode.l10n.t('Backend (kept for this folder; add servers in the setting interlinear.backends)'),
  });
  return picked?.name;
}
