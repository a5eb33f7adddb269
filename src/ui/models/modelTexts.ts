import * as vscode from 'vscode';
import type { Bits, DownloadPlan } from '../../app/models/planDownload.ts';
import { AppError } from '../../core/errors.ts';
import { catalogue, unsupportedModels, type CatalogueModel } from '../../core/models/catalogue.ts';
import { isNonCommercial } from '../../core/ranking/licence.ts';
import { purposeOf } from '../../messages.ts';

export function sizeText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function termsOf({ licence }: CatalogueModel): string {
  return isNonCommercial(licence) ? vscode.l10n.t('{0}: not for commercial use', licence) : licence;
}

interface ModelItem extends vscode.QuickPickItem {
  readonly model?: CatalogueModel;
}

/** @throws AppError `model.xcomet` for what is listed only to be found */
export async function chooseModel(isHere: (model: CatalogueModel) => boolean): Promise<CatalogueModel | undefined> {
  const items: readonly ModelItem[] = catalogue.map((model) => ({
    label: model.name, description: purposeOf(model.kind), model,
    detail: [model.repository, termsOf(model), ...(model.gated ? [vscode.l10n.t('needs a token')] : []), ...(isHere(model) ? [vscode.l10n.t('is here already')] : [])].join(' · '),
  }));
  const xcomet: ModelItem = { label: 'XCOMET', description: unsupportedModels.join(', '), detail: vscode.l10n.t('Does not run here: choose it to see what does instead.') };
  const picked = await vscode.window.showQuickPick([...items, xcomet], {
    title: vscode.l10n.t('Interlinear: Download Model'), placeHolder: vscode.l10n.t('Size, source and licence are shown before anything is downloaded'), matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true,
  });
  if (picked === xcomet) throw new AppError('model.xcomet', { name: xcomet.label });
  return picked?.model;
}

export async function chooseBits(): Promise<Bits | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly bits: Bits })[] = [
    { label: vscode.l10n.t('{0} bits', 32), description: vscode.l10n.t('exactly as published'), bits: 32 },
    { label: vscode.l10n.t('{0} bits', 16), description: vscode.l10n.t('half the room on the disk'), bits: 16 },
    { label: vscode.l10n.t('{0} bits', 8), description: vscode.l10n.t('about a quarter of the room and of the memory'), bits: 8 },
  ];
  const placeHolder = vscode.l10n.t('What fewer bits change in its scores is measured and stored in its manifest');
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('What the model is kept in'), placeHolder, ignoreFocusOut: true }))?.bits;
}

/** What a person says yes to: size, source, licence, place. */
export function planText({ model, host, commit, bytes, left, needed, free, files, digests }: DownloadPlan, out: string, ready: boolean): string {
  const others = [...new Set(files.map(({ file }) => file.repository))].filter((name) => name !== model.repository);
  return [
    vscode.l10n.t('What: {0}', purposeOf(model.kind)),
    vscode.l10n.t('From: {0}/{1}, revision {2}', host, model.repository, commit?.slice(0, 12) ?? vscode.l10n.t('not told')),
    ...(others.length === 0 ? [] : [vscode.l10n.t('Settings and tokenizer also from: {0}', others.join(', '))]),
    left === bytes ? vscode.l10n.t('Size: {0} in {1} files', sizeText(bytes), files.length) : vscode.l10n.t('Size: {0} in {1} files; {2} are still to be fetched', sizeText(bytes), files.length, sizeText(left)),
    isNonCommercial(model.licence) ? vscode.l10n.t('Licence: {0}. Not for commercial use.', model.licence) : vscode.l10n.t('Licence: {0}', model.licence),
    vscode.l10n.t('Compared with the digests of the host: {0} of {1} files', digests, files.length),
    vscode.l10n.t('Where: {0}', out),
    vscode.l10n.t('Room: about {0} until it is converted ({1} are free); the checkpoint is removed then', sizeText(needed), sizeText(free)),
    ready ? vscode.l10n.t('Then: the trainer converts it') : vscode.l10n.t('Then: the trainer has to convert it, and is not set up; you are asked about that afterwards'),
  ].join('\n');
}
