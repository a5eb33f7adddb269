import { join } from 'node:path';
import * as vscode from 'vscode';
import { Compute } from '../app/compute.ts';
import { openEngine } from '../app/engine.ts';
import { ThreadDesk, type ThreadClient } from '../app/documents/documentThread.ts';
import { MemoryThread } from '../app/memory/memoryThread.ts';
import type { OnScoringFailure } from '../app/translation/foreignScores.ts';
import type { OnTeacherFailure, Teacher } from '../app/translation/teachers.ts';
import type { RunContext } from '../app/translation/translateSegment.ts';
import type { EngineSupervisor } from '../backend/supervisor.ts';
import { toAppError } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';
import { nodeFileSystem, type FileSystem } from '../store/fileSystem.ts';
import { nodeStoreParts, openWorkspaceStore, type WorkspaceStore } from '../store/workspaceStore.ts';
import { AlignmentModels } from './alignment/alignmentModels.ts';
import { BackendPool } from './backendPool.ts';
import { askAboutTarget } from './askAboutTarget.ts';
import { BackendServers } from './backendServers.ts';
import { EditorFile } from './editorFile.ts';
import { FolderGlossaries } from './glossary/folderGlossaries.ts';
import type { Notifier } from './notifier.ts';
import { FileChecks } from './quality/fileChecks.ts';
import type { ReviewTarget } from './review.ts';
import { RankingModels } from './ranking/rankingModels.ts';
import { readFolderSettings, readMachineSettings } from './settings.ts';
import { whenSlow } from './whenSlow.ts';

/** What the reviews of one window share: processes, stores, and the way to the user. Made once, in `extension.ts`. */
export class Services implements vscode.Disposable {
  readonly extension: vscode.Extension<unknown>;
  readonly fs: FileSystem = nodeFileSystem;
  readonly compute: Compute;
  readonly translationMemory: MemoryThread;
  readonly glossaries: FolderGlossaries;
  readonly checks: FileChecks;
  /** Small things that are kept from window to window. */
  readonly memory: vscode.Memento;
  readonly backends: BackendPool;
  readonly servers: BackendServers;
  readonly ranking: RankingModels;
  readonly alignment: AlignmentModels;
  /** Two engine processes, so that ranking does not wait for the next segment's candidates. */
  readonly #translating: EngineSupervisor;
  readonly #scoring: EngineSupervisor;
  readonly #stores = new Map<string, WorkspaceStore>();
  readonly #said = new Set<string>();

  constructor(context: vscode.ExtensionContext, readonly log: vscode.LogOutputChannel, readonly notifier: Notifier) {
    this.extension = context.extension;
    this.memory = context.globalState;
    this.servers = new BackendServers(context, this.fs, notifier);
    const engine = { engineScript: this.#file('dist', 'engine.cjs'), settings: () => ({ ...readMachineSettings().engine, checkedFiles: join(context.globalStorageUri.fsPath, 'checked-model-files.json') }) };
    this.#translating = openEngine(engine);
    this.#scoring = openEngine(engine);
    this.backends = new BackendPool(context, { fs: this.fs, engine: this.#translating }, this.servers);
    this.compute = new Compute(this.#file('dist', 'computeWorker.cjs'), this.version, this.#alignerFolder);
    this.ranking = new RankingModels(this.compute, this.#scoring, notifier);
    this.translationMemory = new MemoryThread(this.#file('dist', 'memoryWorker.cjs'));
    this.alignment = new AlignmentModels(this.ranking.rankers, this.#scoring, notifier);
    this.glossaries = new FolderGlossaries(this.fs, (message) => { this.#sayOnce(message); });
    this.checks = new FileChecks({ compute: this.compute, log, glossaries: this.glossaries, warn: (message) => { this.#sayOnce(message); } });
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

  /** Opens a file in a thread of its own. @throws AppError `document.*`; an AbortError when the person cancelled */
  openDesk({ source, target, folder, languages }: ReviewTarget): Promise<ThreadDesk> {
    const key = vscode.workspace.asRelativePath(source, false);
    const label = vscode.workspace.asRelativePath(target, false);
    const editor = new EditorFile(target);
    const client: ThreadClient = { askAboutTarget, held: () => editor.held(), edit: (edit) => editor.edit(edit) };
    const request = { path: source.fsPath, key, languages, root: folder.uri.fsPath, target: { path: target.fsPath, label }, client };
    return whenSlow(vscode.l10n.t('Reading {0}', key), (watch) => ThreadDesk.open({ ...request, script: this.documentScript }, watch));
  }

  /** What works on documents and makes exports, in threads of their own. */
  get documentScript(): string {
    return this.#file('dist', 'documentWorker.cjs');
  }

  /** Loads what a run needs: the backend's model and the aligner. */
  async runContext(about: ReviewTarget, signal: AbortSignal): Promise<RunContext> {
    const backend = await this.backends.backend(about.backend, about.folder);
    const compute = this.alignment.computing(about.source);
    const [description, statistical] = await Promise.all([backend.describe(signal), this.compute.loadAligner(this.#alignerFolder)]);
    const aligner = await compute.signature(statistical, signal);
    if (description.providerNote !== undefined) this.#sayOnce(vscode.l10n.t('The embedded model runs on the CPU: {0}', description.providerNote));
    const { run } = readFolderSettings(about.source);
    const settings = { ...run, ranking: await this.ranking.prepare(run.ranking, signal) };
    const teachers = await this.#teachers(about, signal);
    const onTeacherFailure: OnTeacherFailure = (teacher, error) => { this.log.warn(`teacher ${teacher.description.name}: ${String(error)}`); };
    const onScoringFailure: OnScoringFailure = (error) => { this.log.warn(`log P of a teacher's or the memory's text: ${String(error)}`); };
    const glossary = await this.glossaries.of(about);
    return { backend, description, compute, settings, aligner, version: this.version, teachers, onTeacherFailure, onScoringFailure, glossary };
  }

  #sayOnce(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.notifier.warn(message);
  }

  /** One that cannot be asked is said once and left out: the translation does not wait for it. */
  async #teachers(about: ReviewTarget, signal: AbortSignal): Promise<readonly Teacher[]> {
    const names = vscode.workspace.isTrusted ? readMachineSettings().backends.filter(({ name, teacher }) => teacher && name !== about.backend) : [];
    const found = await Promise.all(names.map(async ({ name }) => {
      try {
        const backend = await this.backends.backend(name, about.folder);
        return [{ backend, description: await backend.describe(signal) }];
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        this.notifier.warn(vscode.l10n.t('The teacher "{0}" is left out: {1}', name, sentenceFor(toAppError(thrown, name))));
        return [];
      }
    }));
    return found.flat();
  }

  /** The shipped aligner. */
  get #alignerFolder(): string {
    return this.#file('media', 'aligner-en-ja');
  }

  dispose(): void {
    this.backends.dispose();
    this.servers.dispose();
    void this.#scoring.dispose();
    void this.#translating.dispose();
    this.checks.dispose();
    this.glossaries.dispose();
    void this.compute.dispose();
    void this.translationMemory.dispose();
  }

  #file(...parts: readonly string[]): string {
    return join(this.extension.extensionPath, ...parts);
  }
}
