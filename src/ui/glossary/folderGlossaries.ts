import { basename, dirname, isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import { Glossaries, glossaryIn, usualGlossaries } from '../../app/glossaryFile.ts';
import { toAppError } from '../../core/errors.ts';
import { Glossary } from '../../core/glossary/glossary.ts';
import { sentenceFor } from '../../messages.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { readFolderSettings } from '../settings.ts';

/** A file of a folder, with its direction: what a glossary is asked for. */
export interface GlossaryUser {
  readonly source: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  readonly languages: LanguagePair;
}

/** The terms of each folder, from the file that its settings name or from the usual one, and the news that they are others. */
export class FolderGlossaries implements vscode.Disposable {
  readonly #fs: FileSystem;
  readonly #warn: (message: string) => void;
  readonly #glossaries: Glossaries;
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #changed = new vscode.EventEmitter<vscode.WorkspaceFolder>();
  readonly #settings: vscode.Disposable;
  /** Fires with the folder whose terms may be others now. */
  readonly onChanged = this.#changed.event;

  /** @param warn told of a file that cannot be read, as often as it is asked for */
  constructor(fs: FileSystem, warn: (message: string) => void) {
    this.#fs = fs;
    this.#warn = warn;
    this.#glossaries = new Glossaries(fs);
    this.#settings = vscode.workspace.onDidChangeConfiguration((event) => {
      for (const folder of vscode.workspace.workspaceFolders ?? []) if (event.affectsConfiguration('interlinear.glossary', folder)) this.#changed.fire(folder);
    });
  }

  /** Absolute path of the file; undefined: the folder has none. */
  async file({ source, folder }: Pick<GlossaryUser, 'source' | 'folder'>): Promise<string | undefined> {
    const { glossary } = readFolderSettings(source);
    this.#watch(folder, glossary);
    return glossaryIn(this.#fs, folder.uri.fsPath, glossary);
  }

  /** One that cannot be read is told of and left out. */
  async of(user: GlossaryUser): Promise<Glossary> {
    const path = await this.file(user);
    try {
      return path === undefined ? new Glossary([]) : await this.#glossaries.of(path, user.languages);
    } catch (thrown) {
      this.#warn(sentenceFor(toAppError(thrown, path ?? '')));
      return new Glossary([]);
    }
  }

  dispose(): void {
    for (const disposable of [...this.#watchers.values(), this.#settings, this.#changed]) disposable.dispose();
  }

  #watch(folder: vscode.WorkspaceFolder, named: string | undefined): void {
    const key = `${folder.uri.toString()}\n${named ?? ''}`;
    if (this.#watchers.has(key)) return;
    const watcher = vscode.workspace.createFileSystemWatcher(patternOf(folder, named));
    const fire = (): void => { this.#changed.fire(folder); };
    this.#watchers.set(key, vscode.Disposable.from(watcher, watcher.onDidChange(fire), watcher.onDidCreate(fire), watcher.onDidDelete(fire)));
  }
}

function patternOf(folder: vscode.WorkspaceFolder, named: string | undefined): vscode.RelativePattern {
  if (named === undefined) return new vscode.RelativePattern(folder, `{${usualGlossaries.join(',')}}`);
  return isAbsolute(named) ? new vscode.RelativePattern(vscode.Uri.file(dirname(named)), basename(named)) : new vscode.RelativePattern(folder, named.replaceAll('\\', '/'));
}
