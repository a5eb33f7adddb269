import * as vscode from 'vscode';
import { gpusOf, serverStatus } from '../app/backends.ts';
import type { BackendProfile } from '../app/backendProfile.ts';
import { trustedProfile, type BackendPool } from './backendPool.ts';
import { embeddedPage, gpuText, serverPage, type ServerStatus, type StatusPages } from './backendStatus.ts';
import type { BackendServers } from './backendServers.ts';
import { embeddedName, placeOf } from './chooseTarget.ts';
import { readMachineSettings } from './settings.ts';
import { signalOf } from './signalOf.ts';

/** *Backend Status*: asks a server what it can do and shows the table, with what is missing and what that disables. */
export async function showBackendStatus(pool: BackendPool, pages: StatusPages): Promise<void> {
  const title = vscode.l10n.t('Interlinear: Backend Status');
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const name = await pickProfile(title, () => true, folder === undefined ? [] : [embeddedName]);
  if (name === undefined) return;
  if (name === embeddedName && folder !== undefined) {
    await showEmbeddedStatus(pool, pages, folder);
    return;
  }
  const server = await pool.runningServer(name);
  const status = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking {0}', server.urls.join(', ')), cancellable: true },
    async (_, token): Promise<ServerStatus> => ({ name, paths: server.paths ?? [], ...await serverStatus(server, signalOf(token)) }),
  );
  await pages.show(name, serverPage(status));
}

/** *Set API Key...*: keeps a server's key in the editor's secret storage. */
export async function setApiKey(pool: BackendPool): Promise<void> {
  const name = await pickProfile(vscode.l10n.t('Interlinear: Set API Key'));
  if (name === undefined) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('API key of {0}', name),
    prompt: vscode.l10n.t('Kept in the secret storage of the editor. Leave it empty to forget the stored key.'),
    password: true,
  });
  if (key !== undefined) await pool.storeKey(name, key.trim());
}

/** *Start Backend...*: attaches to the profile's server, or starts it by its command and waits until it is healthy. */
export async function startBackend(servers: BackendServers): Promise<void> {
  const name = await pickProfile(vscode.l10n.t('Interlinear: Start Backend'), (profile) => profile.command !== undefined);
  if (name === undefined) return;
  const profile = trustedProfile(name);
  const wasOurs = servers.isOurs(name);
  const { urls, attached } = await servers.start(profile);
  const where = urls.join(', ');
  const memory = gpuText(await gpusOf(urls));
  const state = attached || wasOurs ? vscode.l10n.t('"{0}" runs already at {1}.', name, where) : vscode.l10n.t('"{0}" runs at {1}.', name, where);
  const text = memory === undefined ? state : `${state} ${vscode.l10n.t('GPU memory: {0}.', memory)}`;
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showInformationMessage(text, ...(attached ? [] : [showLog])).then((choice) => {
    if (choice === showLog) servers.showLog(name);
  });
}

/** *Stop Backend...*: ends a server that this window has started; where there are several, a teacher's too, it asks which. */
export async function stopBackend(servers: BackendServers): Promise<void> {
  const ours = servers.ours();
  if (ours.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This window has started no server. One that was started elsewhere is stopped there.'));
    return;
  }
  for (const name of ours.length === 1 ? ours.map((server) => server.name) : await whichToStop(ours)) {
    if (await servers.stop(name)) void vscode.window.showInformationMessage(vscode.l10n.t('The server of "{0}" has been stopped.', name));
  }
}

async function whichToStop(ours: ReturnType<BackendServers['ours']>): Promise<readonly string[]> {
  const { backends } = readMachineSettings();
  const isTeacher = (name: string): boolean => backends.some((profile) => profile.name === name && profile.teacher);
  const each = ours.map(({ name, url }) => ({ label: name, description: isTeacher(name) ? vscode.l10n.t('{0}, teacher', url) : url, names: [name] }));
  const all = { label: vscode.l10n.t('All {0} servers', ours.length), description: '', names: ours.map(({ name }) => name) };
  return (await vscode.window.showQuickPick([...each, all], { title: vscode.l10n.t('Interlinear: Stop Backend') }))?.names ?? [];
}

async function showEmbeddedStatus(pool: BackendPool, pages: StatusPages, folder: vscode.WorkspaceFolder): Promise<void> {
  const title = vscode.l10n.t('Asking {0}', embeddedName);
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) =>
    (await pool.backend(embeddedName, folder)).describe(signalOf(token)));
  await pages.show(embeddedName, embeddedPage(embeddedName, found));
}

async function pickProfile(title: string, which: (profile: BackendProfile) => boolean = () => true, others: readonly string[] = []): Promise<string | undefined> {
  const profiles = readMachineSettings().backends.filter(which).map((profile) => ({ label: profile.name, description: placeOf(profile) }));
  const items = [...others.map((label) => ({ label })), ...profiles];
  if (items.length > 0) return (await vscode.window.showQuickPick(items, { title }))?.label;
  const open = vscode.l10n.t('Open Settings');
  const choice = await vscode.window.showInformationMessage(vscode.l10n.t('No servers are configured. Add one to the setting interlinear.backends.'), open);
  if (choice === open) await vscode.commands.executeCommand('workbench.action.openSettings', 'interlinear.backends');
  return undefined;
}
