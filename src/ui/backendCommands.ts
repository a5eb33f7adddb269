import * as vscode from 'vscode';
import { probeServer } from '../app/backends.ts';
import type { BackendProfile } from '../app/backendProfile.ts';
import type { BackendProbe, CapabilityCheck } from '../backend/probe.ts';
import { trustedProfile, type BackendPool } from './backendPool.ts';
import type { BackendServers } from './backendServers.ts';
import { embeddedName, placeOf } from './chooseTarget.ts';
import { readMachineSettings } from './settings.ts';
import { signalOf } from './signalOf.ts';

/** *Backend Status*: asks a server what it can do and shows the table, with what is missing and what that disables. */
export async function showBackendStatus(pool: BackendPool): Promise<void> {
  const title = vscode.l10n.t('Interlinear: Backend Status');
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const name = await pickProfile(title, () => true, folder === undefined ? [] : [embeddedName]);
  if (name === undefined) return;
  if (name === embeddedName && folder !== undefined) {
    await showEmbeddedStatus(pool, folder);
    return;
  }
  const server = await pool.runningServer(name);
  const probe = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking {0}', server.urls.join(', ')), cancellable: true },
    (_, token) => probeServer(server, signalOf(token)),
  );
  await showMarkdown(statusTable(name, probe));
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
  const text = attached || wasOurs ? vscode.l10n.t('"{0}" runs already at {1}.', name, where) : vscode.l10n.t('"{0}" runs at {1}.', name, where);
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showInformationMessage(text, ...(attached ? [] : [showLog])).then((choice) => {
    if (choice === showLog) servers.showLog(name);
  });
}

/** *Stop Backend...*: ends a server that this window has started. */
export async function stopBackend(servers: BackendServers): Promise<void> {
  const ours = readMachineSettings().backends.filter(({ name }) => servers.isOurs(name));
  if (ours.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This window has started no server. One that was started elsewhere is stopped there.'));
    return;
  }
  const [only] = ours;
  const name = ours.length === 1 ? only?.name : (await vscode.window.showQuickPick(ours.map((profile) => profile.name), { title: vscode.l10n.t('Interlinear: Stop Backend') }));
  if (name !== undefined && await servers.stop(name)) void vscode.window.showInformationMessage(vscode.l10n.t('The server of "{0}" has been stopped.', name));
}

async function showEmbeddedStatus(pool: BackendPool, folder: vscode.WorkspaceFolder): Promise<void> {
  const title = vscode.l10n.t('Asking {0}', embeddedName);
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) =>
    (await pool.backend(embeddedName, folder)).describe(signalOf(token)));
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['model', `${found.model} ${found.revision}`], ['languages', found.languages && `${found.languages.sources.join(', ')} > ${found.languages.targets.join(', ')}`],
    ['context', found.contextLength?.toString()], ['provider', found.provider], ['not the one asked for', found.providerNote],
  ];
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`| ${name} | ${value} |`]));
  await showMarkdown([`# ${embeddedName}`, '', '| | |', '|---|---|', ...lines, ''].join('\n'));
}

async function showMarkdown(content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }), { preview: true });
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

const marks: Readonly<Record<CapabilityCheck['state'], string>> = { yes: '✔', no: '✘', unknown: '?' };

function statusTable(name: string, probe: BackendProbe): string {
  const capabilities = Object.entries(probe.capabilities).map(([capability, { state, detail }]) => `| ${capability} | ${marks[state]} | ${detail} |`);
  const missing = probe.missing.map(({ capability, disables }) => `- \`${capability}\`: ${disables}`);
  return [
    `# ${name}`,
    '',
    `${probe.url} · ${probe.kind} ${probe.version ?? ''}`.trimEnd(),
    '',
    `Models: ${probe.models.map(({ id }) => `\`${id}\``).join(', ')}`,
    ...(probe.contextLength === undefined ? [] : ['', `Context: ${probe.contextLength} tokens`]),
    '',
    '| capability | | |',
    '|---|---|---|',
    ...capabilities,
    ...(missing.length === 0 ? [] : ['', '## Missing', '', ...missing]),
    '',
  ].join('\n');
}
