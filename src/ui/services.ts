import { join } from 'node:path';
import * as vscode from 'vscode';
import { createBackend, type BackendChoice } from '../app/backends.ts';
import { Compute } from '../app/compute.ts';
import { openDocument, type OpenedDocument } from '../app/openDocument.ts';
import type { RunContext } from '../app/translation/translateSegment.ts';
import type { Backend } from '../backend/backend.ts';
import { AppError } from '../core/errors.ts';
import { nodeFileSystem, type FileSystem } from '../store/fileSystem.ts';
import { nodeStoreParts, openWorkspaceStore, type WorkspaceStore } from '../store/workspaceStore.ts';
import { embeddedName } from './chooseTarget.ts';
import type { Notifier } from './notifier.ts';
import type { ReviewTarget } from './review.ts';
import { readFolderSettings, readMachineSettings } from './settings.ts';

/** What the reviews of one window share: processes, stores, and the way to the user. Made once, in `extension.ts`. */
export class Services implements vscode.Disposable {
  readonly fs: FileSystem = nodeFileSystem;
  readonly compute: Compute;
  readonly #backends = new Map<string, Backend>();
  readonly #stores = new Map<string, WorkspaceStore>();
  #aligner: Promise<string> | undefined;

  constructor(readonly extension: vscode.Extension<unknown>, readonly log: vscode.LogOutputChannel, readonly notifier: Notifier) {
    this.compute = new Compute(this.#file('dist', 'computeWorker.cjs'), this.version);
  }

  get extensionUri(): vscode.Uri {
    return this.extension.extensionUri;
  }

  get version(): string {
    const manifest: unknown = this.extension.packageJSON;
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
  }

  reviewer(): string {
    return readMachineSettings().reviewer;
  }

  storeFor(folder: vscode.WorkspaceFolder): WorkspaceStore {
    const root = folder.uri.fsPath;
    const known = this.#stores.get(root) ?? openWorkspaceStore(root, nodeStoreParts());
    this.#stores.set(root, known);
    return known;
  }

  openSource(about: ReviewTarget): Promise<OpenedDocument> {
    const key = vscode.workspace.asRelativePath(about.source, false);
    return openDocument(this.fs, about.source.fsPath, key, about.languages.source);
  }

  /** Loads what a run needs: the backend's model and the aligner. */
  async runContext(about: ReviewTarget, signal: AbortSignal): Promise<RunContext> {
    const backend = this.#backendFor(about.backend);
    const [description, aligner] = await Promise.all([backend.describe(signal), this.aligner()]);
    return { backend, description, compute: this.compute, settings: readFolderSettings(about.source).run, aligner, version: this.version };
  }

  /** The shipped aligner, loaded on first use. */
  aligner(): Promise<string> {
    this.#aligner ??= this.compute.loadAligner(this.#file('media', 'aligner-en-ja'));
    return this.#aligner;
  }

  dispose(): void {
    const backends = [...this.#backends.values()];
    this.#backends.clear();
    void Promise.all([...backends.map((backend) => backend.dispose()), this.compute.dispose()]);
  }

  #backendFor(name: string): Backend {
    const choice = this.#choice(name);
    const key = JSON.stringify(choice);
    const known = this.#backends.get(key) ?? createBackend(choice, { engineScript: this.#file('dist', 'engine.cjs') });
    this.#backends.set(key, known);
    return known;
  }

  #choice(name: string): BackendChoice {
    const { backends, modelFolder } = readMachineSettings();
    if (name === embeddedName) return { kind: 'embedded', modelFolder: this.#trustedFolder(modelFolder) ?? this.#file('media', 'starter-en-ja') };
    if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: 'talk to servers' });
    const profile = backends.find((candidate) => candidate.name === name);
    if (profile === undefined) throw new AppError('input.invalid', { where: 'interlinear.backends', reason: `it has no valid entry named "${name}"` });
    const apiKey = profile.apiKeyEnv === undefined ? undefined : process.env[profile.apiKeyEnv];
    return { kind: 'server', url: profile.url, model: profile.model, apiKey };
  }

  #trustedFolder(folder: string | undefined): string | undefined {
    return vscode.workspace.isTrusted ? folder : undefined;
  }

  #file(...parts: readonly string[]): string {
    return join(this.extension.extensionPath, ...parts);
  }
}
