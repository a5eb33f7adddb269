import { join } from 'node:path';
import * as vscode from 'vscode';
import { hostOf, type AdapterHost, type HostParts } from '../../app/training/adapterHost.ts';
import { readSources } from '../../app/training/jobData.ts';
import { rehearsedFolder, rehearseServing } from '../../app/training/rehearseServing.ts';
import { AppError } from '../../core/errors.ts';
import { trustedProfile } from '../backendPool.ts';
import { embeddedName } from '../chooseTarget.ts';
import { readFolderSettings, readMachineSettings } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { workspaceOf, type TrainingWorld } from './trainingWorld.ts';

/** Where an adapter serves, by the name that people know it by: `embedded`, or a profile. */
export interface NamedHost {
  readonly name: string;
  readonly host: AdapterHost;
}

/** Asks where the job's model shall translate; nothing is asked where there is one place only. Undefined: cancelled. @throws AppError `trainer.noAdapter` */
export async function askHost(world: TrainingWorld, job: string): Promise<NamedHost | undefined> {
  const { fs } = world.services;
  const embedded = await fs.stat(join(job, 'model', 'manifest.json')) !== undefined ? [embeddedName] : [];
  const servers = await fs.stat(join(job, 'adapter', 'adapter_config.json')) !== undefined ? readMachineSettings().backends.map(({ name }) => name) : [];
  const [only, ...others] = [...embedded, ...servers];
  if (only === undefined) throw new AppError('trainer.noAdapter', { job, state: vscode.l10n.t('without a model for the embedded engine, and interlinear.backends names no server') });
  if (others.length === 0) return hostNamed(world, only);
  const items = [only, ...others].map((name) => ({ label: name, description: name === embeddedName ? vscode.l10n.t('The embedded engine') : '', name }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Where shall the new model translate?'), ignoreFocusOut: true });
  return picked === undefined ? undefined : hostNamed(world, picked.name);
}

/** A server that does not run is started where its profile has a command. @throws AppError `backend.*`, `input.invalid`, `workspace.untrusted` */
export async function hostNamed(world: TrainingWorld, name: string): Promise<NamedHost> {
  if (name === embeddedName) return { name, host: { kind: 'embedded' } };
  const server = await world.services.backends.server(name);
  const title = vscode.l10n.t('Asking {0}', name);
  const host = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => hostOf(trustedProfile(name), server, signalOf(token)));
  return { name, host };
}

/** The Python of the trainer is needed only where the adapter becomes a file. */
export async function hostParts(world: TrainingWorld, job: string, { kind }: AdapterHost): Promise<HostParts> {
  const python = kind === 'llama' || kind === 'ollama' ? await world.python() : '';
  return { fs: world.services.fs, job, trainer: { python, package: world.package, env: process.env }, besideServer: (profile, work, signal) => world.services.servers.beside(profile, work, signal) };
}

/** The folder's server takes the rehearsed adapter and writes a line; the embedded engine takes no adapters, and is left alone. @throws AppError `adapter.*`, `backend.*` */
export async function rehearseOnBackend(world: TrainingWorld, job: string): Promise<void> {
  const { backend } = readFolderSettings(workspaceOf(job).uri);
  const [trial] = await readSources(world.services.fs, join(job, 'rows.jsonl'));
  if (backend === undefined || backend === embeddedName || trial === undefined) {
    await world.services.fs.remove(rehearsedFolder(job));
    return;
  }
  const { host } = await hostNamed(world, backend);
  const title = vscode.l10n.t('{0} takes the rehearsed adapter', backend);
  const { line } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) =>
    rehearseServing(host, await hostParts(world, job, host), trial, signalOf(token)));
  world.services.notifier.info(vscode.l10n.t('{0} took the rehearsed adapter, wrote "{1}", and let it go.', backend, line));
}
