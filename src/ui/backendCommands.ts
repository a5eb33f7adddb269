import * as vscode from 'vscode';
import { probeServer } from '../app/backends.ts';
import type { BackendProbe, CapabilityCheck } from '../backend/probe.ts';
import type { BackendPool } from './backendPool.ts';
import { readMachineSettings } from './settings.ts';

/** *Backend Status*: asks a server what it can do and shows the table, with what is missing and what that disables. */
export async function showBackendStatus(pool: BackendPool): Promise<void> {
  const name = await pickProfile(vscode.l10n.t('Interlinear: Backend Status'));
  if (name === undefined) return;
  const server = await pool.server(name);
  const probe = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking {0}', server.url), cancellable: true },
    (_, token) => probeServer(server, signalOf(token)),
  );
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: statusTable(name, probe) });
  await vscode.window.showTextDocument(document, { preview: true });
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

async function pickProfile(title: string): Promise<string | undefined> {
  const items = readMachineSettings().backends.map(({ name, url, model }) => ({ label: name, description: `${url} · ${model}` }));
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

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => { controller.abort(); });
  return controller.signal;
}
