import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { BackendProfile } from '../app/backendProfile.ts';
import { ManagedBackends, type ServersFound } from '../app/managedBackends.ts';
import { withAdoptedAdapter } from '../app/training/adoptAsFile.ts';
import { systemClock } from '../backend/openai/clock.ts';
import type { FileSystem } from '../store/fileSystem.ts';
import type { Notifier } from './notifier.ts';
import { readMachineSettings } from './settings.ts';
import { signalOf } from './signalOf.ts';

const memoryKey = (profile: string): string => `interlinear.startedServer.${profile}`;

/** Model servers started from this window, each with an output channel; what happens to them is told here. */
export class BackendServers implements vscode.Disposable {
  readonly #notifier: Notifier;
  readonly #channels = new Map<string, vscode.OutputChannel>();
  readonly #managed: ManagedBackends;
  readonly #fs: FileSystem;

  constructor(context: vscode.ExtensionContext, fs: FileSystem, notifier: Notifier) {
    this.#notifier = notifier;
    this.#fs = fs;
    this.#managed = new ManagedBackends({
      spawn, fetch: globalThis.fetch, clock: systemClock,
      guard: [process.execPath, join(context.extensionPath, 'dist', 'serverGuard.cjs')],
      memory: {
        get: (profile) => context.globalState.get<string>(memoryKey(profile)),
        set: (profile, url) => { void context.globalState.update(memoryKey(profile), url); },
      },
      onLog: (profile, text) => { this.#channel(profile).append(text); },
      onEnded: (profile, how) => { void notifier.guard('server', () => this.#offerRestart(profile, how)); },
    });
  }

  /** Servers of a profile that answer; one with a command is started if none does. @throws AppError `backend.startFailed`, an AbortError */
  async found(profile: BackendProfile): Promise<readonly string[]> {
    return profile.command === undefined ? profile.urls : (await this.start(profile)).urls;
  }

  /** The servers of a profile as far as they are known; nothing is started. */
  known(profile: BackendProfile): readonly string[] | undefined {
    return this.#managed.urls(profile);
  }

  /** See `ManagedBackends.ours`. */
  ours(): ReturnType<ManagedBackends['ours']> {
    return this.#managed.ours();
  }

  isOurs(name: string): boolean {
    return this.#managed.isOurs(name);
  }

  /** Waits with progress until it is healthy; cancelling ends it. @throws AppError `backend.startFailed`, an AbortError */
  async start(named: BackendProfile): Promise<ServersFound> {
    const profile = await this.#adapted(named);
    if (this.#managed.isOurs(profile.name)) return this.#managed.start(profile, new AbortController().signal);
    const title = vscode.l10n.t('Starting the server of "{0}"', profile.name);
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      progress.report({ message: vscode.l10n.t('its log is in the output channel') });
      return this.#managed.start(profile, signalOf(token));
    });
  }

  /** False when this window had not started it. */
  stop(name: string): Promise<boolean> {
    return this.#managed.stop(name);
  }

  /** A server that this window started is started anew, with what the folders have adopted by now. False: there is none. */
  async restart(name: string): Promise<boolean> {
    const profile = readMachineSettings().backends.find((candidate) => candidate.name === name);
    if (profile === undefined || !await this.stop(name)) return false;
    await this.start(profile);
    return true;
  }

  /** See `ManagedBackends.beside`. */
  beside<T>(profile: BackendProfile, work: (url: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#managed.beside(profile, work, signal);
  }

  /** With the adapter file that one of the window's folders has adopted for it. */
  async #adapted(profile: BackendProfile): Promise<BackendProfile> {
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      const adapted = await withAdoptedAdapter(this.#fs, uri.fsPath, profile);
      if (adapted !== profile) return adapted;
    }
    return profile;
  }

  showLog(name: string): void {
    this.#channel(name).show(true);
  }

  dispose(): void {
    void this.#managed.dispose();
    for (const channel of this.#channels.values()) channel.dispose();
  }

  async #offerRestart(name: string, how: string): Promise<void> {
    this.#channel(name).appendLine(`\n[${how}]`);
    const restart = vscode.l10n.t('Restart');
    const showLog = vscode.l10n.t('Show Log');
    const choice = await vscode.window.showErrorMessage(vscode.l10n.t('The server of "{0}" stopped: {1}', name, how), restart, showLog);
    if (choice === showLog) this.showLog(name);
    if (choice !== restart) return;
    const profile = readMachineSettings().backends.find((candidate) => candidate.name === name);
    if (profile !== undefined) await this.start(profile);
    this.#notifier.info(vscode.l10n.t('The server of "{0}" runs again.', name));
  }

  #channel(name: string): vscode.OutputChannel {
    const known = this.#channels.get(name) ?? vscode.window.createOutputChannel(`Interlinear: ${name}`);
    this.#channels.set(name, known);
    return known;
  }
}
