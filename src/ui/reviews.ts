import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { AppError } from '../core/errors.ts';
import { translatedPath } from '../core/document/targetPaths.ts';
import { sourceLanguageOfFile } from '../app/sourceLanguage.ts';
import type { ReviewCommand } from '../protocol/review.ts';
import { activeFile } from './activeFile.ts';
import { chooseTarget } from './chooseTarget.ts';
import { pickFile } from './pickFile.ts';
import { filePairOf } from './quality/filePair.ts';
import { Review, type ReviewEvents, type ReviewTarget } from './review.ts';
import { useReviewCommands } from './reviewCommands.ts';
import { reviewViewType } from './reviewPanel.ts';
import { readFolderSettings } from './settings.ts';
import type { Services } from './services.ts';
import type { StatusBar } from './statusBar.ts';

/** What the page of a review keeps (`setState` in webview/review/main.ts). */
const panelState = v.object({ source: v.string() });

/** The open reviews of this window, and which one commands go to. */
export class Reviews implements vscode.Disposable, ReviewEvents, vscode.WebviewPanelSerializer {
  readonly #services: Services;
  readonly #status: StatusBar;
  readonly #open = new Map<string, Review>();
  #latest: Review | undefined;

  constructor(services: Services, status: StatusBar) {
    this.#services = services;
    this.#status = status;
  }

  /** The review that was used last. */
  get current(): Review | undefined {
    return this.#latest;
  }

  /** The open review of a target file. */
  reviewOf(target: vscode.Uri): Review | undefined {
    return this.#open.get(target.toString());
  }

  /** Opens the review of a file, or of the one that it is the translation of, beside it, or comes back to it. Undefined: the user cancelled. */
  async show(source: vscode.Uri | undefined, again = false): Promise<Review | undefined> {
    if (vscode.workspace.workspaceFolders === undefined) throw new AppError('workspace.none', { what: vscode.l10n.t('A review') });
    const asked = source ?? activeFile() ?? this.#latest?.about.source ?? (await pickFile());
    if (asked === undefined) return undefined;
    const uri = (await filePairOf(this.#services.fs, asked))?.source ?? asked;
    const about = await this.#describe(uri, again);
    if (about === undefined) return undefined;
    const known = this.#open.get(about.target.toString());
    if (known !== undefined && !again) {
      known.reveal();
      this.#latest = known;
      return known;
    }
    known?.dispose();
    return this.#create(about, vscode.window.createWebviewPanel(reviewViewType, '', { viewColumn: vscode.ViewColumn.Beside }, { enableFindWidget: true }));
  }

  /** The window was closed with this tab open: brings the review back in it. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.#services.notifier.guard('restore', async () => {
      const source = v.safeParse(panelState, state);
      const about = source.success ? await this.#describe(vscode.Uri.parse(source.output.source), false) : undefined;
      if (about === undefined || this.#open.has(about.target.toString())) panel.dispose();
      else await this.#create(about, panel);
    });
  }

  /** Puts a text into the open edit of the review that was used last. False: there is none. */
  async insert(text: string): Promise<boolean> {
    return (await this.#latest?.tab.insert(text)) === true;
  }

  command(command: ReviewCommand): void {
    this.#latest?.tab.command(command);
  }

  onActivated(review: Review): void {
    this.#latest = review;
    this.onStatus(review);
  }

  onStatus(review: Review): void {
    if (review.session === undefined || review !== this.#latest) return;
    const { phase } = review.session.progress;
    this.#status.show({
      reviewed: review.session.reviewed,
      total: review.session.total,
      language: review.about.languages.target,
      backend: review.about.backend,
      translating: phase === 'loading' || phase === 'translating',
    });
  }

  onClosed(review: Review): void {
    this.#open.delete(review.about.target.toString());
    if (this.#latest !== review) return;
    this.#latest = [...this.#open.values()].at(-1);
    if (this.#latest === undefined) this.#status.hide();
    else this.onStatus(this.#latest);
  }

  dispose(): void {
    for (const review of this.#open.values()) review.dispose();
  }

  async #create(about: ReviewTarget, panel: vscode.WebviewPanel): Promise<Review> {
    const review = new Review(about, panel, this.#services, this);
    this.#open.set(about.target.toString(), review);
    this.#latest = review;
    try {
      await useReviewCommands();
      await review.opened;
    } catch (thrown) {
      review.dispose();
      throw thrown;
    }
    return review;
  }

  async #describe(uri: vscode.Uri, again: boolean): Promise<ReviewTarget | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder === undefined || uri.scheme !== 'file') throw new AppError('workspace.none', { what: vscode.l10n.t('A review') });
    const choice = await chooseTarget(uri, again);
    if (choice === undefined) return undefined;
    const settings = readFolderSettings(uri);
    const path = vscode.workspace.asRelativePath(uri, false);
    const source = await sourceLanguageOfFile(this.#services.fs, { file: uri.fsPath, named: path, target: choice.language, byDefault: settings.sourceLanguage });
    const to = translatedPath(path, { source, target: choice.language, patterns: settings.targetPaths });
    return {
      source: uri,
      target: isAbsolute(to) ? vscode.Uri.file(to) : vscode.Uri.joinPath(folder.uri, to),
      folder,
      languages: { source, target: choice.language, ...(settings.tableColumns !== undefined && { columns: settings.tableColumns }) },
      backend: choice.backend,
      blind: settings.blind,
      heldOutShare: settings.heldOutShare,
    };
  }
}
