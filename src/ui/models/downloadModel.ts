import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { convertModel, fetchModel } from '../../app/models/getModel.ts';
import { planDownload, type Bits, type DownloadPlan } from '../../app/models/planDownload.ts';
import { AppError } from '../../core/errors.ts';
import type { CatalogueModel } from '../../core/models/catalogue.ts';
import type { Hub } from '../../jobs/models/hub.ts';
import { runCommand } from '../../jobs/runCommand.ts';
import { registrar } from '../register.ts';
import { readMachineSettings, saveAligner, saveQualityModel, saveRankingModel } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { pythonOrOffer } from '../training/offerTrainer.ts';
import type { TrainingWorld } from '../training/trainingWorld.ts';
import { chooseBits, chooseModel, planText, sizeText } from './modelTexts.ts';

const tokenKey = 'interlinear.models.token';

export function registerModelCommands(world: TrainingWorld, secrets: vscode.SecretStorage): vscode.Disposable {
  const register = registrar(world.services.notifier);
  return register('downloadModel', () => downloadModel(world, secrets));
}

/**
 * *Download Model...*: a published model by size, source and licence; after a yes it is fetched, converted by the trainer and used.
 * Nothing is fetched before that; what was broken off goes on the next time.
 */
async function downloadModel(world: TrainingWorld, secrets: vscode.SecretStorage): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: vscode.l10n.t('download models') });
  const folderOf = (model: CatalogueModel): string => join(world.models, model.id);
  const isHere = (model: CatalogueModel): boolean => existsSync(join(folderOf(model), 'manifest.json'));
  const model = await chooseModel(isHere);
  if (model === undefined) return;
  const out = folderOf(model);
  if (!isHere(model)) {
    const bits = await chooseBits();
    if (bits === undefined || !await fetchAndConvert({ model, out, bits }, world, secrets)) return;
  }
  await use(model, out, world);
}

interface Wanted {
  readonly model: CatalogueModel;
  readonly out: string;
  readonly bits: Bits;
}

/** False: somebody said no on the way. */
async function fetchAndConvert(wanted: Wanted, world: TrainingWorld, secrets: vscode.SecretStorage): Promise<boolean> {
  const { model, out, bits } = wanted;
  const asked = await askHost(wanted, secrets);
  if (asked === undefined) return false;
  const { hub, plan } = asked;
  const download = vscode.l10n.t('Download');
  const ready = await world.python().then(() => true, () => false);
  const choice = await vscode.window.showInformationMessage(vscode.l10n.t('Download {0}?', model.name), { modal: true, detail: planText(plan, out, ready) }, download);
  if (choice !== download) return false;
  await withProgress(vscode.l10n.t('Downloading {0}', model.name), (progress, signal) => {
    let reported = 0;
    return fetchModel(plan, { hub, signal, onBytes: ({ done, total }) => {
      const percent = (100 * done) / Math.max(1, total);
      progress.report({ increment: percent - reported, message: vscode.l10n.t('{0} of {1}', sizeText(done), sizeText(total)) });
      reported = percent;
    } });
  });
  const python = await pythonOrOffer(world, vscode.l10n.t('{0} is downloaded. To be used it has to be converted, by a Python with PyTorch. You are told what is installed, where and how much, before anything is. Later "Download Model..." goes on from here without another download.', model.name));
  if (python === undefined) return false;
  await withProgress(vscode.l10n.t('Converting {0}', model.name), (progress, signal) => convertModel(plan, out, {
    python, package: world.package, run: runCommand, bits, signal,
    onStep: ({ step, of, what }) => { progress.report({ message: vscode.l10n.t('step {0} of {1}: {2}', step, of, what) }); },
  }));
  return true;
}

/** What the host says of the files; where it wants a token, the person is asked for one. Undefined: none was given. */
async function askHost({ model, out, bits }: Wanted, secrets: vscode.SecretStorage): Promise<{ readonly hub: Hub; readonly plan: DownloadPlan } | undefined> {
  const host = readMachineSettings().modelsHost;
  if (!URL.canParse(host) || !/^https?:$/u.test(new URL(host).protocol)) throw new AppError('input.invalid', { where: 'interlinear.models.host', reason: vscode.l10n.t('it must be an http or https address') });
  for (let attempt = 0; ; attempt++) {
    const token = await secrets.get(tokenKey);
    const hub: Hub = { host, fetch, ...(token !== undefined && { token }) };
    try {
      const plan = await withProgress(vscode.l10n.t('Asking {0} about {1}', host, model.name), (_, signal) => planDownload({ model, hub, out, bits }, signal));
      return { hub, plan };
    } catch (thrown) {
      if (attempt > 0 || !(thrown instanceof AppError) || thrown.code !== 'model.gated') throw thrown;
      if (!await askToken(model, host, secrets)) return undefined;
    }
  }
}

async function askToken({ repository }: CatalogueModel, host: string, secrets: vscode.SecretStorage): Promise<boolean> {
  const token = await vscode.window.showInputBox({
    title: vscode.l10n.t('Token for {0}', host),
    prompt: vscode.l10n.t('{0} is gated: accept its terms at {1} and give a token of that account that may read. It is kept in the secret storage of the editor and goes to {2} alone.', repository, `${host}/${repository}`, host),
    password: true, ignoreFocusOut: true,
  });
  if (token === undefined || token.trim() === '') return false;
  await secrets.store(tokenKey, token.trim());
  return true;
}

/** Points the settings at the folder, and says so. */
async function use({ kind, name }: CatalogueModel, folder: string, { services }: TrainingWorld): Promise<void> {
  switch (kind) {
    case 'comet':
      services.ranking.forget();
      await saveRankingModel(folder);
      services.notifier.info(vscode.l10n.t('{0} ranks from now on (interlinear.ranking.modelFolder).', name));
      break;
    case 'cometkiwi':
      services.ranking.forget();
      await saveQualityModel(folder);
      services.notifier.info(vscode.l10n.t('{0} ranks by its estimates from now on (interlinear.ranking.qualityModelFolder).', name));
      break;
    case 'awesome':
      await saveAligner(kind, folder);
      services.notifier.info(vscode.l10n.t('{0} aligns from now on (interlinear.alignment.modelFolder).', name));
      break;
    case 'wspalign':
      await saveAligner(kind, folder);
      services.notifier.info(vscode.l10n.t('{0} aligns single candidates from now on: Shift+H in the review (interlinear.alignment.spanModelFolder).', name));
  }
}

type Progress = vscode.Progress<{ readonly increment?: number; readonly message?: string }>;

async function withProgress<T>(title: string, work: (progress: Progress, signal: AbortSignal) => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => work(progress, signalOf(token)));
}
