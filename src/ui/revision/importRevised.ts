import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { openRevisions, takeRevisions, type RevisionSummary } from '../../app/review/revisions.ts';
import type { ReviewSession } from '../../app/review/reviewSession.ts';
import { AppError } from '../../core/errors.ts';
import type { StatusPages } from '../backendStatus.ts';
import { activeFile } from '../activeFile.ts';
import type { Reviews } from '../reviews.ts';
import type { Services } from '../services.ts';
import { signalOf } from '../signalOf.ts';
import { whenSlow } from '../whenSlow.ts';
import { unalignedPage } from './unalignedPage.ts';

const lastKey = 'interlinear.lastRevisionReviewer';

export interface ImportParts {
  readonly services: Services;
  readonly reviews: Reviews;
  readonly pages: StatusPages;
}

/**
 * Asks for a translation that somebody returned and for their name, and lays it over the review of the file, where each change
 * is taken or left. Every question can be escaped; until something is taken, nothing is recorded or written.
 * @throws AppError `document.*`, `input.invalid` for a file of another format
 */
export async function importRevised(given: vscode.Uri | undefined, { services, reviews, pages }: ImportParts): Promise<void> {
  const uri = given ?? activeFile() ?? reviews.current?.about.source;
  if (uri === undefined) throw new AppError('input.invalid', { where: vscode.l10n.t('Import Revised Translation'), reason: vscode.l10n.t('open the file that was translated first') });
  const returned = await askFile(uri);
  const reviewer = returned === undefined ? undefined : await askReviewer(services.memory);
  if (returned === undefined || reviewer === undefined) return;
  const review = await reviews.show(uri);
  const { session, desk } = review ?? {};
  if (review === undefined || session === undefined || desk === undefined) return;
  const label = basename(returned.fsPath);
  const revision = await whenSlow(vscode.l10n.t('Reading {0}', label), () => desk.revised({ path: returned.fsPath, label }));
  const summary = await session.revisions.begin(revision, reviewer);
  const [first] = summary.changed;
  if (first !== undefined) review.goTo(first);
  await tell(summary, { label, reviewer, pages });
}

/** Takes what is left of a revision, after a question; then the keyboard is in the review again. */
export async function takeAllRevisions(review: { readonly session: ReviewSession | undefined; reveal(): void }, services: Services): Promise<void> {
  if (review.session !== undefined) await askAndTake(review.session, services);
  review.reveal();
}

async function askAndTake(session: ReviewSession, { notifier }: Services): Promise<void> {
  const left = await openRevisions(session);
  if (left.length === 0) {
    notifier.info(vscode.l10n.t('No revised segment is left.'));
    return;
  }
  const take = vscode.l10n.t('Take All');
  const by = left[0]?.revision.reviewer ?? '';
  const question = left.length === 1
    ? vscode.l10n.t('Take the change that is left? It is recorded as a post-edit of {0}.', by)
    : vscode.l10n.t('Take the {0} changes that are left? They are recorded as post-edits of {1}.', left.length, by);
  if (await vscode.window.showInformationMessage(question, { modal: true }, take) !== take) return;
  const title = vscode.l10n.t('Taking the revision');
  const { taken, broken } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => takeRevisions(session, {
    signal: signalOf(token), progress: ({ done, total }) => { progress.report({ message: `${String(done)}/${String(total)}` }); },
  }));
  notifier.info(takenText(taken, broken));
}

function takenText(taken: number, broken: number): string {
  if (broken === 0) return taken === 1 ? vscode.l10n.t('1 change taken.') : vscode.l10n.t('{0} changes taken.', taken);
  return taken === 1
    ? vscode.l10n.t('1 change taken; {0} that lost a placeholder or a tag are left.', broken)
    : vscode.l10n.t('{0} changes taken; {1} that lost a placeholder or a tag are left.', taken, broken);
}

async function askFile(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Which file was returned for {0}?', basename(uri.fsPath)), defaultUri: vscode.Uri.file(dirname(uri.fsPath)), openLabel: vscode.l10n.t('Import'),
  });
  return chosen?.[0];
}

async function askReviewer(memory: vscode.Memento): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Who revised it?'), value: memory.get(lastKey, ''), prompt: vscode.l10n.t('What is taken goes into the journal of this reviewer.'), ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? vscode.l10n.t('A name is needed.') : undefined),
  });
  if (name !== undefined) await memory.update(lastKey, name.trim());
  return name?.trim();
}

async function tell({ changed, same, unaligned }: RevisionSummary, { label, reviewer, pages }: { readonly label: string; readonly reviewer: string; readonly pages: StatusPages }): Promise<void> {
  const show = vscode.l10n.t('Show');
  const text = vscode.l10n.t('{0} of {1}: {2} segments changed, {3} as they are here, {4} texts could not be aligned.', label, reviewer, changed.length, same, unaligned.length);
  const choice = unaligned.length === 0 ? await vscode.window.showInformationMessage(text) : await vscode.window.showWarningMessage(text, show);
  if (choice === show) await pages.show(vscode.l10n.t('Not aligned in {0}', label), unalignedPage(unaligned));
}
