import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Compute } from '../../app/compute.ts';
import { fromWire, isAbort, toAppError } from '../../core/errors.ts';
import { sentenceFor } from '../../messages.ts';
import type { CheckedDocument, NamedFile, PlacedFinding } from '../../protocol/checking.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { FolderGlossaries } from '../glossary/folderGlossaries.ts';
import { errorDiagnostic, findingDiagnostic, rangeOf } from './diagnostics.ts';

/** A source and the file that holds its translation; one file twice where the format is bilingual. */
export interface FilePair {
  readonly source: vscode.Uri;
  readonly target: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  readonly languages: LanguagePair;
}

export interface FileChecksParts {
  readonly compute: Compute;
  readonly log: vscode.LogOutputChannel;
  readonly glossaries: FolderGlossaries;
  readonly warn: (message: string) => void;
}

/** What was found in one target file. */
export interface CheckedPair {
  readonly pair: FilePair;
  readonly checked: CheckedDocument;
}

interface Watched {
  readonly pair: FilePair;
  readonly watcher: vscode.Disposable;
  /** Reviews and editors that want it. */
  users: number;
  timer: NodeJS.Timeout | undefined;
  running: AbortController | undefined;
  checked: CheckedDocument | undefined;
}

/** After the last change of a text. Milliseconds. */
const pause = 300;

/** QA of target files, as diagnostics of the editor: made in the compute worker, and again whenever a text changes. */
export class FileChecks implements vscode.Disposable {
  readonly #parts: FileChecksParts;
  readonly #shown = vscode.languages.createDiagnosticCollection('interlinear');
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new vscode.EventEmitter<CheckedPair>();
  readonly #listening: vscode.Disposable;
  readonly onChecked = this.#changed.event;

  constructor(parts: FileChecksParts) {
    this.#parts = parts;
    this.#listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => { this.#touch(document.uri); }),
      parts.glossaries.onChanged((folder) => { this.#termsChanged(folder); }),
    );
  }

  /** Checks the pair now, and again after changes, until it is disposed. */
  watch(pair: FilePair): vscode.Disposable {
    const key = pair.target.toString();
    const known = this.#watched.get(key);
    const watched = known ?? { pair, watcher: this.#watchFiles(pair), users: 0, timer: undefined, running: undefined, checked: undefined };
    watched.users++;
    this.#watched.set(key, watched);
    if (known === undefined) this.#soon(watched, 0);
    else if (known.checked !== undefined) this.#changed.fire({ pair, checked: known.checked });
    let open = true;
    return new vscode.Disposable(() => {
      if (open) this.#release(key, watched);
      open = false;
    });
  }

  /** Checks again: something was dismissed or taken back. */
  again(target: vscode.Uri): void {
    const watched = this.#watched.get(target.toString());
    if (watched !== undefined) this.#soon(watched, 0);
  }

  /** Checks a pair once and shows what was found. @throws AppError `document.*` */
  async check(pair: FilePair): Promise<CheckedDocument> {
    const checked = await this.#run(pair, new AbortController().signal);
    this.#show(pair, checked);
    return checked;
  }

  checkedAt(target: vscode.Uri): CheckedPair | undefined {
    const watched = this.#watched.get(target.toString());
    return watched?.checked === undefined ? undefined : { pair: watched.pair, checked: watched.checked };
  }

  findingsAt(target: vscode.Uri, range: vscode.Range): readonly PlacedFinding[] {
    const found = this.checkedAt(target)?.checked.findings ?? [];
    return found.filter((finding) => rangeOf(finding).intersection(range) !== undefined);
  }

  dispose(): void {
    for (const watched of this.#watched.values()) this.#stop(watched);
    for (const disposable of [this.#listening, this.#shown, this.#changed]) disposable.dispose();
  }

  #watchFiles({ source, target }: FilePair): vscode.Disposable {
    const watchers = [...new Map([source, target].map((uri) => [uri.toString(), uri])).values()].map((uri) => {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), escapeGlob(uri)));
      const touch = (): void => { this.#touch(uri); };
      return vscode.Disposable.from(watcher, watcher.onDidChange(touch), watcher.onDidCreate(touch), watcher.onDidDelete(touch));
    });
    return vscode.Disposable.from(...watchers);
  }

  #touch(uri: vscode.Uri): void {
    const key = uri.toString();
    for (const watched of this.#watched.values()) {
      if (watched.pair.target.toString() === key || watched.pair.source.toString() === key) this.#soon(watched, pause);
    }
  }

  #termsChanged(folder: vscode.WorkspaceFolder): void {
    for (const watched of this.#watched.values()) if (watched.pair.folder.uri.toString() === folder.uri.toString()) this.#soon(watched, pause);
  }

  #soon(watched: Watched, ms: number): void {
    clearTimeout(watched.timer);
    watched.timer = setTimeout(() => { void this.#refresh(watched); }, ms);
  }

  async #refresh(watched: Watched): Promise<void> {
    watched.running?.abort();
    const running = new AbortController();
    watched.running = running;
    try {
      const checked = await this.#run(watched.pair, running.signal);
      if (running.signal.aborted) return;
      watched.checked = checked;
      this.#show(watched.pair, checked);
      this.#changed.fire({ pair: watched.pair, checked });
    } catch (thrown) {
      if (!isAbort(thrown) && !running.signal.aborted) this.#failed(watched.pair, thrown);
    }
  }

  async #run(pair: FilePair, signal: AbortSignal): Promise<CheckedDocument> {
    const { source, target, folder, languages } = pair;
    const inPlace = source.toString() === target.toString();
    const glossary = await this.#parts.glossaries.file(pair);
    signal.throwIfAborted();
    const checked = await this.#parts.compute.check({
      root: folder.uri.fsPath, languages, source: named(source), ...(inPlace ? {} : { target: named(target) }), ...(glossary === undefined ? {} : { glossary }),
    }, signal);
    if (checked.problem !== undefined) this.#parts.warn(sentenceFor(fromWire(checked.problem)));
    return checked;
  }

  #show({ source, target }: FilePair, { findings }: CheckedDocument): void {
    this.#shown.set(target, findings.map((finding) => findingDiagnostic(finding, source)));
  }

  /** A file that does not parse, most often because somebody is typing in it, is shown as such at the place. */
  #failed({ target }: FilePair, thrown: unknown): void {
    const error = toAppError(thrown, 'check');
    this.#parts.log.debug(`check ${nameOf(target)}: ${sentenceFor(error)}`);
    this.#shown.set(target, errorDiagnostic(error, nameOf(target)));
  }

  #release(key: string, watched: Watched): void {
    watched.users--;
    if (watched.users > 0) return;
    this.#watched.delete(key);
    this.#stop(watched);
    this.#shown.delete(watched.pair.target);
  }

  #stop({ watcher, timer, running }: Watched): void {
    clearTimeout(timer);
    running?.abort();
    watcher.dispose();
  }
}

/** As a person sees it: unsaved changes count. */
function named(uri: vscode.Uri): NamedFile {
  const open = vscode.workspace.textDocuments.find((document) => document.isDirty && document.uri.toString() === uri.toString());
  return { path: uri.fsPath, name: nameOf(uri), ...(open === undefined ? {} : { unsaved: open.getText() }) };
}

/** As in journals and sets. */
export function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri, false);
}

/** The file's name, as a glob that means only it. */
function escapeGlob(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/[[\]{}*?]/gu, '[$&]');
}

/** Absolute path of a pair's file. */
export function fileIn(folder: vscode.WorkspaceFolder, path: string): vscode.Uri {
  return vscode.Uri.file(join(folder.uri.fsPath, path));
}
