import * as v from 'valibot';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors.ts';
import { checkIds } from '../../core/quality/check.ts';
import { SegmentPlaces } from '../../app/quality/segmentPlaces.ts';
import { findingSentence } from '../../messages.ts';
import type { PlacedFinding } from '../../protocol/checking.ts';
import { activeFile } from '../activeFile.ts';
import { TermHover } from '../glossary/termHover.ts';
import { registrar } from '../register.ts';
import type { Reviews } from '../reviews.ts';
import type { Services } from '../services.ts';
import { askReason } from './askReason.ts';
import { nameOf, type CheckedPair, type FilePair } from './fileChecks.ts';
import { filePairOf } from './filePair.ts';
import { FindingActions } from './findingActions.ts';

const atSegment = { uri: v.string(), segment: v.string() };
const findingArgument = v.object({ ...atSegment, check: v.picklist(checkIds), detail: v.string() });
const segmentArgument = v.object(atSegment);

/** QA in the text editor: diagnostics of open translations, what can be done about them, and the commands. */
export class Quality implements vscode.Disposable {
  readonly #services: Services;
  readonly #reviews: Reviews;
  readonly #open = new Map<string, vscode.Disposable>();
  readonly #registered: vscode.Disposable;

  constructor(services: Services, reviews: Reviews) {
    this.#services = services;
    this.#reviews = reviews;
    const register = registrar(services.notifier);
    this.#registered = vscode.Disposable.from(
      vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, new FindingActions(services.checks), { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
      vscode.languages.registerHoverProvider({ scheme: 'file' }, new TermHover(services.glossaries)),
      vscode.workspace.onDidOpenTextDocument((document) => { this.#opened(document); }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => { this.#closed(uri); }),
      register('checkFile', (argument) => this.#check(argument instanceof vscode.Uri ? argument : undefined)),
      register('dismissFinding', (argument) => this.#dismiss(argument)),
      register('openInReview', (argument) => this.#openInReview(argument)),
    );
    for (const document of vscode.workspace.textDocuments) this.#opened(document);
  }

  dispose(): void {
    this.#registered.dispose();
    for (const watched of this.#open.values()) watched.dispose();
  }

  #opened({ uri }: vscode.TextDocument): void {
    if (uri.scheme !== 'file') return;
    void this.#services.notifier.guard('check', async () => {
      const pair = await filePairOf(this.#services.fs, uri);
      const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
      if (pair?.target.toString() !== uri.toString() || !isOpen || this.#open.has(uri.toString())) return;
      this.#open.set(uri.toString(), this.#services.checks.watch(pair));
    });
  }

  #closed(uri: vscode.Uri): void {
    this.#open.get(uri.toString())?.dispose();
    this.#open.delete(uri.toString());
  }

  async #check(given: vscode.Uri | undefined): Promise<void> {
    const uri = given ?? activeFile();
    const pair = uri === undefined ? undefined : await filePairOf(this.#services.fs, uri);
    if (pair === undefined) throw new AppError('input.invalid', { where: vscode.l10n.t('Check Translation'), reason: vscode.l10n.t('open a translation, or a source that has one, and choose the target language first') });
    const { findings } = await this.#services.checks.check(pair);
    if (findings.length > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
    this.#services.notifier.info(findings.length === 0
      ? vscode.l10n.t('{0}: no check found anything.', nameOf(pair.target))
      : vscode.l10n.t('{0}: {1} findings, listed under Problems.', nameOf(pair.target), findings.length));
  }

  async #dismiss(argument: unknown): Promise<void> {
    const given = v.safeParse(findingArgument, argument);
    const at = given.success ? this.#services.checks.checkedAt(vscode.Uri.parse(given.output.uri)) : this.#atCursor();
    const finding = given.success
      ? at?.checked.findings.find(({ segment, check, detail }) => segment === given.output.segment && check === given.output.check && detail === given.output.detail)
      : await this.#choose(at);
    if (at === undefined || finding === undefined) return;
    const reason = await askReason(findingSentence(finding), this.#services.memory);
    if (reason === undefined) return;
    await this.#record(at.pair, finding, reason);
  }

  /** By the open review, which can take it back; else straight into the journal. */
  async #record({ source, target, folder, languages }: FilePair, { segment, check, detail }: PlacedFinding, reason: string): Promise<void> {
    const what = { act: 'dismiss', check, detail, reason } as const;
    const session = this.#reviews.reviewOf(target)?.session;
    if (session !== undefined) await session.act({ segment, order: [], elapsedMs: 0, what });
    else {
      const about = { document: nameOf(source), segment, sourceLanguage: languages.source, targetLanguage: languages.target };
      await this.#services.storeFor(folder).record({ reviewer: this.#services.reviewer(), ...about, ...what });
    }
    this.#services.checks.again(target);
  }

  async #openInReview(argument: unknown): Promise<void> {
    const given = v.safeParse(segmentArgument, argument);
    const at = given.success ? this.#services.checks.checkedAt(vscode.Uri.parse(given.output.uri)) : this.#atCursor();
    const segment = given.success ? given.output.segment : this.#segmentAtCursor(at);
    if (at === undefined || segment === undefined) throw new AppError('input.invalid', { where: vscode.l10n.t('Open Segment in Review'), reason: vscode.l10n.t('put the cursor into a translated segment') });
    (await this.#reviews.show(at.pair.source))?.goTo(segment);
  }

  #atCursor(): CheckedPair | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor === undefined ? undefined : this.#services.checks.checkedAt(editor.document.uri);
  }

  #segmentAtCursor(at: CheckedPair | undefined): string | undefined {
    const cursor = vscode.window.activeTextEditor?.selection.active;
    if (at === undefined || cursor === undefined) return undefined;
    const place = { line: cursor.line + 1, column: cursor.character + 1 };
    return new SegmentPlaces(at.checked.places).touchedBy({ start: place, end: place })[0];
  }

  async #choose(at: CheckedPair | undefined): Promise<PlacedFinding | undefined> {
    const segment = this.#segmentAtCursor(at);
    const items = (at?.checked.findings ?? []).filter((finding) => finding.segment === segment).map((finding) => ({ label: findingSentence(finding), description: finding.check, finding }));
    if (items.length === 0) throw new AppError('input.invalid', { where: vscode.l10n.t('Dismiss Finding'), reason: vscode.l10n.t('no check found anything at the cursor') });
    return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which finding is none?') }))?.finding;
  }
}
