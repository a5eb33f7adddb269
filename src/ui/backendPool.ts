import { join } from 'node:path';
import * as vscode from 'vscode';
import { createBackend, staysHere, type BackendChoice, type ServerChoice } from '../app/backends.ts';
import type { BackendProfile } from '../app/backendProfile.ts';
import { withAdoptedModel } from '../app/training/adoptOnServer.ts';
import { servedModelFolder } from '../app/training/servedModel.ts';
import type { Backend } from '../backend/backend.ts';
import type { EngineSupervisor } from '../backend/supervisor.ts';
import { AppError } from '../core/errors.ts';
import { abortError } from '../protocol/channel.ts';
import type { FileSystem } from '../store/fileSystem.ts';
import type { BackendServers } from './backendServers.ts';
import { embeddedName } from './chooseTarget.ts';
import { readMachineSettings } from './settings.ts';

const secretKey = (profile: string): string => `interlinear.apiKey.${profile}`;
const consentKey = (origin: string): string => `interlinear.textMayLeave.${origin}`;

/** The backends of this window by name: built on first use, with their keys and with leave to send text to them. */
export class BackendPool implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #fs: FileSystem;
  readonly #engine: EngineSupervisor;
  readonly #open = new Map<string, Backend>();

  /** All embedded models share the engine, which stays its owner's. */
  constructor(context: vscode.ExtensionContext, { fs, engine }: { readonly fs: FileSystem; readonly engine: EngineSupervisor }, readonly servers: BackendServers) {
    this.#context = context;
    this.#fs = fs;
    this.#engine = engine;
  }

  /**
   * @throws AppError `workspace.untrusted`, `input.invalid` for a name that the settings do not know; an AbortError when the
   * user does not want text to leave this machine.
   */
  async backend(name: string, folder: vscode.WorkspaceFolder): Promise<Backend> {
    const choice = await this.#choice(name, folder);
    const key = JSON.stringify(choice);
    const known = this.#open.get(key) ?? createBackend(choice, { engineScript: join(this.#context.extensionPath, 'dist', 'engine.cjs'), engine: this.#engine });
    this.#open.set(key, known);
    return known;
  }

  /** A profile's server with its key, allowed to be talked to; started where the profile has a command. @throws as `backend` */
  async server(name: string): Promise<ServerChoice> {
    const profile = trustedProfile(name);
    for (const url of profile.urls) if (!staysHere(url)) await this.#askOnce(profile, url);
    return this.#serverAt(profile, await this.servers.found(profile));
  }

  /** The same with the adapter that the folder has adopted there, loaded again where the server has forgotten it. @throws as `backend`, AppError `adapter.missing` */
  async serverIn(name: string, folder: vscode.WorkspaceFolder): Promise<ServerChoice> {
    return withAdoptedModel(this.#fs, folder.uri.fsPath, await this.server(name));
  }

  /** The same without starting anything. @throws AppError `backend.notRunning` */
  async runningServer(name: string): Promise<ServerChoice> {
    const profile = trustedProfile(name);
    const urls = this.servers.known(profile);
    if (urls === undefined) throw new AppError('backend.notRunning', { name });
    for (const url of urls) if (!staysHere(url)) await this.#askOnce(profile, url);
    return this.#serverAt(profile, urls);
  }

  /** An empty key forgets the stored one. */
  async storeKey(name: string, key: string): Promise<void> {
    if (key === '') await this.#context.secrets.delete(secretKey(name));
    else await this.#context.secrets.store(secretKey(name), key);
  }

  dispose(): void {
    const backends = [...this.#open.values()];
    this.#open.clear();
    void Promise.all(backends.map((backend) => backend.dispose()));
  }

  async #serverAt(profile: BackendProfile, urls: readonly string[]): Promise<ServerChoice> {
    const { name, model, apiKeyEnv, promptFamily, promptForm, paths } = profile;
    const stored = await this.#context.secrets.get(secretKey(name));
    const fromEnvironment = apiKeyEnv === undefined ? undefined : process.env[apiKeyEnv];
    return { kind: 'server', urls, name, model, promptFamily, promptForm, paths, apiKey: stored ?? fromEnvironment };
  }

  /** The embedded engine serves the folder's adopted model, else the one of the settings, else the starter. */
  async #choice(name: string, folder: vscode.WorkspaceFolder): Promise<BackendChoice> {
    if (name !== embeddedName) return this.serverIn(name, folder);
    const starter = join(this.#context.extensionPath, 'media', 'starter-en-ja');
    if (!vscode.workspace.isTrusted) return { kind: 'embedded', modelFolder: starter };
    const { modelFolder = starter, provider } = readMachineSettings();
    return { kind: 'embedded', provider, modelFolder: await servedModelFolder(this.#fs, folder.uri.fsPath, modelFolder) };
  }

  /** Text leaves this machine only after a person said so, once a server. */
  async #askOnce(profile: BackendProfile, url: string): Promise<void> {
    const { origin } = new URL(url);
    if (this.#context.globalState.get(consentKey(origin)) === true) return;
    const send = vscode.l10n.t('Send Text There');
    const choice = await vscode.window.showWarningMessage(
      vscode.l10n.t('The backend "{0}" is not on this machine.', profile.name),
      { modal: true, detail: vscode.l10n.t('The text of your files will be sent to {0}.', origin) },
      send,
    );
    if (choice !== send) throw abortError();
    await this.#context.globalState.update(consentKey(origin), true);
  }
}

/** @throws AppError `workspace.untrusted`, `input.invalid` naming what is wrong with the setting */
export function trustedProfile(name: string): BackendProfile {
  if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: vscode.l10n.t('talk to servers') });
  const { backends, invalidBackends } = readMachineSettings();
  const profile = backends.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  const reason = [vscode.l10n.t('it has no valid entry named "{0}"', name), ...invalidBackends].join('; ');
  throw new AppError('input.invalid', { where: 'interlinear.backends', reason });
}
