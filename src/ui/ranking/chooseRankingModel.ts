import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DescribedScorer } from '../../protocol/engine.ts';
import { AppError } from '../../core/errors.ts';
import { isNonCommercial } from '../../core/ranking/licence.ts';
import type { Services } from '../services.ts';
import { readMachineSettings, saveQualityModel, saveRankingModel, saveUtility } from '../settings.ts';
import { signalOf } from '../signalOf.ts';

type Utility = 'chrf' | 'chrf++';

interface Choice extends vscode.QuickPickItem {
  readonly utility?: Utility;
  readonly folder?: string;
}

const kinds = { comet: 'COMET', cometkiwi: 'CometKiwi', awesome: 'awesome-align', wspalign: 'WSPAlign' } as const;

/** *Choose Ranking Model...*: chrF, or a folder with a model of COMET or CometKiwi, whose manifest is shown before anything is changed. */
export async function chooseRankingModel(services: Services): Promise<void> {
  const { rankingModelFolder: current, qualityModelFolder } = readMachineSettings();
  const known: readonly Choice[] = [current, qualityModelFolder].flatMap((folder) => folder === undefined ? [] : [{ label: basename(folder), description: folder, folder }]);
  const browse: Choice = { label: vscode.l10n.t('Choose a model folder...'), description: vscode.l10n.t('a folder of COMET or CometKiwi that the exporter wrote') };
  const picked = await vscode.window.showQuickPick<Choice>([
    { label: 'chrF', description: vscode.l10n.t('built in, needs no model'), utility: 'chrf' },
    { label: 'chrF++', description: vscode.l10n.t('built in, counts words as well'), utility: 'chrf++' },
    ...known, browse,
  ], { title: vscode.l10n.t('Interlinear: Rank by'), placeHolder: vscode.l10n.t('Utility of Minimum Bayes Risk ranking'), matchOnDescription: true, ignoreFocusOut: true });
  if (picked === undefined) return;
  if (picked.utility !== undefined) await saveUtility(picked.utility);
  else await useFolder(picked.folder ?? await askFolder(current), services);
}

async function askFolder(current: string | undefined): Promise<string | undefined> {
  const found = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Folder of a COMET or CometKiwi model'),
    openLabel: vscode.l10n.t('Look at This Folder'),
    canSelectFiles: false,
    canSelectFolders: true,
    ...(current === undefined ? {} : { defaultUri: vscode.Uri.file(current) }),
  });
  return found?.[0]?.fsPath;
}

/** Shows what the folder holds, and takes it when the user says so. */
async function useFolder(folder: string | undefined, services: Services): Promise<void> {
  if (folder === undefined) return;
  if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: vscode.l10n.t('load a model') });
  const described = await describe(folder, services);
  if (described.kind !== 'comet' && described.kind !== 'cometkiwi') throw new AppError('input.invalid', { where: folder, reason: vscode.l10n.t('it holds a {0} model, which does not rank candidates', kinds[described.kind]) });
  const use = vscode.l10n.t('Rank by {0}', described.name);
  const picked = await vscode.window.showQuickPick([
    { label: use, description: describedText(described), detail: vscode.l10n.t('Size and SHA-256 of every file are those of its manifest.') },
    { label: vscode.l10n.t('Leave everything as it is') },
  ], { title: folder, ignoreFocusOut: true });
  if (picked?.label !== use) return;
  services.ranking.forget();
  await (described.kind === 'comet' ? saveRankingModel(folder) : saveQualityModel(folder));
}

function describe(folder: string, services: Services): Promise<DescribedScorer> {
  const title = vscode.l10n.t('Checking {0}', folder);
  return Promise.resolve(vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    let reported = 0;
    return services.ranking.rankers.describe(folder, ({ done, total }) => {
      const percent = (100 * done) / total;
      progress.report({ increment: percent - reported });
      reported = percent;
    }, signalOf(token));
  }));
}

function describedText({ kind, revision, licence, bytes }: DescribedScorer): string {
  const size = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const terms = isNonCommercial(licence) ? vscode.l10n.t('{0}: not for commercial use', licence) : licence;
  return [kinds[kind], revision, terms, size].join(' · ');
}
